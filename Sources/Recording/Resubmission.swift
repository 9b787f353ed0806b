import EventLog
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Idempotency: whether a proposal repeats the one that was recorded under its event id.
///
/// The log keeps a digest, not what was sent. With personal data it is salted, and the salt is
/// sealed: it is opened only here, for an event id that comes again.
enum Resubmission: Hashable {
  case same
  case another
  /// What is not personal is the same; the rest cannot be compared, since the officer's key is
  /// erased or damaged. The first receipt was promised for ever, so it is given, and says so:
  /// nothing that would be recorded now is lost by it, as nothing can be sealed for such an
  /// officer.
  case personalNotCompared

  /// - Parameters:
  ///   - digest: the keyed digest of the proposal as it came.
  ///   - entry: what was recorded under its event id.
  init(
    of proposal: Proposal, digest: [UInt8], as entry: LogEntry, vault: Vault, arena: Arena
  ) throws {
    let recorded = try Codec.decode(
      Recorded.self, from: unsafe entry.event.span.bytes, arena: arena, unknownFields: .ignored,
      limits: .stored)
    guard !recorded.sealedSha256.isEmpty else {
      self = recorded.digest == digest ? .same : .another
      return
    }
    guard proposal.personal != nil else {
      self = .another
      return
    }
    let salt =
      (try? vault.open(
        entry.sealed, for: proposal.stream.key, context: proposal.sealingContext))
      .flatMap(SealedPersonal.salt)
    if let salt {
      self = Vault.saltedDigest(digest, salt: salt) == recorded.digest ? .same : .another
    } else {
      let rest = Codec.encode(proposal.withoutPersonal, arena: arena)
      self = rest == recorded.proposal ? .personalNotCompared : .another
    }
  }
}

extension LogReader {
  /// An event with what was sealed with it; without, where that is gone or damaged.
  func entry(_ position: LogPosition) throws -> LogEntry? {
    guard let event = try read(position, { RawFields.bytes($0) }) else { return nil }
    let bytes = unsafe event.span.bytes
    guard let sha256 = Recorded.find(.sealedSha256, in: bytes) else {
      return LogEntry(event: event)
    }
    let sealed = try? sealed(position, sha256: RawFields.bytes(bytes.extracting(sha256)))
    return LogEntry(event: event, sealed: sealed ?? [])
  }
}
