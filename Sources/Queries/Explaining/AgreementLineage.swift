import Messages
import Projections
import Registry
import RegistryStorage

/// What a number of an agreement's dashboard counts, found in slices: an agreement may have a
/// hundred thousand trainings, each of which is folded where an older position is asked about.
///
/// It counts what `AgreementTrainings.each` does, in the same order: cohort after cohort, then what
/// is attributed one by one. Between slices things are recorded; whoever is moved meanwhile is
/// found in the log as those are who were moved before.
struct AgreementLineage: Sendable {
  private enum Place: Sendable, Hashable {
    case cohort(Identifier)
    case attributed
  }

  /// A place with those who may have been there.
  private struct Portion: Sendable {
    var under: StreamID
    var place: Place
    var track: Track?
    /// Not looked at yet, the next one last.
    var candidates: [Identifier]
    var found: [(officer: Identifier, training: CountedTraining)] = []
  }

  private let number: AgreementNumber
  private var moved: MovedSince
  private var seenMoved: Set<Identifier> = []
  /// Who was where at the position, of those who were moved since.
  private var movedFrom: [Place: Set<Identifier>] = [:]
  private var movedUnder: [StreamID: Set<Identifier>] = [:]
  /// What is still to be gone through, the next one last; nil before it is known.
  private var places: [(under: StreamID, place: Place)]?
  private var portion: Portion?
  private var counted: Set<Identifier> = []
  private var lineage: [Lineage.Item] = []
  /// Each person once, by what they completed first.
  private var first: [Identifier: CountedTraining] = [:]

  init(_ number: AgreementNumber, knownAt position: LogPosition) {
    self.number = number
    moved = MovedSince(position)
  }

  /// Bytes that it keeps, about.
  var gatheredBytes: Int {
    (lineage.count + first.count) * MemoryLayout<CountedTraining>.stride
      + (counted.count + seenMoved.count) * MemoryLayout<Identifier>.stride
  }

  /// The lineage; nil when the slice was over first.
  mutating func work(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> [Lineage.Item]? {
    let trainings = AgreementTrainings(
      explanation.session, number.agreement, on: explanation.day, knownAt: explanation.position)
    if places == nil {
      let stream = StreamID(.agreement, number.agreement)
      guard
        let state = try explanation.readModel.state(
          of: stream, on: explanation.day, knownAt: explanation.position)?.agreement
      else { return [] }
      if number.figure == .reported { return try explanation.reported(stream, state, number) }
      try plan(trainings, explanation)
    }
    guard try followMoves(explanation, slice) else { return nil }
    if portion == nil { portion = try begin(trainings) }
    while var next = portion {
      portion = nil
      guard try look(&next, trainings, slice) else {
        portion = next
        return nil
      }
      take(next, explanation)
      portion = try begin(trainings)
      if portion != nil, slice.isOver { return nil }
    }
    return lineage
      + first.values.sorted { $0.person < $1.person }.map { .training($0, .people) }
  }

  private func isAsked(_ under: StreamID) -> Bool {
    number.programme.map { under.key == $0 } ?? true
  }

  private mutating func plan(
    _ trainings: AgreementTrainings, _ explanation: Explanation
  ) throws {
    var places: [(StreamID, Place)] = []
    let programmes = try trainings.programmes().map(\.stream)
    for under in programmes + [StreamID(.agreement, number.agreement)] {
      places += trainings.cohorts(under: under).map { (under, .cohort($0.id)) }
      places.append((under, .attributed))
    }
    for programme in programmes where isAsked(programme) {
      lineage += try explanation.links(of: programme, to: number.agreement)
    }
    self.places = places.reversed().map { (under: $0.0, place: $0.1) }
  }

  /// Finds where those were who were moved since, each once.
  private mutating func followMoves(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> Bool {
    let readModel = explanation.readModel
    guard try moved.look(until: readModel.asOf, readModel, slice) else { return false }
    while let enrolment = moved.found.popLast() {
      guard seenMoved.insert(enrolment).inserted,
        let state = try readModel.state(
          of: StreamID(.enrolment, enrolment), on: explanation.day, knownAt: explanation.position)?
          .enrolment
      else { continue }
      movedFrom[.cohort(state.seat.cohort), default: []].insert(enrolment)
      if let under = state.attributedTo { movedUnder[under, default: []].insert(enrolment) }
      if !moved.found.isEmpty, slice.isOver { return false }
    }
    return true
  }

  /// The next place; nil after the last.
  private mutating func begin(_ trainings: AgreementTrainings) throws -> Portion? {
    guard let (under, place) = places?.popLast() else { return nil }
    let (session, readModel) = (trainings.session, trainings.session.readModel)
    switch place {
    case .cohort(let id):
      let terms = readModel.sharedStreams.state(
        of: StreamID(.cohort, id), on: trainings.day, knownAt: trainings.position)?.cohort?.terms
      return Portion(
        under: under, place: place,
        track: terms.flatMap {
          readModel.sharedStreams.edition(of: $0, knownAt: trainings.position)?.track
        },
        candidates: Array(
          try session.enrolmentsOnRoll(of: id).union(movedFrom[place] ?? [])))
    case .attributed:
      let all = Set(try session.enrolments(attributedTo: under.text))
        .union(movedUnder[under] ?? [])
      return Portion(under: under, place: place, candidates: Array(all))
    }
  }

  /// Judges who may have been there by what was known; at least one.
  private func look(
    _ portion: inout Portion, _ trainings: AgreementTrainings, _ slice: TimeSlice
  ) throws -> Bool {
    let (readModel, position) = (trainings.session.readModel, trainings.position)
    while let enrolment = portion.candidates.popLast() {
      if !counted.contains(enrolment),
        let state = try readModel.state(
          of: StreamID(.enrolment, enrolment), on: trainings.day, knownAt: position)?.enrolment
      {
        let (isThere, track): (Bool, Track?)
        switch portion.place {
        case .cohort(let id): (isThere, track) = (state.seat.cohort == id, portion.track)
        case .attributed:
          isThere = state.attributedTo == portion.under
          track = readModel.sharedStreams.state(
            of: StreamID(.cohort, state.seat.cohort), knownAt: position)?.cohort
            .flatMap { readModel.sharedStreams.edition(of: $0.terms, knownAt: position)?.track }
        }
        if isThere {
          portion.found.append(
            (
              state.seat.officer,
              trainings.training(
                portion.under, state.seat.cohort, track, state.seat.officer,
                RollRow(state, enrolment, last: trainings.day))
            ))
        }
      }
      if !portion.candidates.isEmpty, slice.isOver { return false }
    }
    return true
  }

  /// Counts those of a place, in their order.
  private mutating func take(_ portion: Portion, _ explanation: Explanation) {
    let found =
      switch portion.place {
      case .cohort:
        portion.found.sorted {
          ($0.officer, $0.training.row.enrolment) < ($1.officer, $1.training.row.enrolment)
        }
      case .attributed:
        portion.found.sorted { $0.training.row.enrolment < $1.training.row.enrolment }
      }
    for (_, training) in found where counted.insert(training.row.enrolment).inserted {
      guard isAsked(training.under), explanation.counts(training, for: number.figure) else {
        continue
      }
      guard number.figure == .people else {
        lineage.append(.training(training, number.figure))
        continue
      }
      func order(_ row: RollRow) -> (Day, Identifier) {
        (row.completedOn ?? .distantFuture, row.enrolment)
      }
      if let known = first[training.person], order(known.row) < order(training.row) { continue }
      first[training.person] = training
    }
  }
}
