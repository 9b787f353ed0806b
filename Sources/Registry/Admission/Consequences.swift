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
    let after = annals.standing(of: stream).appending(event)
    var rounds = Rounds(own: stream, annals: annals)
    for tie in Tie.all(of: after) { try rounds.check(tie) }
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

  /// What the stream is bound to through time, in the order of the days.
  static func all(of standing: Standing) -> [Tie] {
    var ties: [Tie] = []
    var state: StreamState?
    for at in standing.foldOrder {
      let event = standing.events[at]
      state = StreamState.evolve(state, by: event)
      if let last = ties.last, last.to == state?.tie { continue }
      if !ties.isEmpty { ties[ties.count - 1].until = event.occasion.effective }
      ties.append(
        Tie(from: event.occasion.effective, until: .distantFuture, to: state?.tie))
    }
    return ties.filter { $0.from < $0.until }
  }
}

/// Follows what streams are bound to, on every day on which one of those met is bound anew.
private struct Rounds<A: Annals> {
  let own: StreamID
  let annals: A
  private var met: [Identifier: [Tie]] = [:]

  init(own: StreamID, annals: A) {
    self.own = own
    self.annals = annals
  }

  mutating func check(_ tie: Tie) throws(Rejection) {
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

  private mutating func ties(of key: Identifier) -> [Tie] {
    if let known = met[key] { return known }
    let ties = Tie.all(of: annals.standing(of: StreamID(own.kind, key)))
    met[key] = ties
    return ties
  }
}
