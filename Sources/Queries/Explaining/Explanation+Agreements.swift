import Messages
import Projections
import Registry
import RegistryStorage

/// A number of an agreement's dashboard: how its programmes came under it, then what was counted
/// (see `AgreementLineage`).
extension Explanation {
  func counts(_ training: CountedTraining, for figure: AgreementFigure) -> Bool {
    switch figure {
    case .people, .completions: training.row.completedOn != nil
    case .awards: training.row.awards > 0
    case .enrolled: training.row.status.takesSeat
    case .reported: false
    }
  }

  /// The events that link a programme to the agreement, by the day asked about.
  func links(
    of programme: StreamID, to agreement: Identifier
  ) throws -> [Lineage.Item] {
    let standing = try readModel.effectiveHistory(of: programme, knownAt: position)
    return standing.foldOrder.compactMap { at in
      let event = standing.events[at]
      guard case .programme(.linkedToAgreement(let given)) = event.body,
        given.agreement == agreement, event.metadata.effective <= day
      else { return nil }
      return .event(
        event.metadata.position,
        .init(because: "\(programme.text) counts under the agreement since then"))
    }
  }

  /// The reports of people who are no registered officers, each with its number.
  func reported(
    _ stream: StreamID, _ state: Agreement, _ number: AgreementNumber
  ) throws -> [Lineage.Item] {
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    let reports = CountedReports(
      state.aggregates.filter {
        number.programme == nil || $0.programme == number.programme
      }, of: nil, by: day,
      Categories(readModel.sharedStreams.establishment(on: day, knownAt: position)))
    return standing.foldOrder.compactMap { at in
      let event = standing.events[at]
      guard case .agreement(.aggregateReported(let given)) = event.body else { return nil }
      let isCounted = reports.counted.contains(given)
      guard isCounted || reports.others.contains(given) else { return nil }
      let people = given.people.number
      return .event(
        event.metadata.position,
        .init(
          because: people.map {
            "\($0) \(given.population.name) reported, who are no registered officers"
              + (isCounted ? "" : ": not added, since another report tells of the same people")
          } ?? "reported in words: adds no number",
          counts: isCounted ? people ?? 0 : 0))
    }
  }

  /// The events of a training that make it count, each with what it adds.
  func events(
    of training: CountedTraining, _ figure: AgreementFigure
  ) throws -> (events: [Lineage.Event], counted: UInt64) {
    let stream = StreamID(.enrolment, training.row.enrolment)
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    let state = standing.fold(until: day).state?.enrolment
    let under =
      "cohort \(training.cohort.text), counted under \(training.under.text)"
    func said(_ at: Int, _ because: String) -> Lineage.Event {
      (
        standing.events[at].metadata.position,
        .init(officer: training.person, because: because)
      )
    }
    switch figure {
    case .people, .completions:
      guard let event = state?.completion?.eventID, let at = standing.index(of: event) else {
        return ([], 0)
      }
      return ([said(at, (figure == .people ? "counts the person once: " : "") + under)], 1)
    case .awards:
      let events = (state?.awards ?? []).compactMap { award in
        standing.foldOrder.last { at in
          if case .enrolment(.awardConferred(let given)) = standing.events[at].body {
            return given.award == award && standing.events[at].metadata.effective <= day
          }
          return false
        }.map { said($0, "award \(award.text): \(under)") }
      }
      return (events, UInt64(events.count))
    case .enrolled:
      guard let at = standing.foldOrder.first else { return ([], 0) }
      return ([said(at, "\(training.row.status.name): \(under)")], 1)
    case .reported: return ([], 0)
    }
  }
}
