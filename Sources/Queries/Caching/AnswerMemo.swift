import Messages
import Projections
import Registry
import RegistryStorage

/// Answers about one thing as they were given, for one thread: what is asked again is found with two
/// looks at memory instead of a walk through pages. The oldest makes room for the newest.
///
/// An answer is good for its day while neither what it was read from nor the shared streams have
/// changed since. An entry in the ring, its numbers in this machine's order:
/// ```
/// 0          8              16            20           24
/// as of u64  catalogue u64  question u32  lengths u32  key  packed reply without `as_of`
/// ```
/// `question` is the day, YYYYMMDD, with the kind above it (28 and 4 bits), `lengths` are those of
/// the key and the reply (8 and 24 bits). The index has sets of four
/// words: 16 bits of the key's hash, and where its entry begins, counted in 8 bytes since the
/// first; zero: none.
final class AnswerMemo {
  private static let headBytes = 24
  private static let ways = 4
  /// Bytes of the ring for each word of the index: below those of an answer, so that few entries
  /// are lost before their time.
  private static let ringBytesPerWord = 256
  private static let placeMask: UInt64 = 1 << 48 - 1
  static let bytesMin = 1 << 16
  /// Bytes of an entry: longer answers are few, and would push out many.
  private static let entryBytesMax = 16 << 10

  /// What is asked about a key.
  struct Question {
    enum Kind: UInt32 { case credential, profile }

    fileprivate let word: UInt32
    /// The key's.
    fileprivate let keyHash: UInt64
    /// Of kind and key.
    fileprivate var hash: UInt64 { keyHash &+ UInt64(word >> 28) }

    /// - Parameter day: YYYYMMDD.
    init(_ kind: Kind, _ key: RawSpan, on day: UInt32) {
      word = kind.rawValue << 28 | day
      keyHash = key.hashed()
    }
  }

  private let ring: Slab
  private let index: Slab
  private let units: UInt64
  private let sets: UInt64
  /// Where the next entry begins.
  private var next: UInt64 = 1

  /// Nil where there is no such memory.
  ///
  /// - Parameter bytes: of the ring, rounded down to a power of two; the index takes a 32nd
  ///   more.
  init?(bytes: Int) {
    guard bytes >= Self.bytesMin else { return nil }
    let ringBytes = 1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount)
    let words = ringBytes / Self.ringBytesPerWord
    guard let ring = Slab(bytes: ringBytes), let index = Slab(bytes: words * 8) else { return nil }
    (self.ring, self.index) = (ring, index)
    (units, sets) = (UInt64(ringBytes / 8), UInt64(words / Self.ways))
  }

  /// Appends the answer about a key, where it is known.
  ///
  /// - Parameters:
  ///   - catalogue: when the shared streams last changed.
  ///   - marks: when what is told of the key may have changed.
  ///   - asOf: the position that is answered from.
  func copy(
    _ key: RawSpan, _ question: Question, catalogue: LogPosition, _ marks: ChangeMarks,
    asOf: LogPosition, into reply: inout [UInt8]
  ) -> Bool {
    let set = place(ofSet: question.hash)
    for way in 0..<Self.ways {
      guard let at = entry(set + 8 * way, key, question) else { continue }
      guard ring.word(at: at + 8) == catalogue else { return false }
      let keptAt = ring.word(at: at)
      if keptAt != asOf {
        guard keptAt <= asOf, keptAt >= marks.last(question.keyHash) else { return false }
        // As good as given now, so that it need not be looked up again.
        ring.setWord(asOf, at: at)
      }
      let start = at + Self.headBytes + key.byteCount
      ring.append(start..<(start + Int(ring.word(at: at + 16) >> 40)), to: &reply)
      return true
    }
    return false
  }

  /// Remembers an answer that was given from `asOf`; what is too long for it is not.
  func keep(
    _ key: RawSpan, _ question: Question, catalogue: LogPosition, asOf: LogPosition,
    _ reply: RawSpan
  ) {
    let bytes = Self.headBytes + key.byteCount + reply.byteCount
    guard key.byteCount <= 0xFF, bytes <= Self.entryBytesMax else { return }
    let needed = UInt64(bytes + 7) / 8
    // In one piece: what is left before the end is passed over.
    let left = units - next % units
    if left < needed { next += left }
    let begin = next
    next += needed
    let at = Int(begin % units) * 8
    ring.setWord(asOf, at: at)
    ring.setWord(catalogue, at: at + 8)
    ring.setWord(
      UInt64(question.word) | UInt64(key.byteCount) << 32 | UInt64(reply.byteCount) << 40,
      at: at + 16)
    ring.write(key, at: at + Self.headBytes)
    ring.write(reply, at: at + Self.headBytes + key.byteCount)
    index.setWord(
      question.hash & ~Self.placeMask | begin, at: placeToKeep(key, question))
  }

  /// Where an older answer to the question stands in the index, or else what is oldest of its set.
  private func placeToKeep(_ key: RawSpan, _ question: Question) -> Int {
    let set = place(ofSet: question.hash)
    var (oldest, oldestBegan) = (set, UInt64.max)
    for way in 0..<Self.ways {
      let place = set + 8 * way
      if entry(place, key, question) != nil { return place }
      let began = index.word(at: place) & Self.placeMask
      if began < oldestBegan { (oldest, oldestBegan) = (place, began) }
    }
    return oldest
  }

  private func place(ofSet hash: UInt64) -> Int { Int(hash & (sets - 1)) * Self.ways * 8 }

  /// The entry that a word of the index names, where it is there still and answers the question.
  private func entry(_ place: Int, _ key: RawSpan, _ question: Question) -> Int? {
    let word = index.word(at: place)
    let begin = word & Self.placeMask
    guard begin != 0, word >> 48 == question.hash >> 48, begin + units >= next else { return nil }
    let at = Int(begin % units) * 8
    let lengths = ring.word(at: at + 16)
    guard UInt32(truncatingIfNeeded: lengths) == question.word,
      Int(lengths >> 32 & 0xFF) == key.byteCount, ring.isEqual(key, at: at + Self.headBytes)
    else { return nil }
    return at
  }
}
