import Messages
import Registry
import Testing

@testable import Imports

/// Rows that come again, held against what stands.
struct ResentRowTests {
  static func chain(_ row: String, from source: String = "heta") throws -> [Proposal] {
    let head = "personnel_no,course,cohort,completed_on,result,score,certificate_no,valid_until\n"
    var sheet = try SheetReader(TextDecoder(Array((head + row).utf8)))
    return try SheetKind.completions.proposals(
      for: try #require(try sheet.next()),
      RowContext(
        officer: Identifier("o1")!, cohort: SheetTests.cohort, scheme: Identifier("pn")!,
        source: Source(system: Identifier(source)!, sha256: [UInt8](repeating: 7, count: 32))))
  }

  /// The histories after events were recorded one after another, each that names another in the
  /// place of that one, or voiding it, or letting it stand again.
  static func recorded(_ events: [Proposal]) throws -> [StreamID: [PastEvent]] {
    var lines: [HistoryLine] = []
    var places: [EventID: Int] = [:]
    for (at, event) in events.enumerated() {
      lines.append(
        HistoryLine(
          event: Codec.encode(Recorded(position: UInt64(at + 10), proposal: Codec.encode(event))),
          standing: .stands))
      places[event.eventID] = at
      guard let named = event.corrects.flatMap({ places[$0] }) else { continue }
      switch event.body {
      case .voided: (lines[named].standing, lines[named].by) = (.voided, UInt64(at + 10))
      case .restored: (lines[named].standing, lines[named].by) = (.stands, nil)
      default: (lines[named].standing, lines[named].by) = (.corrected, UInt64(at + 10))
      }
    }
    return Dictionary(grouping: try lines.map { try PastEvent($0) }, by: \.proposal.stream)
  }

  static func void(_ event: Proposal) -> Proposal {
    Proposal(
      eventID: DerivedID.event("void", event.eventID.text), stream: event.stream,
      effective: event.effective, corrects: event.eventID, body: .voided(Voided()))
  }

  static func against(
    _ row: String, _ events: [Proposal], from source: String = "heta"
  ) throws -> ResentRow {
    try ResentRow(try chain(row, from: source), try recorded(events), alike: true)
  }

  static func names(_ events: [Proposal]) -> [String] { events.map(\.body.eventName) }

  static let first = "1,c,k,2022-06-30,passed,70,N1,"

  @Test func `A row that is mended says in what, and mends the events that say it`() throws {
    let before = try Self.chain(Self.first)
    let row = try Self.against("1,c,k,2022-06-29,passed,75,N1,", before)
    #expect(
      row.differences.map(\.sentence) == [
        "day is 2022-06-30 in the registry and 2022-06-29 here",
        "score is 70 in the registry and 75 here",
        "awarded on is 2022-06-30 in the registry and 2022-06-29 here",
        "valid from is 2022-06-30 in the registry and 2022-06-29 here",
      ])
    #expect(Self.names(row.mending) == ["enrolment.completed", "credential.issued"])
    #expect(row.mending.map(\.corrects) == [before[2].eventID, before[3].eventID])
    #expect(row.mending.allSatisfy { $0.effective == Day("2022-06-29")! })
    guard case .enrolment(.completed(let given)) = row.mending[0].body,
      case .credential(.issued(let issued)) = row.mending[1].body
    else { return #expect(Bool(false)) }
    #expect(given.score == 7500 && given.result == .passed)
    #expect(issued.awardedOn == Day("2022-06-29")! && issued.evidence == [before[2].eventID])
  }

  @Test func `What was mended is said already, and may be mended again and back`() throws {
    var events = try Self.chain(Self.first)
    let rows = ["75", "99", "70", "75"].map { "1,c,k,2022-06-30,passed,\($0),N1," }
    for row in rows {
      let found = try Self.against(row, events)
      #expect(found.differences.map(\.field) == ["score"])
      events += found.mending
      let again = try Self.against(row, events)
      #expect(again.isSaid && again.mending.isEmpty)
      #expect(again.since?.position == UInt64(9 + events.count))
    }
    #expect(Set(events.map(\.eventID)).count == events.count)
  }

