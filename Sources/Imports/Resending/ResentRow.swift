import Messages
import Registry

/// An event of a stream that is recorded, and what became of it.
package struct PastEvent: Sendable {
  package var proposal: Proposal
  package var position: UInt64
  package var standing: EventStanding
  /// The position of what voided or corrected it.
  package var by: UInt64?

  package init(_ line: HistoryLine) throws(DecodeFailure) {
    let recorded = try Codec.decode(Recorded.self, from: line.event)
    proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
    (position, standing, by) = (recorded.position, line.standing, line.by)
  }
}

/// A row, or a statement, that is sent again: what it says is held against what stands in the
/// streams that it is about.
package struct ResentRow: Sendable {
  /// Why a correction is recorded.
  package static let reason = Identifier("mended_at_source")!  // sure: letters and underscores

  /// What the registry has not yet.
  package private(set) var missing: [Proposal] = []
  /// What is said otherwise.
  package private(set) var differences: [Difference] = []
  /// Which of its events were voided, by their positions.
  package private(set) var voided: [UInt64] = []
  /// What makes the registry say what the row says, in the order in which it may be recorded:
  /// `missing` is among it.
  package private(set) var mending: [Proposal] = []
  /// The last of what stands.
  package private(set) var since: PastEvent?

  /// Whether the registry says all that the row says.
  package var isSaid: Bool { missing.isEmpty && !saysOtherwise }
  package var saysOtherwise: Bool { !differences.isEmpty || !voided.isEmpty }

  private let histories: [StreamID: [PastEvent]]
  private let alike: Bool
  private var isEarlier = false

  /// - Parameters:
  ///   - wanted: the chain that the row stands for.
  ///   - histories: of its streams, whole, in the order of the log.
  ///   - alike: as of sheets: an event that stands and is about the same counts as the row's, whoever
  ///     recorded it, and that somebody was enrolled is only the way to what a row says. Otherwise
  ///     the row's own events alone count.
  /// - Throws: `DecodeFailure`, which proposals that are recorded never give.
  package init(
    _ wanted: [Proposal], _ histories: [StreamID: [PastEvent]], alike: Bool
  ) throws(DecodeFailure) {
    (self.histories, self.alike) = (histories, alike)
    var completion: (said: EventID, stands: EventID)?
    var steps: [(wanted: Proposal, stands: PastEvent)] = []
    for event in wanted {
      let isStep = isStep(event)
      guard let found = find(event) else {
        if !isStep || !hasBegun(event.stream) { missing.append(event) }
        continue
      }
      since = [since, found].compactMap(\.self).max { $0.position < $1.position }
      if event.isOutcome { completion = (event.eventID, found.proposal.eventID) }
      if found.standing == .voided {
        try restore(found, event)
      } else if isStep {
        steps.append((event, found))
      } else {
        try compare(event, found)
      }
    }
    // The row names no day of these: they only shall not come after what follows from them.
    let first = mending.filter { $0.corrects != nil && !$0.body.isAct }.map(\.effective).min()
    for (event, found) in steps.reversed() {
      guard let first, found.proposal.effective > first, event.effective <= first else { continue }
      mending.insert(try corrected(found, event, isOwn: false), at: 0)
    }
    if let completion, completion.said != completion.stands {
      // Evidence is what stands, where another source said it.
      for at in missing.indices { missing[at].cite(completion.stands, for: completion.said) }
    }
    // What takes a later day leaves room for what rests on it before.
    if !isEarlier { mending.reverse() }
    mending += missing
  }

  private func hasBegun(_ stream: StreamID) -> Bool {
    histories[stream]?.contains { $0.standing == .stands && !$0.proposal.body.isAct } ?? false
  }

  /// The event that a row's event is, as it stands now.
  private func find(_ event: Proposal) -> PastEvent? {
    let history = histories[event.stream] ?? []
    func other() -> PastEvent? {
      guard alike else { return nil }
      return history.last {
        $0.standing == .stands && !$0.proposal.body.isAct && $0.proposal.slot == event.slot
      }
    }
    guard var own = history.first(where: { $0.proposal.eventID == event.eventID }) else {
      return other()
    }
    // A correction may have been corrected again; positions only rise.
    while own.standing == .corrected, let by = own.by,
      let next = history.first(where: { $0.position == by })
    {
      own = next
    }
    // Somebody may have recorded what is right in its place.
    return own.standing == .voided ? other() ?? own : own
  }

  /// Whether an event is only the way to what the row says.
  private func isStep(_ event: Proposal) -> Bool {
    switch event.body {
    case .enrolment(.nominated): alike
    case .enrolment(.enrolled): alike || event.reason == Identifier("implied")
    case .enrolment, .registry, .organisation, .officer, .framework, .authorisation, .instrument,
      .agreement, .programme, .course, .cohort, .submission, .credential, .skillClaim, .mandate,
      .duty, .voided, .restored:
      false
    }
  }

  private mutating func compare(_ event: Proposal, _ found: PastEvent) throws(DecodeFailure) {
    let isOwn = found.isOf(event)
    let (here, there) = (try Saying(event), try Saying(found.proposal))
    let said = here.differences(from: there, isOwn: isOwn)
    guard !said.isEmpty else { return }
    differences += said.filter { !differences.contains($0) }
    if event.effective < found.proposal.effective { isEarlier = true }
    mending.append(try corrected(found, event, isOwn: isOwn))
  }

  private mutating func restore(_ found: PastEvent, _ event: Proposal) throws(DecodeFailure) {
    let act = found.by ?? found.position
    voided.append(act)
    isEarlier = true
    mending.append(
      Proposal(
        eventID: DerivedID.event("restored", found.proposal.eventID.text, "\(act)"),
        stream: event.stream, effective: found.proposal.effective, source: event.source,
        reason: Self.reason, corrects: found.proposal.eventID, body: .restored(Restored())))
    guard !isStep(event) else { return }
    let (here, there) = (try Saying(event), try Saying(found.proposal))
    let isOwn = found.isOf(event)
    let said = here.differences(from: there, isOwn: isOwn)
    guard !said.isEmpty else { return }
    differences += said
    mending.append(try corrected(found, event, isOwn: isOwn))
  }

  private func corrected(
    _ found: PastEvent, _ event: Proposal, isOwn: Bool
  ) throws(DecodeFailure) -> Proposal {
    let there = try Saying(found.proposal)
    var mended = try Saying(event).mending(found.proposal, there, isOwn: isOwn)
    mended.corrects = found.proposal.eventID
    (mended.source, mended.reason, mended.personal) = (event.source, Self.reason, nil)
    var bare = mended
    bare.source = nil
    bare.eventID = found.proposal.eventID
    let said = try JSONMapping.text(of: "Proposal", Codec.encode(bare), limits: .stored).text
    // The same correction of the same event is one, whichever file asks for it; after it was voided
    // it is another.
    let known = Set((histories[event.stream] ?? []).map(\.proposal.eventID))
    var again = 0
    repeat {
      mended.eventID = DerivedID.event(
        ["mended", found.proposal.eventID.text, said] + (again > 0 ? ["\(again)"] : []))
      again += 1
    } while known.contains(mended.eventID)
    return mended
  }
}

extension PastEvent {
  /// Whether it came from the rows of the same source, as recorded or as mended since.
  fileprivate func isOf(_ event: Proposal) -> Bool {
    proposal.eventID == event.eventID
      || proposal.reason == ResentRow.reason && proposal.source?.system == event.source?.system
  }
}

extension Proposal {
  /// What it is about in its stream: two of one slot cannot both be so.
  fileprivate var slot: [String] {
    switch body {
    case .enrolment(.completed), .enrolment(.notCompleted): ["outcome"]
    case .enrolment(.assessed(let given)): ["assessed", given.assessment.text]
    case .enrolment(.awardConferred(let given)): ["award", given.award.text]
    case .enrolment, .registry, .organisation, .officer, .framework, .authorisation, .instrument,
      .agreement, .programme, .course, .cohort, .submission, .credential, .skillClaim, .mandate,
      .duty, .voided, .restored:
      [body.eventName]
    }
  }

  fileprivate var isOutcome: Bool { slot == ["outcome"] }

  fileprivate mutating func cite(_ event: EventID, for other: EventID) {
    guard case .credential(.issued(var given)) = body else { return }
    given.evidence = given.evidence.map { $0 == other ? event : $0 }
    body = .credential(.issued(given))
  }
}
