import Registry

/// A decision context that holds what a test puts into it; nothing else exists.
struct TestContext: DecisionContext {
  private var states: [StreamID: [(from: Day, state: StreamState)]] = [:]
  var credentials: [Certificate: Identifier] = [:]
  var events: [EventID: EventLocation] = [:]
  var seats: [Identifier: Int] = [:]
  var rolls: [Identifier: Int] = [:]
  var enrolments: [Seat: Identifier] = [:]
  var duties: [Obliged: Identifier] = [:]
  /// Course and officer → the day of the completion.
  var completions: [Obliged: Day] = [:]
  /// Records of one person, each with all.
  var persons: [Identifier: [Identifier]] = [:]
  var today = Day.distantFuture
  /// Document → the submissions that hold it.
  var papers: [[UInt8]: [StreamID]] = [:]
  /// Those that there are; nil: all.
  var timeZones: Set<String>?
  var registryStream: StreamID? = StreamID(.registry, "KE")
  /// False: only life cycles are judged, as in a refold.
  var checksReferences = true

  struct Certificate: Hashable {
    var issuer: Identifier
    var number: String
  }

  /// An officer and a mandate, or a course.
  struct Obliged: Hashable {
    var officer: Identifier
    var by: Identifier
  }

  /// Who sits in which cohort.
  struct Seat: Hashable {
    var officer: Identifier
    var cohort: Identifier
  }

  /// Puts a stream into a state, from a day on.
  mutating func put(
    _ kind: StreamKind, _ id: Identifier, _ state: StreamState, from day: Day = .distantPast
  ) {
    let stream = StreamID(kind, id)
    states[stream, default: []].append((day, state))
    states[stream]?.sort { $0.from < $1.from }
  }

  func knowsTimeZone(_ name: String) -> Bool { timeZones?.contains(name) ?? true }

  func state(of stream: StreamID, on day: Day) -> StreamState? {
    states[stream]?.last { $0.from <= day }?.state
  }

  func turns(of stream: StreamID) -> [Day] { states[stream]?.map(\.from) ?? [] }

  func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] {
    credentials.filter { $0.key.issuer == issuer && NumberKey($0.key.number) == number }
      .map(\.value)
  }

  func event(_ id: EventID) -> EventLocation? { events[id] }

  func submissions(holding sha256: [UInt8]) -> [StreamID] { papers[sha256] ?? [] }

  func seatsTaken(in cohort: Identifier) -> Int { seats[cohort] ?? 0 }

  func enrolments(in cohort: Identifier) -> Int { rolls[cohort] ?? 0 }

  func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? {
    enrolments[Seat(officer: officer, cohort: cohort)]
  }

  func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? {
    duties[Obliged(officer: officer, by: mandate)]
  }

  func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    completions[Obliged(officer: officer, by: course)].flatMap { $0 <= day ? $0 : nil }
  }

  func records(ofPersonWith officer: Identifier) -> [Identifier] { persons[officer] ?? [officer] }
}

extension Identifier: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    guard let identifier = Identifier(text) else { fatalError("\(text) is no identifier") }
    self = identifier
  }
}

extension Day: ExpressibleByIntegerLiteral {
  public init(integerLiteral number: UInt32) {
    guard let day = Day(yyyymmdd: number) else { fatalError("\(number) is no day") }
    self = day
  }
}

extension EventMetadata {
  /// An event of a stream, told apart from others by its position.
  static func at(
    _ position: LogPosition, _ kind: StreamKind, _ key: Identifier = "own",
    on day: Day = 2024_06_01, hasSource: Bool = false, reason: Identifier? = nil,
    attributedTo: StreamID? = nil
  ) -> EventMetadata {
    EventMetadata(
      stream: StreamID(kind, key), eventID: EventID(high: 0, low: position), effective: day,
      position: position, reason: reason, attributedTo: attributedTo, hasSource: hasSource)
  }
}
