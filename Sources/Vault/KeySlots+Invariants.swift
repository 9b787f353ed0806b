/// What holds of the slots whatever was found in their file, and after every key that was added.
extension KeySlots {
  enum Invariant: String, CaseIterable {
    case everySlotIsAccountedFor =
      "Each used slot is the one of its officer that counts, an older one, damaged or a hole."
    case damagedAreUsed = "Only slots that were used are damaged."
  }

  /// The invariants that do not hold.
  func violations() -> [Invariant] {
    Invariant.allCases.filter { invariant in
      switch invariant {
      case .everySlotIsAccountedFor:
        index.count + superseded.values.reduce(0) { $0 + $1.count } + damaged.count + holes
          != Int(count)
      case .damagedAreUsed: damaged.contains { $0 >= count }
      }
    }
  }
}

/// What holds between the slots and the disk.
extension Vault.Box {
  enum Invariant: String, CaseIterable {
    case reachWithinSlots = "No more slots are on the disk than were ever used."
  }

  /// The invariants that do not hold.
  func violations() -> [Invariant] { reach <= slots.count ? [] : [.reachWithinSlots] }
}
