import Messages
import Registry

/// The rows that follow from one stream's head, and for a completion from its cohort's course.
public enum DerivedRows {
  /// - Parameter course: the course of a cohort as last known.
  public static func of(
    _ stream: StreamID, _ head: StreamHead?, course: (Identifier) -> Identifier?
  ) -> [ViewRow] {
    // Where no event stands there is nothing to be found by: the rows go.
    guard let head, let state = head.state, let last = head.last?.effective else {
      let isGone = stream.kind == .officer && head != nil
      return isGone ? [ViewRow(.unregistered, key: ViewKey.of(stream.key))] : []
    }
    switch state {
    case .officer(let state): return officer(state, stream)
    case .enrolment(let state): return enrolment(state, stream, last, course)
    case .credential(let state): return credential(state, stream)
    case .submission(let state): return submission(state, stream, last)
    case .skillClaim(let state):
      return [
        attained(
          .skill(state.claim.skill.framework, state.claim.skill.skill),
          state.claim.officer, stream)
      ]
    case .duty(let state):
      return [
        ViewRow(
          .duties,
          key: ViewKey.parts(state.holder.mandate, state.holder.officer, stream.key),
          value: DutyRow(state, last: last).encoded)
      ]
    // What is shared is kept in memory, and its heads alone are stored.
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      return []
    }
  }

  private static func officer(_ state: Officer, _ stream: StreamID) -> [ViewRow] {
    var rows = [
      ViewRow(.roster, key: ViewKey.of(stream.key), value: RosterRow.encoded(state.spans))
    ]
    // Few: a list is looked through faster than a set.
    var places: [KeyPrefix] = []
    func add(_ place: KeyPrefix) {
      guard !places.contains(place) else { return }
      places.append(place)
      rows.append(ViewRow(.posted, key: ViewKey.parts(place, stream.key)))
    }
    // Of every posting there ever was: who asks about an earlier day enters by the place of then.
    for span in state.spans {
      guard let posting = span.posting else { continue }
      add(.organisation(posting.organisation))
      if let county = posting.county { add(.county(county)) }
    }
    return rows
  }

  private static func enrolment(
    _ state: Enrolment, _ stream: StreamID, _ last: Day, _ course: (Identifier) -> Identifier?
  ) -> [ViewRow] {
    var rows = [
      ViewRow(
        .rolls,
        key: ViewKey.parts(state.seat.cohort, state.seat.officer, stream.key),
        value: RollRow(state, stream.key, last: last).encoded)
    ]
    // On an earlier day it was of another cohort, or counted under something else.
    let counted = state.earlierAttributions + [state.attributedTo].compactMap(\.self)
    let cohorts = state.earlierCohorts.map { StreamID(.cohort, $0) }
    for place in Set(counted + cohorts) {
      rows.append(ViewRow(.attributed, key: ViewKey.parts(place, stream.key)))
    }
    // Also where it was taken back: who asks about a day before that finds it by the row.
    if state.onceCompleted, let course = course(state.seat.cohort) {
      rows.append(completed(course, state.seat.officer, stream, CompletedRow(state, last: last)))
    }
    return rows
  }

  private static func credential(_ state: Credential, _ stream: StreamID) -> [ViewRow] {
    let terms = state.terms
    var rows = [
      ViewRow(
        .certificates,
        key: ViewKey.certificate(terms.issuer, terms.number) + [0] + ViewKey.of(stream.key),
        value: Array(terms.number.utf8)),
      ViewRow(.held, key: ViewKey.parts(terms.holder, stream.key)),
    ]
    for course in terms.courses {
      rows.append(attained(.course(course), terms.holder, stream))
    }
    for level in terms.skills {
      rows.append(attained(.skill(level.framework, level.skill), terms.holder, stream))
    }
    return rows
  }

  private static func submission(
    _ state: Submission, _ stream: StreamID, _ last: Day
  ) -> [ViewRow] {
    var rows = state.paper.skills.map {
      attained(.skill($0.framework, $0.skill), state.paper.officer, stream)
    }
    // What a paper says counts once it is verified; found it must be before, by who asks what is
    // claimed.
    guard state.status == .verified else { return rows }
    for course in state.paper.courses {
      rows.append(completed(course, state.paper.officer, stream, CompletedRow(state, last: last)))
    }
    return rows
  }

  private static func attained(
    _ what: KeyPrefix, _ officer: Identifier, _ stream: StreamID
  ) -> ViewRow {
    ViewRow(.attained, key: ViewKey.parts(what, officer, stream))
  }

  static func completed(
    _ course: Identifier, _ officer: Identifier, _ stream: StreamID, _ row: CompletedRow
  ) -> ViewRow {
    ViewRow(
      .completed, key: ViewKey.parts(course, officer, stream), value: row.encoded)
  }
}
