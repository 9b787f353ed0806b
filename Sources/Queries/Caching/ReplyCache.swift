import Messages
import Projections
import Registry
import RegistryStorage

/// A per-thread cache of encoded replies to point lookups: a hit costs two memory accesses instead
/// of a descent through pages. A ring buffer: the oldest entry makes room for the newest.
///
/// A cached reply is valid for its day while neither the rows that it was read from nor the shared
/// streams have changed. An entry of the ring, numbers in native byte order:
/// ```
/// 0          8              16            20           24
/// as of u64  shared u64     question u32  lengths u32  key  packed reply without `as_of`
/// ```
/// `question` is the day, YYYYMMDD, with the kind above it (28 and 4 bits), `lengths` are those of
/// the key and the reply (8 and 24 bits). The index has sets of four words: 16 bits of the key's
/// hash, and where its entry begins, counted in 8 bytes since the first; zero: none.
final class ReplyCache {
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

  private let ring: MappedBuffer
  private let index: MappedBuffer
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
    guard let ring = MappedBuffer(bytes: ringBytes), let index = MappedBuffer(bytes: words * 8)
    else { return nil }
    (self.ring, self.index) = (ring, index)
    (units, sets) = (UInt64(ringBytes / 8), UInt64(words / Self.ways))
  }

  /// Appends the cached reply about a key, if there is a valid one.
  ///
  /// - Parameters:
  ///   - sharedStreams: when the shared streams last changed.
  ///   - marks: when what is told of the key may have changed.
  ///   - asOf: the position that is answered from.
  func copy(
    _ key: RawSpan, _ question: Question, sharedStreams: LogPosition, _ marks: InvalidationStamps,
    asOf: LogPosition, into reply: inout [UInt8]
  ) -> Bool {
    let set = place(ofSet: question.hash)
    for way in 0..<Self.ways {
      guard let at = entry(set + 8 * way, key, question) else { continue }
      guard ring.word(at: at + 8) == sharedStreams else { return false }
      let keptAt = ring.word(at: at)
      if keptAt != asOf {
        guard keptAt <= asOf, keptAt >= marks.last(question.keyHash) else { return false }
        // Still valid now, so that the stamps need not be checked again for this position.
        ring.setWord(asOf, at: at)
      }
      let start = at + Self.headBytes + key.byteCount
      ring.append(start..<(start + Int(ring.word(at: at + 16) >> 40)), to: &reply)
      return true
    }
    return false
  }

  /// Caches a reply that was computed as of `asOf`; one that is too long is not cached.
  func keep(
    _ key: RawSpan, _ question: Question, sharedStreams: LogPosition, asOf: LogPosition,
    _ reply: RawSpan
  ) {
    let bytes = Self.headBytes + key.byteCount + reply.byteCount
    guard key.byteCount <= 0xFF, bytes <= Self.entryBytesMax else { return }
    let needed = UInt64(bytes + 7) / 8
    // Entries are contiguous: the rest before the end of the ring is skipped.
    let left = units - next % units
    if left < needed { next += left }
    let begin = next
    next += needed
    let at = Int(begin % units) * 8
    ring.setWord(asOf, at: at)
    ring.setWord(sharedStreams, at: at + 8)
    ring.setWord(
      UInt64(question.word) | UInt64(key.byteCount) << 32 | UInt64(reply.byteCount) << 40,
      at: at + 16)
    ring.write(key, at: at + Self.headBytes)
    ring.write(reply, at: at + Self.headBytes + key.byteCount)
    index.setWord(
      question.hash & ~Self.placeMask | begin, at: placeToKeep(key, question))
  }

  /// The index slot of an older reply to the same question, or else the oldest slot of its set.
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
