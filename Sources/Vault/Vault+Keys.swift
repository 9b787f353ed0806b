import Crypto
import Files
import Locking
import Registry

/// Making, keeping and erasing keys.
///
/// A key is on the disk before anything that was sealed with it: the writer syncs the vault, then
/// appends to the log. So every officer with sealed events has a slot, and one who has none has
/// lost it: no second key is ever made.
extension Vault {
  /// A key that was made for an officer and is not kept yet.
  package struct FreshKey: Sendable {
    let officer: Identifier
    let key: SymmetricKey
    let wrapped: [UInt8]
  }

  /// Makes a key, to be kept later; nil for an officer who has one, or had.
  package func freshKey(for officer: Identifier) throws(VaultFailure) -> FreshKey? {
    guard slots.withLock({ $0.slots.place(of: officer) }) == nil else { return nil }
    return try wrappedKey(for: officer)
  }

  private func wrappedKey(for officer: Identifier) throws(VaultFailure) -> FreshKey {
    let key = SymmetricKey(size: .bits256)
    return FreshKey(officer: officer, key: key, wrapped: try wrap(key, of: officer))
  }

  /// Keeps a key of an officer of whom nothing was sealed yet. It is on disk when `sync` has
  /// returned.
  ///
  /// - Returns: false when the officer has another by now, which stays.
  package func keep(_ key: FreshKey) throws(VaultFailure) -> Bool {
    try slots.withLock { (box) throws(VaultFailure) in
      if let known = try Self.live(key.officer, in: box.slots) {
        return known.wrapped == key.wrapped
      }
      try box.add(
        KeySlot(id: key.officer.text, version: 1, wrapped: key.wrapped), of: key.officer, key.key)
      return true
    }
  }

  /// Sees to it that an officer has a key that will be on disk when `sync` has returned.
  ///
  /// - Parameter sealedBefore: events of the officer's were sealed, so that there must be a key.
  /// - Throws: `VaultFailure`: `.noKey` when there was one and it is lost, `.erased`, `.altered`,
  ///   `.unreadable`: one officer's trouble; `.full`, `.io`: everybody's.
  package func makeKey(for officer: Identifier, sealedBefore: Bool) throws(VaultFailure) {
    try check(officer, sealedBefore: sealedBefore)
    guard !sealedBefore else { return }
    let known = try slots.withLock { (box) throws(VaultFailure) in
      try Self.live(officer, in: box.slots)
    }
    guard let known else {
      _ = try keep(wrappedKey(for: officer))
      return
    }
    // One that nobody ever used, written by a process that may have ended because it could not sync
    // it: what is read may be what the kernel holds, not what the disk has.
    let key = try unwrap(known.wrapped, of: officer)
    try slots.withLock { (box) throws(VaultFailure) in
      if box.slots.isFromBefore(officer) { try box.add(known, of: officer, key) }
    }
  }

  /// Whether something more of an officer may be sealed.
  ///
  /// - Throws: as `makeKey(for:sealedBefore:)`, of one officer's trouble alone.
  package func check(_ officer: Identifier, sealedBefore: Bool) throws(VaultFailure) {
    guard sealedBefore else {
      return try slots.withLock { (box) throws(VaultFailure) in
        _ = try Self.live(officer, in: box.slots)
      }
    }
    do throws(VaultFailure) {
      _ = try key(of: officer)
    } catch {
      switch error.kind {
      case .noKey:
        note(damaged: officer)
        throw Self.lost(officer)
      case .altered:
        note(damaged: officer)
        throw error
      case .wrongMasterKey, .missing, .erased, .unreadable, .permission, .full, .io: throw error
      }
    }
  }

  private static func live(
    _ officer: Identifier, in slots: KeySlots
  ) throws(VaultFailure) -> KeySlot? {
    let known = try slots.place(of: officer)?.read()
    if known?.erased ?? false {
      throw VaultFailure(.erased, "Officer \(officer.text) was erased: register a new one.")
    }
    return known
  }

  /// Erases an officer's key, in place and synced: when this returns, nobody reads what was sealed
  /// with it. When it throws, the key may still be on the disk: ask again.
  package func erase(_ officer: Identifier) throws(VaultFailure) {
    try syncing.withLock { (_) throws(VaultFailure) in
      try slots.withLock { (box) throws(VaultFailure) in try box.erase(officer) }
      try bringToDisk()
    }
  }

  // MARK: damage

  /// Whether any slot is not as it was written, or there are fewer keys than officers who need one:
  /// only then somebody's may be lost.
  package func mayHaveLost(keysOf officers: Int) -> Bool {
    slots.withLock {
      !$0.slots.damaged.isEmpty || $0.slots.holes > 0 || $0.slots.officerCount < officers
    }
  }

  /// Slots that were found damaged, by their numbers from 0.
  package var damagedSlots: [UInt32] { slots.withLock { $0.slots.damaged.sorted() } }

  /// Whether there is a slot of an officer's that was not found damaged.
  package func hasSlot(of officer: Identifier) -> Bool {
    slots.withLock { $0.slots.place(of: officer) != nil }
  }

  /// Whether every slot was read when the vault was opened; otherwise what a clean stop knew of
  /// them was taken for true, since nobody wrote to them since.
  package var wereSlotsRead: Bool { slots.withLock { $0.slots.wasRead } }

  /// Bytes of a slot.
  package static let slotLength = KeySlot.length

