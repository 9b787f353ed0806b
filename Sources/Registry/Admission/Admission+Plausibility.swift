/// What the policy says of a proposal that contradicts what is known.
extension Admission {
  /// - Parameter flag: is told of what is recorded all the same.
  /// - Throws: where the policy refuses it.
  static func checkPlausible(
    _ event: StreamEvent, of proposal: Proposal, in after: StreamState?,
    given reader: some HistoryReader, _ flag: (Contradiction) -> Void
  ) throws(Rejection) {
    guard !event.body.isAct else { return }
    // Most facts contradict nothing, and the policy need not be looked up for them.
    var found = Plausibility.contradictions(of: event, in: after, given: reader)
    if case .enrolment(.completed) = event.body, let state = after?.enrolment, state.isScored {
      let policy = SkillPolicy(reader.policy(of: reader.registryStream, on: reader.today))
      if let short = Plausibility.shortfall(state, by: policy, given: reader) {
        found.append(short)
      }
    }
    if let personal = proposal.personal,
      let same = Plausibility.idIsNumber(of: proposal.stream, personal.identifiers)
    {
      found.append(same)
    }
    guard !found.isEmpty else { return }
    let table = FindingTable(reader.policy(of: reader.registryStream, on: reader.today))
    for one in found {
      switch table.meaning(of: one.kind) {
      case .refuse: throw Rejection(one)
      case .flag: flag(one)
      case .allow: break
      }
    }
  }

  /// What is settled is a finding that there is: of an event that stands, or that did.
  static func checkSettled(
    _ given: FindingSettled, _ metadata: EventMetadata, given reader: some HistoryReader
  ) throws(Rejection) {
    let field = "registry.finding_settled"
    guard metadata.reason != nil else {
      throw Rejection(
        .inconsistent, "Say why, by a code in `reason`: who settles a finding answers for it.",
        field: "reason")
    }
    guard let place = reader.event(given.event) else {
      throw Rejection(
        .noSuchReference, "There is no event \(given.event.text).", field: "\(field).event")
    }
    guard given.finding.showsWhenRecorded else { return }
    let history = reader.effectiveHistory(of: place.stream)
    guard let at = history.index(of: given.event) else { return }
    let stands = history.stands(at)
    let state = reader.head(of: place.stream)?.state
    let kinds = stands ? kinds(of: history.event(at), in: state, given: reader) : []
    switch given.outcome {
    // The number is sealed: nobody could tell whether it is so.
    case _ where given.finding == .idIsNumber: return
    case .accepted:
      guard !kinds.contains(given.finding) else { return }
      throw Rejection(
        .inconsistent,
        stands
          ? "Event \(given.event.text) has no finding \(given.finding.name): there is nothing to settle."
          : "Event \(given.event.text) no longer stands: there is nothing to settle.",
        field: "\(field).finding")
    case .corrected:
      guard kinds.contains(given.finding) else { return }
      throw Rejection(
        .inconsistent,
        "Event \(given.event.text) still has the finding \(given.finding.name): correct it first, or "
          + "accept it.", field: "\(field).outcome")
    }
  }

  private static func kinds(
    of event: StreamEvent, in state: StreamState?, given reader: some HistoryReader
  ) -> Set<FindingKind> {
    var kinds = Set(
      Plausibility.contradictions(of: event, in: state, given: reader).map(\.kind))
    let policy = SkillPolicy(reader.policy(of: reader.registryStream, on: reader.today))
    if let state = state?.enrolment,
      let short = Plausibility.shortfall(state, by: policy, given: reader),
      case .enrolment(.completed) = event.body
    {
      kinds.insert(short.kind)
    }
    return kinds
  }
}

extension Rejection {
  fileprivate init(_ found: Contradiction) {
    let code: Code
    switch found.kind {
    case .evidenceLater: code = .badEvidence
    case .idIsNumber: code = .personalData
    case .dayToCome, .dayLongPast, .beforeService, .afterDeath, .awardedAfterDeath,
      .afterSeparation, .belowPassMark, .failedAbovePassMark, .validBeforeAward,
      .prerequisiteNotMet, .deprecatedSkill, .creditsAgainstHours, .documentOfTwo, .numberOfTwo,
      .successorOfAnother, .nonCompliantBeforeDue, .beforeCohort, .trainingGone:
      code = .inconsistent
    }
    self.init(code, found.sentence, field: found.field)
  }
}
