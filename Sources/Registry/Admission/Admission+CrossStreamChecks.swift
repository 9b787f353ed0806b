/// Checks across streams and days, which no stream's own rules can make. They are the only checks
/// of a void.
extension Admission {
  /// No event rewrites more rows than `rewrittenRowsMax`.
  static func checkRows(
    of proposal: Proposal, from head: StreamHead?, to after: StreamHead,
    given context: some DecisionContext
  ) throws(Rejection) {
    let cohort = proposal.stream.key
    guard proposal.stream.kind == .cohort, let before = head?.state?.cohort?.terms.course,
      before != after.state?.cohort?.terms.course, context.enrolments(in: cohort) > rewrittenRowsMax
    else { return }
    let course = after.state?.cohort.map { "\(before.text) to \($0.terms.course.text)" }
    throw Rejection(
      proposal.corrects == nil ? .inconsistent : .notCorrectable,
      "The cohort \(cohort.text) has more than \(rewrittenRowsMax) enrolments, and its course would "
        + (course.map { "change from \($0)" } ?? "be gone")
        + ": plan another cohort, and move the enrolments there (`transferred`).",
      field: proposal.corrects == nil ? nil : "corrects")
  }

  /// No organisation is below itself and no record is merged into itself, on any day, directly or
  /// through others.
  static func checkCycles(adding event: StreamEvent, given reader: some HistoryReader)
    throws(Rejection)
  {
    let stream = event.metadata.stream
    guard stream.kind == .officer || stream.kind == .organisation else { return }
    if event.corrects == nil, !event.body.ties { return }
    let after = reader.effectiveHistory(of: stream).appending(event)
    var rounds = CycleCheck(own: stream, reader: reader)
    for tie in ParentLink.all(of: after) { try rounds.check(tie) }
  }
}

extension Proposal.Body {
  /// Whether it may link its stream to a parent: an organisation above it, or the record that it is
  /// merged into.
  fileprivate var ties: Bool {
    switch self {
    case .officer(.mergedInto), .organisation(.registered), .organisation(.movedUnder): true
    case .organisation(.roleAdded), .organisation(.roleEnded), .organisation(.renamed),
      .organisation(.mergedInto), .organisation(.splitInto), .organisation(.closed),
      .officer(.registered), .officer(.identifierAdded), .officer(.identifierEnded),
      .officer(.posted), .officer(.actingStarted), .officer(.actingEnded), .officer(.promoted),
      .officer(.seconded), .officer(.secondmentEnded), .officer(.leaveStarted),
      .officer(.leaveEnded), .officer(.suspended), .officer(.reinstated), .officer(.separated),
      .officer(.returned), .officer(.died), .officer(.mergeReversed):
      false
    case .registry, .framework, .authorisation, .instrument, .agreement, .programme, .course,
      .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate, .duty, .voided,
      .restored:
      false
    }
  }
}

extension StreamState {
  /// What an officer's record is merged into, or an organisation stands under.
  fileprivate var tie: Identifier? {
    switch self {
    case .officer(let state): state.mergedInto
    case .organisation(let state): state.parent
    case .registry, .framework, .authorisation, .instrument, .agreement, .programme, .course,
      .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate, .duty:
      nil
    }
  }
}

/// A link to a parent organisation or surviving record, from one day until another.
private struct ParentLink {
  var from: Day
  var until: Day
  var to: Identifier?

  /// The stream's links through time, in the order of the days.
  static func all(of standing: EffectiveHistory) -> [ParentLink] {
    var ties: [ParentLink] = []
    var state: StreamState?
    for at in standing.foldOrder {
      let event = standing.events[at]
      state = StreamState.evolve(state, by: event)
      if let last = ties.last, last.to == state?.tie { continue }
      if !ties.isEmpty { ties[ties.count - 1].until = event.metadata.effective }
      ties.append(
        ParentLink(from: event.metadata.effective, until: .distantFuture, to: state?.tie))
    }
    return ties.filter { $0.from < $0.until }
  }
}

/// Follows the links upwards, on every day on which a link on the way changes.
private struct CycleCheck<A: HistoryReader> {
  let own: StreamID
  let reader: A
  private var visited: [Identifier: [ParentLink]] = [:]

  init(own: StreamID, reader: A) {
    self.own = own
    self.reader = reader
  }

  mutating func check(_ tie: ParentLink) throws(Rejection) {
    guard let first = tie.to else { return }
    var days = [tie.from]
    var asked: Set<Day> = []
    var seen: Set<Identifier> = []
    while let day = days.popLast() {
      guard asked.insert(day).inserted else { continue }
      var way = [own.key.text]
      var current: Identifier? = first
      while let next = current, way.count <= Organisation.depthMax {
        way.append(next.text)
        guard next != own.key else {
          throw Rejection(
            .inconsistent,
            "On \(day.text) it would go round: \(way.joined(separator: " → ")). Correct or void one "
              + "of these first.")
        }
        let ties = ties(of: next)
        if seen.insert(next).inserted {
          days += ties.lazy.map(\.from).filter { tie.from < $0 && $0 < tie.until }
        }
        current = ties.last { $0.from <= day }?.to
      }
    }
  }

  private mutating func ties(of key: Identifier) -> [ParentLink] {
    if let known = visited[key] { return known }
    let ties = ParentLink.all(of: reader.effectiveHistory(of: StreamID(own.kind, key)))
    visited[key] = ties
    return ties
  }
}
