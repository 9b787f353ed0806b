import EventLog
import Files
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Brings a log of format 1 to this one, in a folder beside it.
///
/// What was sealed moves out of the events into a table of its own, is sealed again with a salt for
/// the event's digest, and every event gets random bytes. Proposals, event ids, positions and times
/// stay as they are, so that a file that was imported before is unchanged afterwards. What cannot
/// be opened, since the officer's key is erased or damaged, is moved as it is, and its digest is
/// salted with bytes that nobody keeps: it can tell nothing any more.
///
/// Where a crash leaves things:
/// - until `log.next` says its format, it is thrown away and the upgrade begins again;
/// - until `log` is renamed, the same;
/// - with `log` gone, `log.format-1` and `log.next` whole, `finish` does the rest;
/// - from then on the log is upgraded. `log.format-1` stays: who has a backup removes it.
struct LogUpgrade {
  /// Of which tests stop after each.
  enum Step: Hashable, Sendable, CaseIterable { case begun, written, synced, movedOld, movedNew }

  static let batchEventsMax = 4096

  let folder: DataFolder
  let vault: Vault
  let random: RandomBytes
  let logger: Logger
  let mapSizeBytes: Int
  var after: (Step) throws -> Void = { _ in }

  func run() throws {
    guard try !File.isThere(folder.olderLogPath) else {
      throw FolderFailure(
        .incomplete,
        "The log in \(folder.logPath) has format 1, and \(folder.olderLogPath) is left of an earlier "
          + "upgrade: move that away, and start again. Nothing was changed.")
    }
    try? File.removeTree(folder.nextLogPath)
    _ = try File.makeFolder(folder.nextLogPath)
    do {
      try write()
    } catch {
      // It may be the disk that is full.
      try? File.removeTree(folder.nextLogPath)
      throw error
    }
    try File.syncFolder(folder.nextLogPath)
    try File.syncFolder(folder.path)
    try after(.synced)
    try File.move(folder.logPath, to: folder.olderLogPath)
    try after(.movedOld)
    try File.move(folder.nextLogPath, to: folder.logPath)
    try after(.movedNew)
    logger.notice(
      "the log is upgraded; as it was it stays in log.format-1, which you may remove once you have a backup"
    )
  }

  /// Does what is left where the upgraded log was written, and the older one moved away.
  static func finish(_ folder: DataFolder, mapSizeBytes: Int) throws {
    let format = try EventLog.format(in: folder.nextLogPath, mapSizeBytes: mapSizeBytes)
    try File.removeTree(folder.logPath)
    if format == EventLog.format {
      try File.move(folder.nextLogPath, to: folder.logPath)
    } else {
      try File.move(folder.olderLogPath, to: folder.logPath)
    }
  }

  private func write() throws {
    let older = try OlderLog(folder: folder.logPath, mapSizeBytes: mapSizeBytes)
    defer { older.close() }
    let upgraded = try UpgradedLog(folder: folder.nextLogPath, mapSizeBytes: mapSizeBytes)
    defer { upgraded.close() }
    logger.notice("upgrading the log from format 1 to 2", metadata: ["events": "\(older.end)"])
    try after(.begun)
    let arena = Arena()
    var known = Known()
    var next: LogPosition = 0
    while next < older.end {
      let stop = min(next + UInt64(Self.batchEventsMax), older.end)
      var batch: [LogEntry] = []
      var failure: (any Error)?
      try older.read(from: next) { position, bytes in
        guard position < stop else { return false }
        do {
          guard position == next + UInt64(batch.count) else { return false }
          batch.append(try entry(bytes, at: position, &known, arena))
        } catch {
          failure = error
        }
        arena.reset()
        return failure == nil
      }
      if let failure { throw failure }
      guard batch.count == Int(stop - next) else {
        throw LogFailure(
          "The log in \(folder.logPath) has no event at \(next + UInt64(batch.count)), but later "
            + "ones: it is damaged and was not upgraded. Put a backup in its place.")
      }
      try upgraded.append(batch)
      next = stop
      if next % (100 * UInt64(Self.batchEventsMax)) == 0 {
        logger.notice("upgrading", metadata: ["events": "\(next) of \(older.end)"])
      }
    }
    try check(known)
    try after(.written)
    try upgraded.finish(
      LogIdentity(id: older.id, vaultID: vault.id, vaultReach: vault.reach), from: older)
    if known.closed > 0 {
      logger.notice(
        "personal data that is erased, or whose key is damaged, was moved as it is",
        metadata: ["events": "\(known.closed)"])
    }
  }

