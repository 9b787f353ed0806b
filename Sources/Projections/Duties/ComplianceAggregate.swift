import Messages
import Registry

/// Counts the officers under a compiled mandate on its day, by class.
///
/// It also remembers how each officer is counted, as two hashes of 64 and 32 bits with keys of the
/// process's own, so that an officer may be counted anew without knowing what was before. Two
/// officers would be taken for one once in 10^16 registries of a million.
///
/// One thread at a time uses it: a job that fills it, or who holds its lock.
public final class ComplianceAggregate: @unchecked Sendable {
  public let measure: CompiledMandate
  public let names = Interner()
  private var classes: [DutyClass] = []
  private var counts: [Int] = []
  private var numbers: [DutyClass: UInt32] = [:]
  private var officers = OfficerNumbers()

  public init(_ measure: CompiledMandate, officersAbout count: Int) {
    self.measure = measure
    officers.reserve(count)
  }

  /// Counts an officer as this and no longer as before; nil: not at all.
  public func count(_ officer: [UInt8], as duty: DutyClass?) {
    let number = duty.map(number) ?? 0
    let before = officers.exchange(officer, number)
    if number != 0 { counts[Int(number) - 1] += 1 }
    if before != 0 { counts[Int(before) - 1] -= 1 }
  }

  /// Counts an officer who will not be counted anew.
  public func countOnce(as duty: DutyClass) { counts[Int(number(duty)) - 1] += 1 }

  private func number(_ duty: DutyClass) -> UInt32 {
    if let known = numbers[duty] { return known }
    classes.append(duty)
    counts.append(0)
    numbers[duty] = UInt32(classes.count)
    return UInt32(classes.count)
  }

  /// Kinds of officers that were ever counted: what reading it costs.
  public var classCount: Int { classes.count }

  /// About what it takes in memory.
  public var memoryBytes: Int { officers.memoryBytes + classes.count * 256 }

  public func forEach(_ body: (DutyClass, _ officers: Int) -> Void) {
    for at in classes.indices where counts[at] > 0 { body(classes[at], counts[at]) }
  }
}

/// A number for each officer, by hash.
///
/// ```
/// open addressing, places of 16 bytes: hash (u64), check (u32), number + 1 (u32), 0: free
/// ```
struct OfficerNumbers: Sendable {
  private struct Slot {
    var hash: UInt64
    var check: UInt32
    var number: UInt32
  }

  private var slots: [Slot] = []
  private var taken = 0

  var memoryBytes: Int { slots.count * MemoryLayout<Slot>.stride }

  mutating func reserve(_ count: Int) {
    var size = 1024
    while size * 2 < count * 3 { size *= 2 }
    grow(to: size)
  }

  /// Sets an officer's number and gives the one before; 0 where there was none.
  mutating func exchange(_ officer: [UInt8], _ number: UInt32) -> UInt32 {
    if taken * 4 > slots.count * 3 { grow(to: max(1024, slots.count * 2)) }
    var hasher = Hasher()
    hasher.combine(officer)
    let hash = UInt64(bitPattern: Int64(hasher.finalize()))
    hasher = Hasher()
    hasher.combine(1)
    hasher.combine(officer)
    let check = UInt32(truncatingIfNeeded: hasher.finalize())
    var at = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[at].number != 0 {
      if slots[at].hash == hash, slots[at].check == check {
        defer { slots[at].number = number + 1 }
        return slots[at].number - 1
      }
      at = (at + 1) & (slots.count - 1)
    }
    // Who was never counted and is not now needs no place.
    if number != 0 {
      slots[at] = Slot(hash: hash, check: check, number: number + 1)
      taken += 1
    }
    return 0
  }

  private mutating func grow(to size: Int) {
    let old = slots
    slots = Array(repeating: Slot(hash: 0, check: 0, number: 0), count: size)
    for slot in old where slot.number != 0 {
      var at = Int(truncatingIfNeeded: slot.hash) & (size - 1)
      while slots[at].number != 0 { at = (at + 1) & (size - 1) }
      slots[at] = slot
    }
  }
}
