import Testing

@testable import Vault

/// Slots as no history of keys leaves them.
struct InvariantTests {
  private static func with(_ body: (KeySlots) throws -> Void) throws {
    try VaultTests.with { folder, master in
      _ = try VaultFaultTests.filled(folder, master, 3)
      let slots = try KeySlots(
        folder: folder, mayBegin: false, readsAll: true, indexedFrom: Vault.indexedFrom)
      defer { slots.close() }
      #expect(slots.violations().isEmpty && slots.count == 3)
      try body(slots)
    }
  }

  @Test(arguments: KeySlots.Invariant.allCases)
  func `Slots that break an invariant say which one`(invariant: KeySlots.Invariant) throws {
    try Self.with { slots in
      switch invariant {
      case .everySlotIsAccountedFor: slots.holes += 1
      case .damagedAreUsed:
        slots.damaged.insert(3)
        slots.count -= 1
        slots.holes -= 2
      }
      #expect(slots.violations() == [invariant])
    }
  }

  @Test(arguments: Vault.Box.Invariant.allCases)
  func `A vault that breaks an invariant says which one`(invariant: Vault.Box.Invariant) throws {
    try Self.with { slots in
      switch invariant {
      case .reachWithinSlots:
        let whole = Vault.Box(slots: slots, reach: slots.count).violations()
        let broken = Vault.Box(slots: slots, reach: slots.count + 1).violations()
        #expect(whole == [] && broken == [invariant])
      }
    }
  }
}
