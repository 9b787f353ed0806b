import Foundation
import Messages
import Projections
import Registry
import Vault

/// Deciding a request against the batch so far, and spelling what is to be kept.
struct Deciding {
  let store: RegistryStore
  let workspace: Workspace
  let arena: Arena
  /// Milliseconds since 1970, never less than the last event's.
  let recordedAtMs: UInt64

  /// Decides a request: all of it or nothing where it is atomic, otherwise its items one by one
  /// and neighbours of one group together.
  ///
  /// - Parameter kept: gets the bytes of each event, in the order of the log.
  func decide(_ job: RecordJob, keeping kept: inout [[UInt8]]) throws -> [RecordOutcome] {
    var outcomes: [RecordOutcome] = []
    outcomes.reserveCapacity(job.items.count)
    while outcomes.count < job.items.count {
      let start = outcomes.count
      let end = job.atomic ? job.items.count : job.endOfGroup(at: start)
      if !job.atomic, end == start + 1 {
        outcomes.append(try decideOne(job.items[start], job, keeping: &kept))
      } else {
        outcomes += try decideTogether(start..<end, of: job, keeping: &kept)
      }
    }
    return outcomes
  }

  private func decideTogether(
    _ range: Range<Int>, of job: RecordJob, keeping kept: inout [[UInt8]]
  ) throws -> [RecordOutcome] {
    let before = kept.count
    return try workspace.tentatively {
      var outcomes: [RecordOutcome] = []
      for index in range {
        let outcome = try decideOne(job.items[index], job, keeping: &kept)
        if case .rejected = outcome {
          kept.removeLast(kept.count - before)
          let others = RecordOutcome.notRecorded(NotRecorded(becauseOf: UInt32(clamping: index)))
          return (keep: false, range.map { $0 == index ? outcome : others })
        }
        outcomes.append(outcome)
      }
      return (keep: true, outcomes)
    }
  }

  private func decideOne(
    _ item: Proposed, _ job: RecordJob, keeping kept: inout [[UInt8]]
  ) throws -> RecordOutcome {
    let outcome: RecordOutcome
    do {
      outcome = try decide(item, job, keeping: &kept)
    } catch let rejection as Rejection {
      outcome = .rejected(try rejected(rejection))
    }
    if let failure = workspace.failure { throw failure }
    return outcome
  }

  private func decide(
    _ item: Proposed, _ job: RecordJob, keeping kept: inout [[UInt8]]
  ) throws -> RecordOutcome {
    let proposal = try item.proposal.get()
    let (digest, blinds) = item.hashes ?? store.vault.hashes(of: proposal, item.bytes)
    if let receipt = workspace.receipt(proposal.eventID) {
      guard receipt.digest == digest else {
        throw Rejection(
          .eventIDReused,
          "Event id \(proposal.eventID.text) was recorded at position \(receipt.position) with "
            + "another proposal: give this one an id of its own.", field: "event_id",
          inTheWay: receipt.position)
      }
      return .recorded(
        RecordedAt(
          position: receipt.position, version: try version(proposal, receipt.position),
          already: true))
    }
    try checkExpectation(item.expected, of: proposal.stream)
    try checkFree(blinds, of: proposal)
    let position = workspace.next
    switch try Judgement.judge(proposal, at: position, given: workspace) {
    case .unchanged(let since):
      return .unchanged(UnchangedSince(position: since))
    case .record(let head):
      let version = workspace.add(
        StreamEvent(proposal, at: position), in: proposal.stream, head: head, digest: digest,
        blinds: blinds)
      kept.append(
        try spell(proposal, item, job, at: position, version: version, digest: digest))
      return .recorded(RecordedAt(position: position, version: version))
    }
  }

  private func version(_ proposal: Proposal, _ position: LogPosition) throws -> UInt32 {
    let history = workspace.history(of: proposal.stream)
    return UInt32(clamping: history.firstIndex { $0.occasion.position == position } ?? 0)
  }

  private func checkExpectation(
    _ expected: Expectation, of stream: StreamID
  ) throws(Rejection) {
    if case .anything = expected { return }
    let events = workspace.head(of: stream)?.events ?? 0
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

  /// Nobody else may have the proposal's identifiers.
  private func checkFree(_ blinds: [[UInt8]], of proposal: Proposal) throws(Rejection) {
    guard let personal = proposal.personal else { return }
    for (identifier, blind) in zip(personal.identifiers, blinds) {
      if let other = workspace.officer(blind: blind), other != proposal.stream.key {
        throw Rejection(
          .alreadyTaken,
          "This \(identifier.scheme.text) is officer \(other.text)'s already.",
          field: "personal.identifiers")
      }
    }
  }

  /// The bytes that are kept and hashed: the proposal as sent, personal data sealed.
  private func spell(
    _ proposal: Proposal, _ item: Proposed, _ job: RecordJob, at position: LogPosition,
    version: UInt32, digest: [UInt8]
  ) throws -> [UInt8] {
    var (sealed, bytes): ([UInt8], [UInt8]) = ([], item.bytes)
    if let personal = proposal.personal, job.purpose == .record {
      if let ahead = item.sealed, try store.vault.keep(ahead.key) {
        (sealed, bytes) = (ahead.sealed, ahead.rest)
      } else {
        try store.vault.makeKey(for: proposal.stream.key)
        sealed = try store.vault.seal(
          Codec.encode(personal, arena: arena), for: proposal.stream.key,
          context: proposal.sealingContext)
        bytes = Codec.encode(proposal.withoutPersonal, arena: arena)
      }
    }
    return Codec.encode(
      Recorded(
        position: position, version: version, recordedAtMs: recordedAtMs,
        actor: Array(job.actor.utf8), rules: rulesRevision, digest: digest, sealed: sealed,
        proposal: bytes), arena: arena)
  }

  private func rejected(_ rejection: Rejection) throws -> Rejected {
    Rejected(
      code: rejection.code.rawValue, sentence: rejection.sentence, field: rejection.field ?? "",
      position: rejection.inTheWay,
      eventInTheWay: try rejection.inTheWay.flatMap { try workspace.id(at: $0) })
  }
}

extension RecordJob {
  /// Where the group ends that an item begins.
  fileprivate func endOfGroup(at start: Int) -> Int {
    let group = items[start].group
    guard group != 0 else { return start + 1 }
    return items[start...].firstIndex { $0.group != group } ?? items.count
  }
}
