import Testing

@testable import Registry

/// Streams at their limits: what is refused there, and what is still taken.
@Suite struct StreamLimitTests {
  private static let stream = StreamID(.enrolment, "own")
  private static let enrolled = Proposal.Body.enrolment(.enrolled(.init(seat: .own)))
  private static func attended(_ session: String) -> Proposal.Body {
    .enrolment(.attended(.init(session: Identifier(session)!, minutes: 1)))
  }

  /// A stream of an enrolment (1) and a session (2) that counts so many events.
  private struct Full: HistoryReader {
    var reader: TestHistoryReader
    var count: UInt32

    init(_ count: UInt32) throws {
      reader = TestHistoryReader(.training)
      _ = try reader.record(.test(1, enrolled, on: 2024_02_01))
      _ = try reader.record(.test(2, attended("s1"), on: 2024_03_01))
      self.count = count
    }

    func head(of stream: StreamID) -> StreamHead? {
      var head = reader.head(of: stream)
      head?.events = count
      return head
    }
    func history(of stream: StreamID) -> ChunkedArray<StreamEvent> { reader.history(of: stream) }
    var registryStream: StreamID? { reader.registryStream }
    func state(of stream: StreamID, on day: Day) -> StreamState? {
      reader.state(of: stream, on: day)
    }
    func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] { [] }
    func event(_ id: EventID) -> EventLocation? { reader.event(id) }
    func enrolments(in cohort: Identifier) -> Int { 0 }
    func seatsTaken(in cohort: Identifier) -> Int { 0 }
    func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? { nil }
    func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? { nil }
    func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? { nil }
  }

  private static let most = StreamKind.enrolment.eventsMax
  private static let reserve = StreamKind.enrolment.mendingReserve

  /// What is proposed of the session: another one, that it never was, that it was another.
  private static let proposals: [(name: String, proposal: Proposal, isMending: Bool)] = [
    ("another session", .test(9, attended("s2"), on: 2024_03_02), false),
    ("a void", .test(9, .voided(Voided()), on: 2024_03_02, corrects: 2), true),
    ("a correction", .test(9, attended("s3"), on: 2024_03_01, corrects: 2), true),
  ]

  @Test(arguments: proposals.indices, [most - 1, most, most + reserve - 1, most + reserve])
  func `A full stream takes what mends it, as far as its reserve goes`(
    at: Int, count: UInt32
  ) throws {
    let (name, proposal, isMending) = Self.proposals[at]
    let room = isMending ? Self.most + Self.reserve : Self.most
    let full = try Full(count)
    guard count >= room else {
      guard case .record(let head) = try Admission.admit(proposal, at: 9, given: full) else {
        Issue.record("\(name) changes nothing")
        return
      }
      #expect(head.events == count + 1)
      return
    }
    let said = try rejection {
      _ = try Admission.admit(proposal, at: 9, given: full)
      return .record
    }
    #expect(said.code == .streamTooLong, "\(name)")
    #expect(said.sentence.contains("enrolment/own holds \(count) events"))
    #expect(said.sentence.contains("may still be voided") == !isMending)
  }

  @Test func `A restoration is taken of a full stream too`() throws {
    var full = try Full(Self.most)
    _ = try full.reader.record(.test(3, .voided(Voided()), on: 2024_03_02, corrects: 2))
    let back = Proposal.test(9, .restored(Restored()), on: 2024_03_03, corrects: 2)
    guard case .record(let head) = try Admission.admit(back, at: 9, given: full) else {
      Issue.record("it changes nothing")
      return
    }
    #expect(head.state?.enrolment?.minutesAttended == 1)
  }

  @Test func `A record keeps 5,000 sessions, and is mended at that many`() throws {
    var reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, Self.enrolled, on: 2024_02_01))
    for at in 1...StreamState.entriesMax {
      _ = try reader.record(
        .test(UInt64(1 + at), Self.attended("s\(at)"), on: 2024_03_01))
    }
    #expect(reader.head(of: Self.stream)?.state?.entries == 5_000)
    var next = reader
    let said = try rejection {
      _ = try next.record(.test(9_000, Self.attended("s-5001"), on: 2024_03_01))
      return .record
    }
    #expect(said.code == .streamTooLong && said.field == "stream")
    #expect(said.sentence.contains("5001") && said.sentence.contains("5000 are the most"))
    // What adds nothing is taken.
    #expect(
      try reader.record(
        .test(9_001, .enrolment(.completed(.init(result: .passed))), on: 2024_06_01)) != nil)
    #expect(
      try reader.record(.test(9_002, Self.attended("other"), on: 2024_03_01, corrects: 7)) != nil)
    #expect(try reader.record(.test(9_003, .voided(Voided()), on: 2024_06_01, corrects: 3)) != nil)
    #expect(reader.head(of: Self.stream)?.state?.entries == 4_999)
    #expect(try reader.record(.test(9_004, Self.attended("s-5001"), on: 2024_03_01)) != nil)
  }
}
