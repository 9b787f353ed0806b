import EventLog
import Foundation
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Decides requests against the unit of work, and encodes the events to be appended.
struct RequestDecider {
  let store: RegistryStore
  let unitOfWork: UnitOfWork
  let arena: Arena
  /// Milliseconds since 1970, never less than the last event's.
  let recordedAtMs: UInt64
  /// Of the batch: those at hand are not in the log yet.
  let start: LogPosition
  /// What the batch keeps already, for a request that keeps nothing itself.
  var earlier: [LogEntry] = []

  /// - Parameter companion: where the stream's event will stand that is decided right after this
  ///   one, both or none.
  func decideOne(
    _ item: PendingItem, _ job: DecodedRequest, before companion: FoldOrder? = nil,
    keeping kept: inout [LogEntry]
  ) throws -> RecordOutcome {
    let outcome: RecordOutcome
    do {
      outcome = try decide(item, job, before: companion, keeping: &kept)
    } catch let rejection as Rejection {
      outcome = .rejected(try rejected(rejection))
    }
    if let failure = unitOfWork.failure { throw failure }
    return outcome
  }

  private func decide(
    _ item: PendingItem, _ job: DecodedRequest, before companion: FoldOrder?,
    keeping kept: inout [LogEntry]
  ) throws -> RecordOutcome {
    let proposal = try item.proposal.get()
    let (digest, identifiers) = item.hashes ?? store.vault.hashes(of: proposal, item.bytes)
    if let receipt = unitOfWork.receipt(proposal.eventID) {
      return try repeated(proposal, digest, at: receipt.position, receipt.digest, kept)
    }
    let position = unitOfWork.next
    var findings: [Finding] = []
    let admission = try Admission.admit(
      proposal, at: position, before: companion, given: unitOfWork,
      flag: { findings.append(Finding(finding: $0.kind, sentence: $0.sentence)) }
    ) { (stage) throws(Rejection) in
      switch stage {
      case .version: try checkExpectation(item.expected, of: proposal.stream)
      // The first two are behind. What the identifiers would be, and what is sealed with the key, is
      // looked at once the event is admitted.
      case .form, .eventID, .identifiers, .officerKey: break
      case .jurisdiction, .streamKind, .personalData, .length, .target, .rules, .growth,
        .rewrittenRows, .certificateNumber, .cycles, .authority, .attribution, .plausibility:
        break
      }
    }
    switch admission {
    case .unchanged(let since):
      return .unchanged(UnchangedSince(position: since))
    case .record(let head):
      if proposal.stream.kind == .officer,
        let since = try checkIdentifiers(identifiers, of: proposal, at: position, head)
      {
        return .unchanged(UnchangedSince(position: since))
      }
      // What is only tried is not sealed, and its digest goes again.
      let isSealed = proposal.personal != nil && job.purpose == .record
      let salt = isSealed ? item.sealed?.salt ?? store.random.next(Vault.saltLength) : []
      let digest = isSealed ? Vault.saltedDigest(digest, salt: salt) : digest
      let (sealed, bytes) = try seal(proposal, item, job, salt: salt)
      let version = unitOfWork.add(
        StreamEvent(proposal, at: position), in: proposal.stream, head: head, digest: digest,
        identifiers: identifiers, isSealed: proposal.personal != nil)
      kept.append(
        spell(bytes, sealed: sealed, job, at: position, version: version, digest: digest))
      return .recorded(
        RecordedAt(position: position, version: version, findings: findings))
    }
  }

  /// The first receipt of an event id, where the same was recorded under it.
  private func repeated(
    _ proposal: Proposal, _ digest: [UInt8], at position: LogPosition, _ known: [UInt8],
    _ kept: [LogEntry]
  ) throws -> RecordOutcome {
    let repetition: Resubmission
    if known == digest {
      repetition = .same
    } else if let entry = try entry(at: position, kept) {
      repetition = try Resubmission(
        of: proposal, digest: digest, as: entry, vault: store.vault, arena: arena)
    } else {
      repetition = .another
    }
    guard repetition != .another else {
      throw Rejection(
        .eventIDReused,
        "Event id \(proposal.eventID.text) was recorded at position \(position) with "
          + "another proposal: give this one an id of its own.", field: "event_id",
        inTheWay: position)
    }
    return .recorded(
      RecordedAt(
        position: position, version: try version(proposal, position), already: true,
        personalNotCompared: repetition == .personalNotCompared))
  }