  @Test func `A later day is taken by what rests on it first`() throws {
    let row = try Self.against(
      "1,c,k,2022-07-02,passed,70,N1,", try Self.chain("1,c,k,2022-06-30,passed,70,N1,"))
    #expect(Self.names(row.mending) == ["credential.issued", "enrolment.completed"])
  }

  @Test func `A day before the enrolment takes the steps to it along`() throws {
    let before = try Self.chain(Self.first)
    let row = try Self.against("1,c,k,2022-01-03,passed,70,N1,", before)
    #expect(
      Self.names(row.mending) == [
        "enrolment.nominated", "enrolment.enrolled", "enrolment.completed", "credential.issued",
      ])
    #expect(row.mending.prefix(3).allSatisfy { $0.effective == Day("2022-01-03")! })
    #expect(row.mending.map(\.corrects) == before.map(\.eventID))
    #expect(!row.differences.contains { $0.sentence.contains("2022-01-10") })
  }

  @Test func `A result that was none takes the place of the one that was`() throws {
    let row = try Self.against("1,c,k,2022-06-30,failed,,,", try Self.chain(Self.first))
    #expect(
      row.differences.map(\.sentence) == [
        "what happened is `completed` in the registry and `not_completed` here"
      ])
    #expect(Self.names(row.mending) == ["enrolment.not_completed"])
  }

  @Test func `A value that a row no longer says is taken back`() throws {
    let row = try Self.against(
      "1,c,k,2022-06-30,passed,,N1,",
      try Self.chain("1,c,k,2022-06-30,passed,70,N1,2025-06-29"))
    #expect(
      row.differences.map(\.sentence) == [
        "score is 70 in the registry and not given here",
        "valid until is 2025-06-29 in the registry and not given here",
      ])
    for event in row.mending {
      if case .enrolment(.completed(let given)) = event.body { #expect(given.score == nil) }
      if case .credential(.issued(let given)) = event.body { #expect(given.validUntil == nil) }
    }
    #expect(row.mending.count == 2)
  }

  @Test func `What another source said is known, and only what a row says besides is missing`()
    throws
  {
    let before = try Self.chain("1,c,k,2022-06-30,passed,70,,")
    #expect(try Self.against("1,c,k,2022-06-30,passed,70,,", before, from: "other").isSaid)
    // What this one does not say is no contradiction.
    #expect(try Self.against("1,c,k,2022-06-30,passed,,,", before, from: "other").isSaid)
    let more = try Self.against(Self.first, before, from: "other")
    #expect(!more.saysOtherwise && Self.names(more.missing) == ["credential.issued"])
    guard case .credential(.issued(let issued))? = more.missing.first?.body else {
      return #expect(Bool(false))
    }
    #expect(issued.evidence == [before[2].eventID])
    let other = try Self.against("1,c,k,2022-06-30,merit,70,,", before, from: "other")
    #expect(
      other.differences.map(\.sentence) == ["result is passed in the registry and merit here"])
    #expect(other.mending.map(\.corrects) == [before[2].eventID])
  }

  @Test func `What was voided is told, and stands again as the row says`() throws {
    let before = try Self.chain(Self.first)
    let events = before + before.reversed().map(Self.void)
    let row = try Self.against("1,c,k,2022-06-30,passed,75,N1,", events)
    #expect(row.voided == [17, 16, 15, 14] && row.saysOtherwise)
    #expect(row.differences.map(\.field) == ["score"])
    #expect(
      Self.names(row.mending) == [
        "restored", "restored", "restored", "enrolment.completed", "restored",
      ])
    #expect(row.mending[2].corrects == before[2].eventID)
    let after = try Self.against("1,c,k,2022-06-30,passed,75,N1,", events + row.mending)
    #expect(after.isSaid)
    // What somebody recorded in its place counts.
    let instead = try Self.chain("1,c,k,2022-06-30,passed,80,,", from: "by-hand")[2]
    let found = try Self.against(
      "1,c,k,2022-06-30,passed,80,,", before + [Self.void(before[2]), instead])
    #expect(found.isSaid)
  }

  @Test func `Of statements the own events alone count`() throws {
    let before = try Self.chain(Self.first)
    let row = try ResentRow(
      try Self.chain(Self.first, from: "moodle"), try Self.recorded(before), alike: false)
    #expect(row.missing.count == 3 && !row.saysOtherwise)
  }
}
