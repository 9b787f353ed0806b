import Messages
import Registry

/// Interns names that occur millions of times as small numbers: a known name makes no new string.
/// Number 0 is no name.
public final class Interner {
  private var texts: [[UInt8]] = [[]]
  private var names: [Identifier?] = [nil]
  private var hashes: [UInt64] = [0]
  /// Open addressing; 0 is a free place.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)
  private var last: UInt32 = 0
  private var runs: [[DutyClass.Part]] = [[]]
  private var runNumbers: [[DutyClass.Part]: UInt32] = [:]

  public init() {}

  /// The numbers given so far are those below.
  public var count: Int { texts.count }

  public func name(_ number: UInt32) -> Identifier? { names[Int(number)] }

  /// The number of a name.
  public func number(_ text: RawSpan) -> UInt32 {
    guard text.byteCount > 0 else { return 0 }
    // Neighbours are often posted together.
    if last != 0, isEqual(text, texts[Int(last)]) { return last }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for at in 0..<text.byteCount { hash = (hash ^ UInt64(text[at])) &* 0x100_0000_01B3 }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot]
      if hashes[Int(number)] == hash, isEqual(text, texts[Int(number)]) {
        last = number
        return number
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    texts.append(RawFields.bytes(text))
    names.append(Identifier(ViewKey.text(text)))
    hashes.append(hash)
    last = UInt32(texts.count - 1)
    slots[slot] = last
    if texts.count * 2 > slots.count { grow() }
    return last
  }

  /// The parts of a run, the latest first.
  func run(_ number: UInt32) -> [DutyClass.Part] { runs[Int(number)] }

  /// The number of a run; of an empty one 0.
  func number(_ run: [DutyClass.Part]) -> UInt32 {
    guard !run.isEmpty else { return 0 }
    if let known = runNumbers[run] { return known }
    runs.append(run)
    runNumbers[run] = UInt32(runs.count - 1)
    return UInt32(runs.count - 1)
  }

  private func isEqual(_ text: RawSpan, _ other: [UInt8]) -> Bool {
    guard text.byteCount == other.count else { return false }
    for at in other.indices where text[at] != other[at] { return false }
    return true
  }

  private func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for number in 1..<texts.count {
      var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number)  // fits: it was one before
    }
  }
}
