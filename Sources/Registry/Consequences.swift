/// What no stream's own rules can see: what an event would make of other streams, on days other
/// than its own. A void is judged by nothing else.
extension Judgement {
  /// No event rewrites more rows than `rewrittenRowsMax`.
  static func checkRows(
    of proposal: Proposal, from head: StreamHead?, to after: StreamHead, given world: some World
  ) throws(Rejection) {
    let cohort = proposal.stream.key
    guard proposal.stream.kind == .cohort, let before = head?.state?.cohort?.terms.course,
      before != after.state?.cohort?.terms.course, world.enrolments(in: cohort) > rewrittenRowsMax
    else { return }
    let course = after.state?.cohort.map { "\(before.text) to \($0.terms.course.text)" }
    throw Rejection(
      proposal.corrects == nil ? .inconsistent : .notCorrectable,
      "The cohort \(cohort.text) has more than \(rewrittenRowsMax) enrolments, and its course would "
        + (course.map { "change from \($0)" } ?? "be gone")
        + ": plan another cohort, and move the enrolments there (`transferred`).",
      field: proposal.corrects == nil ? nil : "corrects")
  }

  /// Nothing stands under itself or is merged into itself, on any day and by any way round.
  static func checkRounds(adding event: StreamEvent, given annals: some Annals) throws(Rejection) {
    let stream = event.occasion.stream
    guard stream.kind == .officer || stream.kind == .organisation else { return }
    if event.corrects == nil, !event.body.ties { return }
    let after = Standing(annals.history(of: stream) + [event])
    var ties: [Tie] = []
    var state: StreamState?
    for at in after.foldOrder {
      let standing = after.events[at]
      state = StreamState.evolve(state, by: standing)
      let day = standing.occasion.effective
      guard ties.last?.to != state?.tie || ties.isEmpty else { continue }
      if !ties.isEmpty { ties[ties.count - 1].until = day }
      ties.append(Tie(from: day, until: .distantFuture, to: state?.tie))
    }
    for tie in ties where tie.from < tie.until {
      try tie.check(stream, given: annals)
    }
  }
}

extension Proposal.Body {
  /// Whether it may bind its stream to another: put it under it, or merge it into it.
  fileprivate var ties: Bool {
    switch self {
    case .officer(.mergedInto), .organisation(.registered), .organisation(.movedUnder): true
    default: false
    }
  }
}

extension StreamState {
  /// What an officer's record is merged into, or an organisation stands under.
  fileprivate var tie: Identifier? {
    switch self {
    case .officer(let state): state.mergedInto
    case .organisation(let state): state.parent
    default: nil
    }
  }
}

/// What a stream is bound to, from a day until another.
private struct Tie {
  var from: Day
  var until: Day
  var to: Identifier?

  /// Follows what there is to be followed, on each day on which one of those met changes.
  func check(_ own: StreamID, given annals: some Annals) throws(Rejection) {
    guard let to else { return }
    var asked: Set<Day> = []
    var days = [from]
    var met: Set<Identifier> = []
    while let day = days.popLast() {
      guard asked.insert(day).inserted else { continue }
      var way = [own.key.text]
      var current: Identifier? = to
      while let next = current, way.count <= Organisation.depthMax {
        way.append(next.text)
        guard next != own.key else {
          throw Rejection(
            .inconsistent,
            "On \(day.text) it would go round: \(way.joined(separator: " → ")). Correct or void one "
              + "of these first.")
        }
        let stream = StreamID(own.kind, next)
        if met.insert(next).inserted {
          days += annals.days(of: stream).filter { from < $0 && $0 < until }
        }
        current = annals.state(of: stream, on: day)?.tie
      }
    }
  }
}
