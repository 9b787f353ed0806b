import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// A training that counts under an agreement.
struct CountedTraining {
  /// The programme that it counts under, or the agreement itself.
  var under: StreamID
  var cohort: Identifier
  var track: Track?
  /// In whose record it is found: two records that are merged are one person.
  var person: Identifier
  var row: RollRow
}

/// What counts under an agreement on a day as known before a position: the one enumeration behind
/// the dashboard's numbers and behind what explains them.
struct AgreementTrainings {
  let session: ReadSession
  let agreement: Identifier
  let day: Day
  let position: LogPosition
  /// Enrolments that later events moved: the rolls have them elsewhere by now.
  private let moved: Set<Identifier>

  /// - Parameter moved: those that events from the position on may have moved; needed for `each`.
  init(
    _ session: ReadSession, _ agreement: Identifier, on day: Day, knownAt position: LogPosition,
    moved: Set<Identifier> = []
  ) {
    self.session = session
    self.agreement = agreement
    self.day = day
    self.position = position
    self.moved = moved
  }

  private var readModel: RegistryReader { session.readModel }

  /// The programmes that are linked to the agreement that day, in the order of their keys.
  func programmes() throws -> [(stream: StreamID, state: Programme)] {
    readModel.sharedStreams.programmes(under: agreement).compactMap { id in
      let stream = StreamID(.programme, id)
      guard
        let state = readModel.sharedStreams.state(of: stream, on: day, knownAt: position)?
          .programme,
        state.agreements.contains(agreement)
      else { return nil }
      return (stream, state)
    }
  }

  /// The cohorts that are counted under a programme or agreement directly that day.
  func cohorts(under stream: StreamID) -> [(id: Identifier, state: Cohort)] {
    readModel.sharedStreams.cohorts(under: stream).compactMap { id in
      guard
        let state = readModel.sharedStreams.state(
          of: StreamID(.cohort, id), on: day, knownAt: position)?.cohort,
        state.attributedTo == stream
          || state.terms.programme.map({ StreamID(.programme, $0) == stream }) ?? false
      else { return nil }
      return (id, state)
    }
  }

  /// Lends each training once, under the first of the programmes that it counts under; what counts
  /// under the agreement directly comes last.
  func each(_ body: (CountedTraining) throws -> Void) throws {
    var counted: Set<Identifier> = []
    for stream in try programmes().map(\.stream) + [StreamID(.agreement, agreement)] {
      for (id, cohort) in cohorts(under: stream) {
        let track = readModel.sharedStreams.edition(of: cohort.terms, knownAt: position)?.track
        for entry in try session.roll(of: id, on: day, knownAt: position, moved: moved)
        where counted.insert(entry.row.enrolment).inserted {
          try body(training(stream, id, track, entry.officer, entry.row))
        }
      }
      for enrolment in try attributed(to: stream).sorted() where !counted.contains(enrolment) {
        guard
          let state = try readModel.state(
            of: StreamID(.enrolment, enrolment), on: day, knownAt: position)?.enrolment,
          state.attributedTo == stream
        else { continue }
        counted.insert(enrolment)
        let cohort = readModel.sharedStreams.state(
          of: StreamID(.cohort, state.seat.cohort), knownAt: position)?.cohort
        let track = cohort.flatMap {
          readModel.sharedStreams.edition(of: $0.terms, knownAt: position)
        }?.track
        try body(
          training(
            stream, state.seat.cohort, track, state.seat.officer,
            RollRow(state, enrolment, last: day)))
      }
    }
  }

  func training(
    _ under: StreamID, _ cohort: Identifier, _ track: Track?, _ officer: Identifier, _ row: RollRow
  ) -> CountedTraining {
    CountedTraining(
      under: under, cohort: cohort, track: track,
      person: readModel.sharedStreams.merges.owner(
        of: StreamID(.enrolment, row.enrolment), naming: officer, on: day, knownAt: position),
      row: row)
  }

  /// Enrolments that are, or may have been, attributed to a programme or agreement one by one.
  private func attributed(to stream: StreamID) throws -> Set<Identifier> {
    Set(try session.enrolments(attributedTo: stream.text)).union(moved)
  }
}

extension ReadSession {
  struct RollEntry {
    var officer: Identifier
    var row: RollRow
  }

  /// A cohort's enrolments on a day as known before a position.
  func roll(of cohort: Identifier, on day: Day, knownAt position: LogPosition) throws -> [RollEntry]
  {
    try roll(
      of: cohort, on: day, knownAt: position,
      moved: readModel.enrolmentsMoved(since: position))
  }

  /// The stored rows are exact unless something later is known or took effect; then the stream is
  /// folded. Whoever was moved to another cohort since is looked for as well.
  ///
  /// - Parameter moved: the enrolments that events from the position on may have moved.
  func roll(
    of cohort: Identifier, on day: Day, knownAt position: LogPosition, moved: Set<Identifier>
  ) throws -> [RollEntry] {
    var entries: [RollEntry] = []
    let isPresent = position >= readModel.asOf
    var folded = moved
    let prefix = ViewKey.prefix(cohort.text)
    let views = unsafe store.views
    try readModel.snapshot.scan(views[.rolls], prefix: prefix) { key, value in
      guard let row = RollRow(value) else { return true }
      var officer = ViewKey.text(key.extracting(droppingFirst: prefix.count))
      officer = String(officer.prefix { $0 != "\0" })
      if folded.contains(row.enrolment) { return true }
      if !isPresent || row.lastEffective > day {
        folded.insert(row.enrolment)
      } else if let officer = Identifier(officer) {
        entries.append(RollEntry(officer: officer, row: row))
      }
      return true
    }
    let known = Set(entries.map(\.row.enrolment))
    folded.formUnion(
      try enrolments(attributedTo: StreamID(.cohort, cohort).text).filter { !known.contains($0) })
    guard !folded.isEmpty else { return entries }
    for key in folded {
      let stream = StreamID(.enrolment, key)
      guard
        let state = try readModel.state(of: stream, on: day, knownAt: position)?.enrolment,
        state.seat.cohort == cohort
      else { continue }
      entries.append(
        RollEntry(officer: state.seat.officer, row: RollRow(state, key, last: day)))
    }
    return entries.sorted { ($0.officer, $0.row.enrolment) < ($1.officer, $1.row.enrolment) }
  }

  /// The enrolments that stand under a key of `attributed`.
  func enrolments(attributedTo stream: String) throws -> [Identifier] {
    var enrolments: [Identifier] = []
    let prefix = ViewKey.prefix(stream)
    let views = unsafe store.views
    try readModel.snapshot.scan(views[.attributed], prefix: prefix) { key, _ in
      if let id = Identifier(ViewKey.text(key.extracting(droppingFirst: prefix.count))) {
        enrolments.append(id)
      }
      return true
    }
    return enrolments
  }
}
