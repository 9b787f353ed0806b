import Messages
import RegistryStorage

/// A per-thread cache of whether a training was recognised, by cohort and day of completion, for
/// one version of the shared streams. Direct-mapped: each pair has one slot, which a colliding pair
/// overwrites.
struct RecognitionCache {
  private struct Entry {
    /// YYYYMMDD; zero: nothing is here.
    var day: UInt32 = 0
    var isRecognised = false
    var cohort: [UInt8] = []
  }

  private static let places = 16_384
  private var entries = [Entry](repeating: Entry(), count: places)

  mutating func removeAll() {
    for at in entries.indices { entries[at].day = 0 }
  }

  /// Where the pair's place is.
  func place(_ cohort: RawSpan, _ day: UInt32) -> Int {
    Int((cohort.hashed() &+ UInt64(day) &* 0x9E37_79B9_7F4A_7C15) >> 40) & (Self.places - 1)
  }

  /// Nil where it is not known.
  func find(_ cohort: RawSpan, _ day: UInt32, at place: Int) -> Bool? {
    guard entries[place].day == day else { return nil }
    let kept = entries[place].cohort
    let known = unsafe kept.span.bytes
    guard known.byteCount == cohort.byteCount else { return nil }
    var at = 0
    while at < cohort.byteCount {
      guard Self.word(known, at) == Self.word(cohort, at) else { return nil }
      at += 8
    }
    return entries[place].isRecognised
  }

  /// Up to eight bytes from an offset on.
  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    if bytes.byteCount - offset >= 8 {
      return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
    var word: UInt64 = 0
    for at in offset..<bytes.byteCount {
      word = word << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self))
    }
    return word
  }

  mutating func keep(_ cohort: RawSpan, _ day: UInt32, _ isRecognised: Bool, at place: Int) {
    entries[place] = Entry(day: day, isRecognised: isRecognised, cohort: RawFields.bytes(cohort))
  }
}
