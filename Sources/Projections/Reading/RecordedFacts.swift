import LMDB
import Messages
import Registry

/// What recorded facts are held against: the read model as known before a position.
///
/// Rules ask for plain answers; the first failure to read is kept, and every answer after it is void.
public final class RecordedFacts: KnownFacts {
  private let readModel: RegistryReader
  private let position: LogPosition
  public let today: Day
  public private(set) var failure: (any Error)?
  /// The officer and the days of the state that was read last: facts of one person come together.
  private var latest: (stream: StreamID, day: Day, state: StreamState?)?

  /// - Parameter today: the registry's day.
  public init(_ readModel: RegistryReader, knownAt position: LogPosition, today: Day) {
    self.readModel = readModel
    self.position = position
    self.today = today
  }

  private func ask<R>(_ body: () throws -> R, otherwise: R) -> R {
    do { return try body() } catch {
      failure = failure ?? error
      return otherwise
    }
  }

  public func state(of stream: StreamID, on day: Day) -> StreamState? {
    if let latest, latest.stream == stream, latest.day == day { return latest.state }
    let state = ask(
      { try readModel.state(of: stream, on: day, knownAt: position) }, otherwise: nil)
    if !stream.kind.isShared { latest = (stream, day, state) }
    return state
  }

  public func event(_ id: EventID) -> EventLocation? {
    ask(
      {
        guard let place = try readModel.views.event(id, readModel.snapshot)?.position,
          place < position
        else { return nil }
        let stream = try readModel.stored(place).stream
        let history = try readModel.effectiveHistory(of: stream, knownAt: position)
        return EventLocation(
          stream: stream, position: place,
          stands: history.index(of: id).map(history.stands) ?? false)
      }, otherwise: nil)
  }

  public func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    ask(
      {
        try readModel.firstCompletion(
          of: course, inRecords: records(ofPersonWith: officer), on: day, knownAt: position)
      }, otherwise: nil)
  }

  public func records(ofPersonWith officer: Identifier) -> [Identifier] {
    readModel.sharedStreams.merges.records(ofPersonWith: officer, knownAt: position)
  }

  public func submissions(holding sha256: [UInt8]) -> [StreamID] {
    ask(
      {
        try readModel.views.submissions(holding: sha256, before: position, readModel.snapshot) {
          try readModel.stored($0).stream
        }
      }, otherwise: [])
  }
}

extension ReadModel {
  /// The day on which somebody first completed a course, by an enrolment or a verified paper, as it
  /// stands on a day.
  ///
  /// - Parameter records: all of the person's.
  func firstCompletion(
    of course: Identifier, inRecords records: [Identifier], on day: Day,
    knownAt position: LogPosition
  ) throws -> Day? {
    var first: Day?
    for record in records {
      for stream in try streams(touching: record, before: position) {
        let found: Day? =
          switch try state(of: stream, on: day, knownAt: position) {
          case .enrolment(let state):
            state.seat.officer == record && state.status == .completed
              && sharedStreams.state(
                of: StreamID(.cohort, state.seat.cohort), knownAt: position)?.cohort?.terms.course
                == course
              ? state.completion?.day : nil
          case .submission(let state):
            state.paper.officer == record && state.status == .verified
              && state.paper.courses.contains(course)
              ? state.paper.awardedOn ?? state.since.day : nil
          case .registry, .organisation, .officer, .framework, .authorisation, .instrument,
            .agreement, .programme, .course, .cohort, .credential, .skillClaim, .mandate, .duty,
            nil:
            nil
          }
        if let found { first = min(first ?? found, found) }
      }
    }
    return first
  }
}
