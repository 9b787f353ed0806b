import Messages
import Projections
import Registry

/// A stream: each of its events and what became of it, then what it rests on.
extension Explanation {
  func reasons(for stream: StreamID) throws -> [Reasons.Reason] {
    let standing = try records.standing(of: stream, knownAt: position)
    let state = standing.fold(until: day).state
    let officer = owner(of: stream, state ?? standing.fold().state)
    var because: [Int: String] = [:]
    var before: StreamState?
    for at in standing.foldOrder {
      let event = standing.events[at]
      guard event.occasion.effective <= day else {
        because[at] = "takes effect after \(day.text): says nothing of that day"
        continue
      }
      let after = StreamState.evolve(before, by: event)
      switch (before?.statusName, after?.statusName) {
      case (nil, let status?): because[at] = "begins it: \(status)"
      case (let old?, let new?) where old != new: because[at] = "makes \(old) into \(new)"
      case (_, let status?): because[at] = "adds to it; it stays \(status)"
      case (_, nil): because[at] = "says nothing by itself"
      }
      before = after
    }
    var reasons: [Reasons.Reason] = []
    for (at, event) in standing.events.enumerated() {
      let text: String
      switch standing.fates[at] {
      case .stands: text = because[at] ?? event.body.eventName
      case .voided(let by): text = "no longer stands: voided \(try records.stored(by).byWhom)"
      case .corrected(let by):
        text = "no longer stands: corrected \(try records.stored(by).byWhom)"
      case .act:
        let named = event.corrects?.text ?? "another"
        text = event.body == .voided(Voided()) ? "voids event \(named)" : "restores event \(named)"
      }
      reasons.append(
        .event(event.occasion.position, .init(officer: officer, because: text)))
    }
    return reasons + (try supports(stream, state, officer))
  }

  /// What a stream's answer rests on besides its own events.
  private func supports(
    _ stream: StreamID, _ state: StreamState?, _ officer: Identifier?
  ) throws -> [Reasons.Reason] {
    switch state {
    case .credential(let state):
      return try state.terms.evidence.compactMap { id in
        guard let at = try place(of: id) else { return nil }
        let found = try records.stored(at)
        let now = try records.state(of: found.stream, on: day, knownAt: position)
        let stands = now?.evidence?.isCited(by: id) ?? false
        return .event(
          at,
          .init(
            officer: officer,
            because: stands
              ? "the credential rests on it"
              : "the credential rests on it, but it does not stand that day: evidence withdrawn"))
      }
    case .enrolment(let state): return try training(state, officer)
    default: return []
    }
  }

  /// What makes a training what it is: its cohort, the edition it taught, who was authorised.
  func training(_ state: Enrolment, _ officer: Identifier?) throws -> [Reasons.Reason] {
    let cohort = StreamID(.cohort, state.seat.cohort)
    guard
      let terms = records.catalogue.state(of: cohort, knownAt: position)?.cohort?.terms
    else { return [] }
    var reasons: [Reasons.Reason] = []
    if let at = first(of: cohort) {
      reasons.append(
        .event(
          at,
          .init(
            because: "the cohort teaches \(terms.course.text) edition \(terms.edition), by "
              + terms.organisation.text)))
    }
    let published = records.catalogue.history(of: StreamID(.course, terms.course))
    let standing = Standing(published.filter { $0.occasion.position < position })
    for at in standing.foldOrder {
      guard case .course(.published(let given)) = standing.events[at].body,
        given.edition == terms.edition
      else { continue }
      let taught = given.outcomes.map {
        "\($0.framework.text)/\($0.skill.text) level \($0.level)"
      }
      reasons.append(
        .event(
          standing.events[at].occasion.position,
          .init(
            because: "the edition teaches "
              + (taught.isEmpty ? "no skill that is named" : taught.joined(separator: ", ")))))
    }
    guard let completion = state.completion,
      let edition = records.catalogue.edition(of: terms, knownAt: position)
    else { return reasons }
    for (id, authorisation) in records.catalogue.authorisations(
      of: terms.organisation, on: completion.day, knownAt: position)
    where authorisation.covers(terms.course, edition, on: completion.day) {
      reasons.append(
        .event(
          authorisation.since.position,
          .init(
            because: "\(terms.organisation.text) was authorised for it on "
              + "\(completion.day.text): authorisation/\(id.text) \(authorisation.status.name)")))
    }
    return reasons
  }

  /// The event that begins a shared stream, of those that stand.
  func first(of stream: StreamID) -> LogPosition? {
    let standing = Standing(
      records.catalogue.history(of: stream).filter { $0.occasion.position < position })
    return standing.foldOrder.first.map { standing.events[$0].occasion.position }
  }
}