  /// An event of the batch, on its way to the log, or of the log.
  private func entry(at position: LogPosition, _ kept: [LogEntry]) throws -> LogEntry? {
    guard position >= start else { return try unitOfWork.log.entry(position) }
    let at = Int(position - start)
    if at < earlier.count { return earlier[at] }
    return at - earlier.count < kept.count ? kept[at - earlier.count] : nil
  }

  private func version(_ proposal: Proposal, _ position: LogPosition) throws -> UInt32 {
    let history = unitOfWork.history(of: proposal.stream)
    return UInt32(clamping: history.firstIndex { $0.metadata.position == position } ?? 0)
  }

  private func checkExpectation(
    _ expected: Expectation, of stream: StreamID
  ) throws(Rejection) {
    if case .anything = expected { return }
    let events = unitOfWork.head(of: stream)?.events ?? 0
    switch expected {
    case .anything: return
    case .nothingYet where events == 0: return
    case .at(let version) where UInt64(events) == UInt64(version) + 1: return
    case .nothingYet, .at:
      throw Rejection(
        .wrongVersion,
        events == 0
          ? "\(stream.text) has no events yet."
          : "\(stream.text) is at version \(events - 1): read it again and decide anew.",
        field: "expected")
    }
  }

  /// Seals what is personal of a proposal that is about to be kept, with the salt of its digest,
  /// under a key that will be on the disk before the event is.
  ///
  /// - Returns: what was sealed, and the proposal without it.
  /// - Throws: `Rejection` where the officer's key is gone or lost: others' items go on.
  private func seal(
    _ proposal: Proposal, _ item: PendingItem, _ job: DecodedRequest, salt: [UInt8]
  ) throws -> (sealed: [UInt8], bytes: [UInt8]) {
    guard let personal = proposal.personal else { return ([], item.bytes) }
    let officer = proposal.stream.key
    do throws(VaultFailure) {
      let sealedBefore = unitOfWork.isSealed(officer)
      guard job.purpose == .record else {
        try store.vault.check(officer, sealedBefore: sealedBefore)
        return ([], item.bytes)
      }
      if let ahead = item.sealed, !sealedBefore, try store.vault.keep(ahead.key) {
        return (ahead.sealed, ahead.rest)
      }
      try store.vault.makeKey(for: officer, sealedBefore: sealedBefore)
      let sealed = try store.vault.seal(
        SealedPersonal.plain(Codec.encode(personal, arena: arena), salt: salt), for: officer,
        context: proposal.sealingContext)
      return (sealed, Codec.encode(proposal.withoutPersonal, arena: arena))
    } catch {
      throw Rejection(error) ?? error
    }
  }

  /// What is kept: the canonical bytes, with the proposal as sent and its personal data sealed.
  private func spell(
    _ proposal: [UInt8], sealed: [UInt8], _ job: DecodedRequest, at position: LogPosition,
    version: UInt32, digest: [UInt8]
  ) -> LogEntry {
    let event = Codec.encode(
      Recorded(
        position: position, version: version, recordedAtMs: recordedAtMs,
        actor: Array(job.actor.utf8), rules: rulesRevision, digest: digest, proposal: proposal,
        entropy: store.random.next(),
        sealedSha256: sealed.isEmpty ? [] : Vault.sha256(ofSealed: sealed)), arena: arena)
    return LogEntry(event: event, sealed: sealed)
  }

  private func rejected(_ rejection: Rejection) throws -> Rejected {
    Rejected(
      code: rejection.code.rawValue, sentence: rejection.sentence, field: rejection.field ?? "",
      position: rejection.inTheWay,
      eventInTheWay: try rejection.inTheWay.flatMap { try unitOfWork.id(at: $0) })
  }
}

extension Rejection {
  /// Of what concerns one officer's key alone; nil where the vault keeps nothing for anybody.
  init?(_ failure: VaultFailure) {
    switch failure.kind {
    case .erased: self.init(.erased, failure.sentence, field: "personal")
    case .noKey, .altered, .unreadable:
      self.init(.keyDamaged, failure.sentence, field: "personal")
    case .wrongMasterKey, .missing, .permission, .full, .io: return nil
    }
  }
}
