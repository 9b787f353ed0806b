import Algorithms

/// Which slot of the vault is whose: the head of the SHA-256 of an officer's id → slot.
///
/// It is in memory for every officer, and is to be there at once after a start: so most of it is
/// two arrays in the order of the heads, as a file keeps them. What was added since stands beside
/// them.
struct KeyIndex {
  private var heads: [UInt64]
  private var slots: [UInt32]
  private var added: [UInt64: UInt32] = [:]
  /// Of the arrays; their slots are `none`.
  private var removed = 0
  private static let none = UInt32.max

  init() { (heads, slots) = ([], []) }

  /// Nil where the heads are not in their order, each once.
  init?(heads: [UInt64], slots: [UInt32]) {
    guard heads.count == slots.count,
      heads.adjacentPairs().allSatisfy({ $0 < $1 })
    else { return nil }
    (self.heads, self.slots) = (heads, slots)
  }

  /// Officers.
  var count: Int { heads.count - removed + added.count }

  mutating func reserve(_ count: Int) { added.reserveCapacity(count) }

  subscript(head: UInt64) -> UInt32? {
    guard let place = place(of: head) else { return added[head] }
    return slots[place] == Self.none ? nil : slots[place]
  }

  /// Says where an officer's key stands now, nil for nowhere, and gives where it stood.
  mutating func update(_ head: UInt64, _ slot: UInt32?) -> UInt32? {
    guard let place = place(of: head) else {
      defer { added[head] = slot }
      return added[head]
    }
    let older = slots[place]
    slots[place] = slot ?? Self.none
    removed += (slot == nil ? 1 : 0) - (older == Self.none ? 1 : 0)
    return older == Self.none ? nil : older
  }

  /// Whose some slots are; of those that are nobody's nothing.
  func owners(of some: Set<UInt32>) -> [(head: UInt64, slot: UInt32)] {
    var owners = slots.indices.filter { some.contains(slots[$0]) }.map { (heads[$0], slots[$0]) }
    owners += added.filter { some.contains($0.value) }.map { ($0.key, $0.value) }
    return owners
  }

  /// The place of a head in the arrays.
  ///
  /// Heads are spread evenly, so that the search begins near its end; ids that were chosen to be
  /// spread otherwise cost no more than a search by halves.
  private func place(of head: UInt64) -> Int? {
    let count = heads.count
    guard count > 0 else { return nil }
    let guess = Int(head.multipliedFullWidth(by: UInt64(count)).high)
    // Heads before `low` are less, those from `high` on are not.
    var (low, high) = (0, count)
    var step = 16
    if heads[guess] < head {
      low = guess + 1
      while low + step < high {
        guard heads[low + step] < head else {
          high = low + step
          break
        }
        low += step + 1
        step *= 2
      }
    } else {
      high = guess
      while high - step >= low {
        guard heads[high - step] >= head else {
          low = high - step + 1
          break
        }
        high -= step
        step *= 2
      }
    }
    let place = heads[low..<high].partitioningIndex { $0 >= head }
    return place < count && heads[place] == head ? place : nil
  }

  /// All of it, in the order of the heads.
  var sorted: (heads: [UInt64], slots: [UInt32]) {
    let new = added.sorted { $0.key < $1.key }
    var all: (heads: [UInt64], slots: [UInt32]) = ([], [])
    all.heads.reserveCapacity(count)
    all.slots.reserveCapacity(count)
    func take(_ head: UInt64, _ slot: UInt32) {
      guard slot != Self.none else { return }
      all.heads.append(head)
      all.slots.append(slot)
    }
    var at = 0
    for (head, slot) in new {
      while at < heads.count, heads[at] < head {
        take(heads[at], slots[at])
        at += 1
      }
      take(head, slot)
    }
    for at in at..<heads.count { take(heads[at], slots[at]) }
    return all
  }
}