  /// Reads some slots again, from one on; those of an officer that are not as they were written are
  /// damaged from now on. Meanwhile nobody makes a key: some tenths of a millisecond.
  ///
  /// - Returns: those that were found damaged now, and where to go on; nil after the last.
  package func recheck(
    from slot: UInt32
  ) throws(VaultFailure) -> (damaged: [UInt32], checked: Int, next: UInt32?) {
    try slots.withLock { (box) throws(VaultFailure) in try box.slots.recheck(from: slot) }
  }

  /// Notes an officer whose key, or what was sealed with it, is damaged or missing.
  package func note(damaged officer: Identifier) {
    let (isNew, all) = slots.withLock { ($0.damaged.insert(officer).inserted, $0.damaged.count) }
    if isNew, all <= Self.warnedMax {
      warn("what was sealed of officer \(officer.text) cannot be opened any more")
    }
  }

  /// As `note(damaged:)`, without a word.
  package func note(damaged officers: [Identifier]) {
    slots.withLock { $0.damaged.formUnion(officers) }
  }

  /// Officers of whom a warning is given each.
  private static let warnedMax = 100

  /// Why what was sealed of an officer cannot be opened; nil where it can, or was erased.
  package func trouble(of officer: Identifier) -> VaultFailure? {
    do throws(VaultFailure) {
      _ = try key(of: officer)
    } catch {
      switch error.kind {
      case .erased: return nil
      case .noKey: return Self.lost(officer)
      case .wrongMasterKey, .missing, .altered, .unreadable, .permission, .full, .io: return error
      }
    }
    guard slots.withLock({ $0.damaged.contains(officer) }) else { return nil }
    return VaultFailure(
      .altered,
      "Sealed data of officer \(officer.text) was damaged, or sealed with a key that was lost.")
  }

  /// Returns once no slot is being written that was when this was called: what was read meanwhile
  /// may be half of it, and what is read after it is not.
  package func awaitWrites() { slots.withLock { _ in } }

  private static func lost(_ officer: Identifier) -> VaultFailure {
    VaultFailure(
      .noKey,
      "The key of officer \(officer.text) is damaged or missing: restore the vault from a backup "
        + "that has it.")
  }

  /// Officers who were noted since the vault was opened.
  package var damagedOfficers: Set<Identifier> { slots.withLock { $0.damaged } }
}

// MARK: syncing

extension Vault {
  /// Brings the keys made since the last time to the disk; nothing to do costs nothing. Others may
  /// make keys meanwhile.
  ///
  /// - Throws: `VaultFailure`: `.full` when it may succeed later; `.io` when nothing more is kept.
  package func sync() throws(VaultFailure) {
    try syncing.withLock { (_) throws(VaultFailure) in try bringToDisk() }
  }

  /// After a failed sync the kernel takes its pages for clean, so that syncing again would say
  /// nothing: all that is not known to be on the disk is written again, into other slots, and those
  /// are synced. Where that fails too, nothing more is kept.
  private func bringToDisk() throws(VaultFailure) {
    let begun = try slots.withLock { (box) throws(VaultFailure) in try box.beginSync() }
    guard var begun else { return }
    do {
      try file.syncData()
    } catch {
      warn("\(error.sentence) The keys are written again, at another place.")
      begun = try slots.withLock { (box) throws(VaultFailure) in
        box.mustRewrite = true
        return try box.beginSync() ?? begun
      }
      do {
        try file.syncData()
      } catch {
        throw slots.withLock { $0.failed(VaultFailure(error, otherwise: .io)) }
      }
    }
    slots.withLock { $0.synced(begun) }
  }
}

extension Vault.Box {
  struct Sync {
    var generation: UInt64
    var reach: UInt32
  }

  mutating func add(
    _ slot: KeySlot, of officer: Identifier, _ key: SymmetricKey
  ) throws(VaultFailure) {
    if let broken { throw broken }
    do {
      try slots.add(slot)
    } catch {
      throw failed(error)
    }
    unsynced[officer] = .init(slot: slot, key: key, generation: generation)
  }

  mutating func erase(_ officer: Identifier) throws(VaultFailure) {
    if let broken { throw broken }
    // First, so that a failed write is written again by whatever syncs next.
    unsynced[officer] = .init(
      slot: KeySlot(erased: officer), key: nil, generation: generation)
    do {
      try slots.erase(officer)
    } catch {
      mustRewrite = true
      throw error
    }
  }

  /// What a sync will have brought to the disk; nil when there is nothing.
  mutating func beginSync() throws(VaultFailure) -> Sync? {
    if let broken { throw broken }
    guard !unsynced.isEmpty else { return nil }
    if mustRewrite {
      do {
        try slots.rewrite(unsynced.values.map(\.slot))
      } catch {
        throw failed(error)
      }
      mustRewrite = false
      for officer in unsynced.keys { unsynced[officer]?.generation = generation }
    }
    defer { generation += 1 }
    return Sync(generation: generation, reach: slots.count)
  }

  mutating func synced(_ sync: Sync) {
    unsynced = unsynced.filter { $0.value.generation > sync.generation }
    reach = max(reach, sync.reach)
    precondition(violations().isEmpty, Invariant.reachWithinSlots.rawValue)
  }

  /// A full disk may have room again; one that fails is not written to any more.
  mutating func failed(_ failure: VaultFailure) -> VaultFailure {
    mustRewrite = true
    guard !failure.mayRetry else { return failure }
    let broken = VaultFailure(
      .io, "\(failure.sentence) No key is kept any more: look at the disk, then start again.")
    self.broken = broken
    return broken
  }
}
