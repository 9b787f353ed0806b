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

/// What counts under an agreement on a day as known before a position. `AgreementWalk` goes through
/// it.
struct AgreementTrainings {
  let session: ReadSession
  let agreement: Identifier
  let day: Day
  let position: LogPosition

  init(
    _ session: ReadSession, _ agreement: Identifier, on day: Day, knownAt position: LogPosition
  ) {
    self.session = session
    self.agreement = agreement
    self.day = day
    self.position = position
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

  func training(
    _ under: StreamID, _ cohort: Identifier, _ track: Track?, _ officer: Identifier, _ row: RollRow
  ) -> CountedTraining {
    CountedTraining(
      under: under, cohort: cohort, track: track,
      person: readModel.sharedStreams.merges.owner(
        of: StreamID(.enrolment, row.enrolment), naming: officer, on: day, knownAt: position),
      row: row)
  }
}

extension ReadSession {
  struct RollEntry {
    var officer: Identifier
    var row: RollRow
  }

  /// A cohort's roll as the tables have it: entries that are exact for a day as known before a
  /// position, and the enrolments that must be folded to tell.
  ///
  /// A stored row is what is known now; it is exact unless something later is known, or took effect
  /// after the day. So a question about today folds nobody, however long the roll is.
  func storedRoll(
    of cohort: Identifier, on day: Day, knownAt position: LogPosition
  ) throws -> (exact: [RollEntry], folded: Set<Identifier>) {
    var exact: [RollEntry] = []
    var folded: Set<Identifier> = []
    let isPresent = position >= readModel.asOf
    let prefix = ViewKey.prefix(cohort.text)
    try readModel.snapshot.scan(readModel.views[.rolls], prefix: prefix) { key, value in
      guard let row = RollRow(value) else { return true }
      // cohort 0x00 officer 0x00 enrolment
      let officer = ViewKey.text(key.extracting(droppingFirst: prefix.count)).prefix { $0 != "\0" }
      if isPresent, row.lastEffective <= day, let officer = Identifier(officer) {
        exact.append(RollEntry(officer: officer, row: row))
      } else {
        folded.insert(row.enrolment)
      }
      return true
    }
    let known = Set(exact.map(\.row.enrolment))
    folded.formUnion(
      try enrolments(attributedTo: StreamID(.cohort, cohort).text).filter { !known.contains($0) })
    return (exact, folded)
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
