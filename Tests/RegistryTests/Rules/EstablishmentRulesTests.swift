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
      try Establishment.decide(event, .at(0, .registry, "KE"), in: nil, given: TestContext())
        == .record)
    let state = try #require(established())
    #expect(state.jurisdiction == "KE")
    #expect(
      try Establishment.decide(event, .at(5, .registry, "KE"), in: state, given: TestContext())
        == .unchanged(since: 0))
  }

  @Test func `A time zone that there is not is refused, but not in a log that has it`() throws {
    var context = TestContext()
    context.timeZones = ["Africa/Kigali"]
    let event = RegistryEvent.established(given)
    let refused = #expect(throws: Rejection.self) {
      try Establishment.decide(event, .at(0, .registry, "KE"), in: nil, given: context)
    }
    #expect(refused?.code == .noSuchReference)
    #expect(refused?.field == "registry.established.time_zone")
    #expect(refused?.sentence.contains(given.timeZone) == true)
    // What a log has from before zones were checked stands, and is said again.
    let state = try #require(established())
    #expect(
      try Establishment.decide(event, .at(5, .registry, "KE"), in: state, given: context)
        == .unchanged(since: 0))
    #expect(
      try Establishment.decide(
        .policyAdopted(PolicyAdopted(version: 9)), .at(5, .registry, "KE"), in: state,
        given: context) == .record)
    context.checksReferences = false
    #expect(
      try Establishment.decide(event, .at(0, .registry, "KE"), in: nil, given: context) == .record)
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
          .established(other), .at(5, .registry, "KE"), in: established(), given: TestContext())
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

/// What the registry itself decides: by which policy skills are held, and what positions ask.
@Suite struct PolicyRulesTests {
  private func decide(_ event: RegistryEvent, in state: Establishment?) throws -> Verdict {
    try Establishment.decide(
      event, .at(100, .registry, "KE"), in: state, given: TestContext.furnished)
  }

  private func established(_ events: RegistryEvent...) throws -> Establishment {
    var state = Establishment.evolve(nil, by: .established(.own), .at(0, .registry, "KE"))
    for (at, event) in events.enumerated() {
      #expect(try decide(event, in: state) == .record, "\(event.name)")
      state = Establishment.evolve(state, by: event, .at(UInt64(at) + 1, .registry, "KE"))
    }
    return try #require(state)
  }

  private func wanted(_ level: UInt32, _ whose: RequirementSet.Whose = .position("clerk"))
    -> RequirementSet
  {
    RequirementSet(
      whose: whose, skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: level)])
  }

  @Test func `A policy counts up from the one in force`() throws {
    let state = try established(.policyAdopted(.init(version: 3)))
    #expect(try decide(.policyAdopted(.init(version: 3)), in: state) == .unchanged(since: 1))
    for version in [2, 3] as [UInt32] {
      let said = try rejection {
        try decide(.policyAdopted(.init(version: version, title: "Other")), in: state)
      }
      #expect(said.code == .inconsistent)
      #expect(said.field == "registry.policy_adopted.version")
    }
    #expect(try decide(.policyAdopted(.init(version: 5)), in: state) == .record)
  }

  @Test func `A policy says each thing once, and makes no skill of what was withdrawn`() throws {
    let policies: [(String, PolicyAdopted)] = [
      (
        "weights",
        .init(
          version: 2,
          weights: [.init(strength: .claimed, weight: 1), .init(strength: .claimed, weight: 2)])
      ),
      (
        "backings",
        .init(
          version: 2,
          backings: [
            .init(backing: .expired, holding: .held), .init(backing: .expired, holding: .lapsed),
          ])
      ),
      (
        "pass_marks",
        .init(
          version: 2,
          passMarks: [
            .init(mode: .proctored, passMark: 5000), .init(mode: .proctored, passMark: 6000),
          ])
      ),
    ]
    for (field, policy) in policies {
      let said = try rejection { try decide(.policyAdopted(policy), in: established()) }
      #expect(said.code == .inconsistent)
      #expect(said.field == "registry.policy_adopted.\(field)")
    }
  }

  @Test
  func `What is asked of a position is what was set last, and nothing is asked by an empty list`()
    throws
  {
    let state = try established(.requirementSet(wanted(3)), .requirementSet(wanted(4)))
    #expect(state.requirements == [wanted(4)])
    #expect(try decide(.requirementSet(wanted(4)), in: state) == .unchanged(since: 0))
    let none = RegistryEvent.requirementSet(.init(whose: .position("clerk")))
    #expect(try decide(none, in: state) == .record)
    #expect(try decide(none, in: established()) == .unchanged(since: 0))
    #expect(try established(.requirementSet(wanted(3)), none).requirements.isEmpty)
  }

  @Test func `What is asked is a skill that there is, once`() throws {
    #expect(
      try rejection { try decide(.requirementSet(wanted(9)), in: established()) }.code
        == .inconsistent)
    var twice = wanted(3)
    twice.skills.append(SkillLevel(framework: "digcomp", skill: "1.1", level: 4))
    let said = try rejection { try decide(.requirementSet(twice), in: established()) }
    #expect(said.field == "registry.requirement_set.skills")
    var unknown = wanted(3)
    unknown.skills[0].framework = "nowhere"
    #expect(
      try rejection { try decide(.requirementSet(unknown), in: established()) }.code
        == .noSuchReference)
  }

  @Test func `A posting asks what its position and its cadre ask, each at the higher level`() throws
  {
    let state = try established(
      .requirementSet(wanted(3)), .requirementSet(wanted(5, .cadre("ict"))))
    let clerk = Posting(organisation: "ministry", position: "clerk")
    #expect(state.requirements(of: clerk).map(\.level) == [3])
    var both = clerk
    both.cadre = "ict"
    #expect(state.requirements(of: both).map(\.level) == [5])
    #expect(state.requirements(of: clerk, position: "head").isEmpty)
  }

  @Test func `A policy told late takes its place between two, or is told what is in the way`()
    throws
  {
    var reader = TestHistoryReader(.furnished)
    let stream = StreamID(.registry, "KE")
    func record(_ version: UInt32, on day: Day) throws {
      _ = try reader.record(
        .test(
          reader.next, .registry(.policyAdopted(.init(version: version))), on: day, in: stream))
    }
    _ = try reader.record(.test(1, .registry(.established(.own)), on: 2023_01_01, in: stream))
    try record(2, on: 2024_01_01)
    try record(5, on: 2024_06_01)
    try record(3, on: 2024_03_01)
    func version(on day: Day) -> UInt32? {
      reader.state(of: stream, on: day)?.establishment?.policy?.version
    }
    #expect(version(on: 2024_02_01) == 2)
    #expect(version(on: 2024_04_01) == 3)
    #expect(version(on: 2024_07_01) == 5)
    let said = try rejection {
      try record(6, on: 2024_04_01)
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 3)
    // A void of the one between leaves the earlier in force until the later.
    _ = try reader.record(.test(5, .voided(Voided()), on: 2024_08_01, corrects: 4, in: stream))
    #expect(version(on: 2024_04_01) == 2)
  }
}
