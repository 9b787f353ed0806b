import Testing

@testable import Registry

@Suite struct EstablishmentRulesTests {
  let given = RegistryEstablished.own

  private func established() -> Establishment? {
    Establishment.evolve(nil, by: .established(given), .at(0, .registry, "KE"))
  }

  @Test func `A log is established once`() throws {
    let event = RegistryEvent.established(given)
    #expect(
      try Establishment.decide(event, .at(0, .registry, "KE"), in: nil, given: TestWorld())
        == .record)
    let state = try #require(established())
    #expect(state.jurisdiction == "KE")
    #expect(
      try Establishment.decide(event, .at(5, .registry, "KE"), in: state, given: TestWorld())
        == .unchanged(since: 0))
  }

  @Test func `What differs in any particular is another establishment`() throws {
    let changes: [(inout RegistryEstablished) -> Void] = [
      { $0.jurisdiction = "RW" }, { $0.timeZone = "Africa/Kigali" },
      { $0.identifierSchemes = [] }, { $0.languages = ["en"] }, { $0.name = "Another" },
    ]
    for change in changes {
      var other = given
      change(&other)
      let said = try rejection {
        try Establishment.decide(
          .established(other), .at(5, .registry, "KE"), in: established(), given: TestWorld())
      }
      #expect(said.code == .registryNotEstablished)
      #expect(said.sentence.contains("KE"))
    }
  }

  @Test func `A second establishment that was left standing changes nothing`() {
    var other = given
    other.jurisdiction = "RW"
    let state = established()
    #expect(Establishment.evolve(state, by: .established(other), .at(9, .registry)) == state)
  }
}
