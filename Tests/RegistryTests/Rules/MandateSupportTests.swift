import Testing

@testable import Registry

@Suite struct MandateSupportTests {
  private func decide(
    _ report: MandateSupportReported, in state: Mandate?, on day: Day = 2024_06_01
  ) throws -> Verdict {
    try Mandate.decide(
      .supportReported(report), .at(100, .mandate, on: day), in: state, given: TestContext.training)
  }

  /// Issued on 1 February 2024.
  private func issued() throws -> Mandate {
    try #require(
      Mandate.evolve(nil, by: .issued(.init(terms: .own)), .at(7, .mandate, on: 2024_02_01)))
  }

  private static let report = MandateSupportReported(
    organisation: "ministry", from: 2024_02_01, until: 2024_05_31, hours: 3)

  @Test func `An institution's time is recorded in every state of a mandate, and once`() throws {
    var state = try issued()
    for status in MandateStatus.allCases {
      state.status = status
      #expect(try decide(Self.report, in: state) == .record)
    }
    let next = try #require(
      Mandate.evolve(
        state, by: .supportReported(Self.report), .at(8, .mandate, on: 2024_06_01)))
    #expect(next.support == [Self.report])
    #expect(try decide(Self.report, in: next) == .unchanged(since: 7))
    #expect(
      Mandate.evolve(next, by: .supportReported(Self.report), .at(9, .mandate))?.support
        == [Self.report])
    // No hour was given, which is another thing to say than nothing.
    var none = Self.report
    none.hours = 0
    #expect(try decide(none, in: next) == .record)
  }

  @Test func `Time that cannot have been given is refused with the field that says so`() throws {
    let state = try issued()
    let changes: [(String, Rejection.Code, (inout MandateSupportReported) -> Void)] = [
      ("until", .inconsistent, { $0.until = 2024_01_31 }),
      ("until", .inconsistent, { $0.until = 2024_06_02 }),
      ("from", .inconsistent, { $0.from = 2024_01_31 }),
      ("organisation", .noSuchReference, { $0.organisation = "nowhere" }),
      ("organisation", .noSuchReference, { $0.organisation = "gone" }),
    ]
    for (field, code, change) in changes {
      var report = Self.report
      change(&report)
      let said = try rejection { try decide(report, in: state) }
      #expect((said.code, said.field) == (code, "mandate.support_reported." + field))
    }
    #expect(try rejection { try decide(Self.report, in: nil) }.code == .noSuchStream)
  }

  @Test func `Where the day of the issue is not known time may have been given before`() throws {
    let vouched = try #require(
      Mandate.evolve(
        nil, by: .enteredIntoForce(.init(terms: .own)), .at(7, .mandate, on: 2024_03_01)))
    #expect(try decide(Self.report, in: vouched) == .record)
  }
}
