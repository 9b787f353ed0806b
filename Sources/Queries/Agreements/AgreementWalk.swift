import Messages
import Projections
import Registry
import RegistryStorage

/// The one walk through what counts under an agreement, behind the dashboard's numbers and behind
/// what explains them: in slices, since an agreement may have a hundred thousand trainings, each of
/// which is folded where an older position is asked about.
///
/// Each training is lent once, under the first of the programmes that it counts under: cohort after
/// cohort, then what is attributed one by one; what counts under the agreement directly comes last.
/// Between slices things are recorded; whoever is moved meanwhile is found in the log as those are
/// who were moved before, and all is told as of one position.
struct AgreementWalk: Sendable {
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
    /// Who was there; once all were looked at in their order, the next one last.
    var found: [(officer: Identifier, training: CountedTraining)] = []
    var isOrdered = false

    mutating func order() {
      switch place {
      case .cohort:
        found.sort {
          ($0.officer, $0.training.row.enrolment) > ($1.officer, $1.training.row.enrolment)
        }
      case .attributed: found.sort { $0.training.row.enrolment > $1.training.row.enrolment }
      }
      isOrdered = true
    }
  }

  private var moved: MovedSince
  private var seenMoved: Set<Identifier> = []
  /// Who was where at the position, of those who were moved since.
  private var movedFrom: [Place: Set<Identifier>] = [:]
  private var movedUnder: [StreamID: Set<Identifier>] = [:]
  /// What is still to be gone through, the next one last.
  private var places: [(under: StreamID, place: Place)]
  private var portion: Portion?
  private var counted: Set<Identifier> = []

  init(_ trainings: AgreementTrainings) throws {
    moved = MovedSince(trainings.position)
    var places: [(StreamID, Place)] = []
    let direct = StreamID(.agreement, trainings.agreement)
    for under in try trainings.programmes().map(\.stream) + [direct] {
      places += trainings.cohorts(under: under).map { (under, .cohort($0.id)) }
      places.append((under, .attributed))
    }
    self.places = places.reversed().map { (under: $0.0, place: $0.1) }
  }

  /// Bytes that it keeps, about.
  var gatheredBytes: Int {
    (portion?.found.count ?? 0) * MemoryLayout<CountedTraining>.stride
      + (counted.count + seenMoved.count + (portion?.candidates.count ?? 0))
      * MemoryLayout<Identifier>.stride
  }

  /// Goes on until the slice is over; at least one more is looked at or lent.
  ///
  /// - Returns: true when everything was lent.
  mutating func work(
    _ trainings: AgreementTrainings, _ slice: TimeSlice, _ body: (CountedTraining) throws -> Void
  ) throws -> Bool {
    guard try followMoves(trainings, slice) else { return false }
    if portion == nil { portion = try begin(trainings) }
    while var next = portion {
      // Held once, so that what it has is not copied for each change.
      portion = nil
      guard try look(&next, trainings, slice) else {
        portion = next
        return false
      }
      if !next.isOrdered { next.order() }
      while let (_, training) = next.found.popLast() {
        if counted.insert(training.row.enrolment).inserted { try body(training) }
        if !next.found.isEmpty, slice.isOver {
          portion = next
          return false
        }
      }
      portion = try begin(trainings)
      if portion != nil, slice.isOver { return false }
    }
    return true
  }

  /// Finds where those were who were moved since, each once.
  private mutating func followMoves(
    _ trainings: AgreementTrainings, _ slice: TimeSlice
  ) throws -> Bool {
    let readModel = trainings.session.readModel
    guard try moved.look(until: readModel.asOf, readModel, slice) else { return false }
    while let enrolment = moved.found.popLast() {
      guard seenMoved.insert(enrolment).inserted,
        let state = try readModel.state(
          of: StreamID(.enrolment, enrolment), on: trainings.day, knownAt: trainings.position)?
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
    guard let (under, place) = places.popLast() else { return nil }
    let (session, readModel) = (trainings.session, trainings.session.readModel)
    switch place {
    case .cohort(let id):
      let terms = readModel.sharedStreams.state(
        of: StreamID(.cohort, id), on: trainings.day, knownAt: trainings.position)?.cohort?.terms
      let track = terms.flatMap {
        readModel.sharedStreams.edition(of: $0, knownAt: trainings.position)?.track
      }
      let (exact, folded) = try session.storedRoll(
        of: id, on: trainings.day, knownAt: trainings.position)
      return Portion(
        under: under, place: place, track: track,
        candidates: Array(folded.union(movedFrom[place] ?? [])),
        found: exact.map { entry in
          (entry.officer, trainings.training(under, id, track, entry.officer, entry.row))
        })
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
}
