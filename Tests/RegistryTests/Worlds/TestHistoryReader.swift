@testable import Registry

/// Streams that grow by what is admitted, beside a decision context that they refer to.
struct TestHistoryReader: HistoryReader {
  /// What exists besides the streams that were recorded here.
  var context: TestContext
  private(set) var streams: [StreamID: [StreamEvent]] = [:]
  private(set) var heads: [StreamID: StreamHead] = [:]
  private(set) var next: LogPosition = 1
  var registryStream: StreamID? = StreamID(.registry, "KE")

  init(_ context: TestContext) { self.context = context }

  func head(of stream: StreamID) -> StreamHead? { heads[stream] }
  func history(of stream: StreamID) -> ChunkedArray<StreamEvent> {
    ChunkedArray(streams[stream] ?? [])
  }
  func state(of stream: StreamID, on day: Day) -> StreamState? {
    streams[stream].map { EffectiveHistory($0).fold(until: day).state }
      ?? context.state(of: stream, on: day)
  }
  func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] {
    context.credentials(issuer: issuer, number: number)
  }
  func event(_ id: EventID) -> EventLocation? { context.event(id) }
  func seatsTaken(in cohort: Identifier) -> Int { context.seatsTaken(in: cohort) }
  func enrolments(in cohort: Identifier) -> Int { context.enrolments(in: cohort) }
  func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? {
    context.enrolment(of: officer, in: cohort)
  }
  func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? {
    context.duty(of: officer, under: mandate)
  }
  func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    context.completion(of: course, by: officer, on: day)
  }
  func records(ofPersonWith officer: Identifier) -> [Identifier] {
    context.records(ofPersonWith: officer)
  }
  var checksReferences: Bool { context.checksReferences }

  /// Judges a proposal and, when it is allowed, records it.
  ///
  /// - Returns: the position of what was recorded; nil when it was unchanged.
  mutating func record(_ proposal: Proposal) throws(Rejection) -> LogPosition? {
    guard case .record(let head) = try Admission.admit(proposal, at: next, given: self) else {
      return nil
    }
    streams[proposal.stream, default: []].append(StreamEvent(proposal, at: next))
    heads[proposal.stream] = head
    defer { next += 1 }
    return next
  }
}

extension StreamHead {
  static func advanced(
    _ head: StreamHead?, by event: StreamEvent, history: () -> some Sequence<StreamEvent>
  ) -> StreamHead {
    var next = head ?? .none
    next.advance(by: event) { EffectiveHistory(history()).appending(event) }
    return next
  }
}

extension EventID {
  static func test(_ number: UInt64) -> EventID { EventID(high: 0, low: number) }
}

extension Proposal {
  /// A proposal whose event id is its number.
  static func test(
    _ number: UInt64, _ body: Body, on day: Day, corrects: UInt64? = nil,
    in stream: StreamID? = nil, source: Bool = true
  ) -> Proposal {
    Proposal(
      eventID: .test(number), stream: stream ?? StreamID(body.kind ?? .enrolment, "own"),
      effective: day, source: source ? Source(reference: "Minute 12 of the board") : nil,
      corrects: corrects.map(EventID.test), body: body)
  }
}
