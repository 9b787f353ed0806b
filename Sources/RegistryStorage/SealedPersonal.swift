import EventLog
import Messages
import Projections
import Registry
import Vault

/// What is sealed of an event: its `Personal`, and behind it the salt of the event's digest, in a
/// field that `Personal` reserves. Format 1 of the log sealed no salt.
package enum SealedPersonal {
  /// The bytes to be sealed.
  package static func plain(_ personal: [UInt8], salt: [UInt8]) -> [UInt8] {
    var plain = personal
    Personal.append(.salt, salt, to: &plain)
    return plain
  }

  /// The salt in opened bytes; nil where there is none.
  package static func salt(in plain: [UInt8]) -> [UInt8]? {
    let bytes = unsafe plain.span.bytes
    return Personal.find(.salt, in: bytes).map { RawFields.bytes(bytes.extracting($0)) }
      .flatMap { $0.count == Vault.saltLength ? $0 : nil }
  }
}

extension BytesField where Owner == Personal, Value == [UInt8] {
  /// The salt of the event's digest.
  static var salt: Self { Self(reserved: 15) }
}

extension Vault {
  /// The identifiers that came with an event; none once the officer's key is gone, or where it was
  /// lost.
  package func blinds(
    of stored: StoredEvent, in log: LogReader, arena: Arena
  ) throws -> [BlindIdentifier] {
    guard let personal = try personal(of: stored, in: log, arena: arena) else { return [] }
    return personal.identifiers.map(blind)
  }

  package func blind(_ identifier: SchemeValue) -> BlindIdentifier {
    BlindIdentifier(
      scheme: identifier.scheme,
      hash: blindIndex(scheme: identifier.scheme.text, value: identifier.value),
      earlier: earlierBlindIndex(scheme: identifier.scheme.text, value: identifier.value))
  }

  /// What was sealed with an event; nil when there is nothing, or the key is gone or was lost.
  package func personal(
    of stored: StoredEvent, in log: LogReader, arena: Arena
  ) throws -> Personal? {
    let recorded = stored.recorded
    guard !recorded.sealedSha256.isEmpty else { return nil }
    let sealed = try log.sealed(recorded.position, sha256: recorded.sealedSha256)
    do {
      guard let sealed else {
        // An erasure empties the table, and takes the key as well.
        _ = try seal([], for: stored.stream.key, context: [])
        throw LogFailure(
          "What was sealed with the event at \(recorded.position) is missing, though its key is "
            + "there: the log is damaged. Put a backup of it in its place.")
      }
      let plain = try open(
        sealed, for: stored.stream.key,
        context: StoredEvent.sealingContext(stored.stream, stored.proposal.eventID))
      return try Codec.decode(
        Personal.self, from: unsafe plain.span.bytes, arena: arena, unknownFields: .ignored,
        limits: .stored)
    } catch let failure as VaultFailure {
      switch failure.kind {
      case .erased: return nil
      case .noKey, .altered:
        // Lost for this officer, and no reason to stop for the others.
        note(damaged: stored.stream.key)
        return nil
      case .wrongMasterKey, .missing, .unreadable, .permission, .full, .io: throw failure
      }
    }
  }

  /// Brings the keys made so far to the disk.
  ///
  /// - Returns: how far those on the disk reach.
  package func syncReach() throws -> UInt32 {
    try sync()
    return reach
  }
}
