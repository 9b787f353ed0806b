import Testing

@testable import Registry

@Suite struct InstrumentRulesTests {
  let issued = InstrumentIssued(
    instrumentKind: .regulation, title: "Regulations", issuer: "ministry", number: "44 of 2024")

  private func decide(
    _ event: InstrumentEvent, in state: Instrument?, hasSource: Bool = false
  ) throws -> Verdict {
    try Instrument.decide(
      event, .at(100, .instrument, hasSource: hasSource), in: state, given: TestContext.furnished)
  }

  @Test func `The same instrument again is unchanged, another is not`() throws {
    let state = Instrument.evolve(nil, by: .issued(issued), .at(3, .instrument))
    #expect(try decide(.issued(issued), in: state) == .unchanged(since: 3))
    var other = issued
    other.number = "45 of 2024"
    #expect(try rejection { try decide(.issued(other), in: state) }.code == .illegalTransition)
  }

  @Test func `No source stands in for a title`() throws {
    let said = try rejection { try decide(.enteredIntoForce(.init()), in: nil, hasSource: true) }
    #expect(said.code == .noSuchStream)
    #expect(said.sentence.contains("`issued`"))
  }

  @Test func `What amends or repeals is another instrument that exists`() throws {
    let state = Instrument(status: .inForce, since: .test)
    for event: InstrumentEvent in [.amended(.init(by: "own")), .repealed(.init(by: "own"))] {
      #expect(try rejection { try decide(event, in: state) }.code == .inconsistent)
    }
    for event: InstrumentEvent in [.amended(.init(by: "none")), .repealed(.init(by: "none"))] {
      #expect(try rejection { try decide(event, in: state) }.code == .noSuchReference)
    }
    #expect(try decide(.amended(.init()), in: state) == .record)
    var other = issued
    other.issuer = "gone"
    #expect(try rejection { try decide(.issued(other), in: nil) }.code == .noSuchReference)
  }

  @Test func `Only what is in force may be relied on`() {
    for status in InstrumentStatus.allCases {
      let state = Instrument(status: status, since: .test)
      #expect(
        state.mayBeReliedOn(on: 2024_06_01) == (status == .inForce || status == .amended),
        "\(status.name)")
    }
  }
}