  /// What is learnt of the vault on the way: a log of format 1 does not name it.
  private struct Known {
    var isSecretChecked = false
    /// Officers with something sealed, and those of them without a key.
    var sealed: Set<Identifier> = []
    var keyless: Set<Identifier> = []
    /// Events whose sealed data was not opened.
    var closed = 0
  }

  private func entry(
    _ bytes: RawSpan, at position: LogPosition, _ known: inout Known, _ arena: Arena
  ) throws -> LogEntry {
    let stored: StoredEvent
    do {
      stored = try StoredEvent(bytes, arena: arena)
    } catch {
      throw unreadable(position)
    }
    var recorded = stored.recorded
    guard recorded.position == position else { throw unreadable(position) }
    let sealed =
      Recorded.find(.sealedOfFormat1, in: bytes).map { RawFields.bytes(bytes.extracting($0)) }
      ?? []
    recorded.entropy = random.next()
    guard !sealed.isEmpty else {
      try checkSecret(recorded, &known)
      return LogEntry(event: Codec.encode(recorded, arena: arena))
    }
    known.sealed.insert(stored.stream.key)
    let salt = random.next(Vault.saltLength)
    let moved = try sealAgain(sealed, of: stored, salt: salt, &known)
    recorded.digest = Vault.saltedDigest(recorded.digest, salt: salt)
    recorded.sealedSha256 = Vault.sha256(ofSealed: moved)
    return LogEntry(event: Codec.encode(recorded, arena: arena), sealed: moved)
  }

  private func unreadable(_ position: LogPosition) -> LogFailure {
    LogFailure(
      "The event at \(position) in \(folder.logPath) cannot be read: the log is damaged and was not "
        + "upgraded. Put a backup in its place.")
  }

  /// What was sealed, with the salt; as it was where it cannot be opened.
  private func sealAgain(
    _ sealed: [UInt8], of stored: StoredEvent, salt: [UInt8], _ known: inout Known
  ) throws -> [UInt8] {
    let context = StoredEvent.sealingContext(stored.stream, stored.proposal.eventID)
    let plain: [UInt8]
    do {
      plain = try vault.open(sealed, for: stored.stream.key, context: context)
    } catch {
      if error.kind == .noKey { known.keyless.insert(stored.stream.key) }
      // What a disk did not give is not damaged: another start may read it.
      if error.kind == .io || error.kind == .permission { throw error }
      known.closed += 1
      return sealed
    }
    return try vault.seal(
      SealedPersonal.plain(plain, salt: salt), for: stored.stream.key, context: context)
  }

  /// A digest of a proposal without personal data is one of this registry's secret, or of
  /// another's.
  private func checkSecret(_ recorded: Recorded, _ known: inout Known) throws {
    guard !known.isSecretChecked else { return }
    known.isSecretChecked = true
    guard vault.proposalDigest(recorded.proposal) == recorded.digest else {
      throw FolderFailure(
        .incomplete,
        "The vault in \(folder.vaultPath) is of another registry than the log, which was not "
          + "upgraded. Put the vault's folder that belongs to this log in its place. Nothing was "
          + "changed.")
    }
  }

  /// Every officer with something sealed once had a slot in the vault.
  private func check(_ known: Known) throws {
    guard Int(vault.reach) < known.sealed.count || known.keyless.count == known.sealed.count,
      !known.sealed.isEmpty
    else { return }
    throw FolderFailure(
      .incomplete,
      "The vault in \(folder.vaultPath) is older than the log, or a part of it is missing: "
        + "\(known.keyless.count) of \(known.sealed.count) officers with names in the log have no key "
        + "in it (vault/officers). The log was not upgraded. Put the newest copy of the vault's "
        + "folder in its place. Nothing was changed.")
  }
}

extension BytesField where Owner == Recorded, Value == [UInt8] {
  /// What was sealed with an event, which format 1 kept within it.
  static var sealedOfFormat1: Self { Self(reserved: 7) }
}
