import Messages
import Projections
import Registry

/// A number of an agreement's dashboard: how its programmes came under it, then what was counted.
extension Explanation {
  func reasons(for number: AgreementNumber) throws -> [Reasons.Reason] {
    let stream = StreamID(.agreement, number.agreement)
    guard
      let state = try records.state(of: stream, on: day, knownAt: position)?.agreement
    else { return [] }
    if number.figure == .reported { return try reported(stream, state, number) }
    let trainings = try AgreementTrainings(desk, number.agreement, on: day, knownAt: position)
    func isAsked(_ under: StreamID) -> Bool {
      number.programme.map { under.key == $0 } ?? true
    }
    var reasons: [Reasons.Reason] = []
    for (programme, _) in try trainings.programmes() where isAsked(programme) {
      reasons += try links(of: programme, to: number.agreement)
    }
    var first: [Identifier: CountedTraining] = [:]
    try trainings.each { training in
      guard isAsked(training.under), counts(training, for: number.figure) else { return }
      guard number.figure == .people else {
        return reasons.append(.training(training, number.figure))
      }
      // Each person once, by what they completed first.
      func order(_ row: RollRow) -> (Day, Identifier) {
        (row.completedOn ?? .distantFuture, row.enrolment)
      }
      if let known = first[training.person], order(known.row) < order(training.row) {
        return
      }
      first[training.person] = training
    }
    return reasons
      + first.values.sorted { $0.person < $1.person }.map { .training($0, .people) }
  }

  private func counts(_ training: CountedTraining, for figure: AgreementFigure) -> Bool {
    switch figure {
    case .people, .completions: training.row.completedOn != nil
    case .awards: training.row.awards > 0
    case .enrolled: training.row.status.takesSeat
    case .reported: false
    }
  }

  /// The events that link a programme to the agreement, by the day asked about.
  private func links(
    of programme: StreamID, to agreement: Identifier
  ) throws -> [Reasons.Reason] {
    let standing = try records.standing(of: programme, knownAt: position)
    return standing.foldOrder.compactMap { at in
      let event = standing.events[at]
      guard case .programme(.linkedToAgreement(let given)) = event.body,
        given.agreement == agreement, event.occasion.effective <= day
      else { return nil }
      return .event(
        event.occasion.position,
        .init(because: "\(programme.text) counts under the agreement since then"))
    }
  }

  /// The reports of people who are no registered officers, each with its number.
  private func reported(
    _ stream: StreamID, _ state: Agreement, _ number: AgreementNumber
  ) throws -> [Reasons.Reason] {
    let standing = try records.standing(of: stream, knownAt: position)
    return standing.foldOrder.compactMap { at in
      let event = standing.events[at]
      guard case .agreement(.aggregateReported(let given)) = event.body,
        state.aggregates.contains(given),
        number.programme == nil || given.programme == number.programme
      else { return nil }
      let people = given.people.number
      return .event(
        event.occasion.position,
        .init(
          because: people.map {
            "\($0) \(given.population.name) reported, who are no registered officers"
          } ?? "reported in words: adds no number",
          counts: people ?? 0))
    }
  }

  /// The events of a training that make it count, each with what it adds.
  func lines(
    _ training: CountedTraining, _ figure: AgreementFigure
  ) throws -> (lines: [ExplainLine], counted: UInt64) {
    let stream = StreamID(.enrolment, training.row.enrolment)
    let standing = try records.standing(of: stream, knownAt: position)
    let state = standing.fold(until: day).state?.enrolment
    let under =
      "cohort \(training.cohort.text), counted under \(training.under.text)"
    func line(_ at: Int, _ because: String) throws -> ExplainLine {
      try self.line(
        standing.events[at].occasion.position,
        .init(officer: training.person, because: because))
    }
    switch figure {
    case .people, .completions:
      guard let event = state?.completion?.eventID, let at = standing.index(of: event) else {
        return ([], 0)
      }
      return ([try line(at, (figure == .people ? "counts the person once: " : "") + under)], 1)
    case .awards:
      let lines = try (state?.awards ?? []).compactMap { award in
        try standing.foldOrder.last { at in
          if case .enrolment(.awardConferred(let given)) = standing.events[at].body {
            return given.award == award && standing.events[at].occasion.effective <= day
          }
          return false
        }.map { try line($0, "award \(award.text): \(under)") }
      }
      return (lines, UInt64(lines.count))
    case .enrolled:
      guard let at = standing.foldOrder.first else { return ([], 0) }
      return ([try line(at, "\(training.row.status.name): \(under)")], 1)
    case .reported: return ([], 0)
    }
  }
}
