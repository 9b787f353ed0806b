import Testing

@testable import Registry

@Suite struct OrganisationRulesTests {
  let own = Organisation(
    status: .active, since: .test, name: "Own", roles: [.employer], parent: "ministry")

  private func decide(
    _ event: OrganisationEvent, in state: Organisation?, on day: Day = 2024_06_01,
    given context: TestContext = .furnished
  ) throws -> Verdict {
    try Organisation.decide(event, .at(100, .organisation, on: day), in: state, given: context)
  }

  @Test func `What an organisation is said to be already is unchanged`() throws {
    for event: OrganisationEvent in [
      .registered(.init(name: "Own", roles: [.employer], parent: "ministry")),
      .roleAdded(.init(role: .employer)), .roleEnded(.init(role: .school)),
      .renamed(.init(name: "Own")), .movedUnder(.init(parent: "ministry")),
    ] {
      #expect(try decide(event, in: own) == .unchanged(since: 7), "\(event.name)")
    }
    let merged = Organisation(status: .merged, since: .test, successors: ["agency"])
    #expect(
      try decide(.mergedInto(.init(organisation: "agency")), in: merged) == .unchanged(since: 7))
    let split = Organisation(status: .split, since: .test, successors: ["agency", "school"])
    #expect(
      try decide(.splitInto(.init(organisations: ["school", "agency"])), in: split)
        == .unchanged(since: 7))
  }

  @Test func `An organisation cannot be registered again as another`() throws {
    let said = try rejection { try decide(.registered(.init(name: "Other")), in: own) }
    #expect(said.code == .illegalTransition)
    #expect(said.sentence.contains("organisation is active (since 2023-01-01)"))
    #expect(said.sentence.contains("`registered` cannot follow"))
    #expect(said.sentence.contains("`renamed`"))
  }

  @Test func `A sentence tells that nothing follows an end`() throws {
    let closed = Organisation(status: .closed, since: .test)
    let said = try rejection { try decide(.renamed(.init(name: "New")), in: closed) }
    #expect(said.sentence.contains("Nothing can"))
  }

  @Test func `A sentence tells what a stream may begin with`() throws {
    let said = try rejection { try decide(.closed(.init()), in: nil) }
    #expect(said.code == .noSuchStream)
    #expect(said.sentence.contains("It may begin with `registered`"))
  }

  @Test func `An organisation never stands under itself`() throws {
    var context = TestContext.furnished
    context.put(.organisation, "own", .organisation(own))
    // below -> middle -> own
    for (id, parent) in [("middle", "own"), ("below", "middle")] as [(Identifier, Identifier)] {
      context.put(
        .organisation, id,
        .organisation(Organisation(status: .active, since: .test, parent: parent)))
    }
    for parent in ["own", "middle", "below"] as [Identifier] {
      let said = try rejection {
        try decide(.movedUnder(.init(parent: parent)), in: own, given: context)
      }
      #expect(said.code == .inconsistent)
      #expect(said.field == "organisation.moved_under.parent")
    }
    #expect(try decide(.movedUnder(.init(parent: "agency")), in: own, given: context) == .record)
  }

  @Test func `A late move is held against what stands above today`() throws {
    var context = TestContext.furnished
    context.put(.organisation, "own", .organisation(own))
    let unit = Organisation(status: .active, since: .test)
    context.put(.organisation, "unit", .organisation(unit))
    var moved = unit
    moved.parent = "own"
    context.put(.organisation, "unit", .organisation(moved), from: 2024_09_01)
    let said = try rejection {
      try decide(.movedUnder(.init(parent: "unit")), in: own, given: context)
    }
    #expect(said.code == .inconsistent)
  }

  @Test func `At most 64 organisations stand above another`() throws {
    var context = TestContext()
    for level in 1...65 {
      let parent = level == 1 ? nil : Identifier("level-\(level - 1)")
      context.put(
        .organisation, Identifier("level-\(level)")!,
        .organisation(Organisation(status: .active, since: .test, parent: parent)))
    }
    #expect(try decide(.movedUnder(.init(parent: "level-64")), in: own, given: context) == .record)
    let said = try rejection {
      try decide(.movedUnder(.init(parent: "level-65")), in: own, given: context)
    }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("64"))
  }

  @Test func `Who is named must exist and not have ended by that day`() throws {
    for event: OrganisationEvent in [
      .movedUnder(.init(parent: "nobody")), .mergedInto(.init(organisation: "nobody")),
      .splitInto(.init(organisations: ["agency", "nobody"])),
    ] {
      #expect(try rejection { try decide(event, in: own) }.code == .noSuchReference)
    }
    let event = OrganisationEvent.movedUnder(.init(parent: "gone"))
    let said = try rejection { try decide(event, in: own) }
    #expect(said.code == .noSuchReference)
    #expect(said.sentence.contains("was closed on 2023-06-30"))
    // Before it closed, and before it is known at all.
    #expect(try decide(event, in: own, on: 2023_06_29) == .record)
    // In a refold, what was referred to is not judged again.
    var refold = TestContext()
    refold.checksReferences = false
    #expect(try decide(event, in: own, given: refold) == .record)
  }

  @Test func `The sentence names into what an organisation was merged`() throws {
    var context = TestContext.furnished
    context.put(
      .organisation, "old",
      .organisation(Organisation(status: .merged, since: .test, successors: ["agency"])))
    let said = try rejection {
      try decide(.movedUnder(.init(parent: "old")), in: own, given: context)
    }
    #expect(said.sentence.contains("was merged into agency"))
  }

  @Test func `A merger or a split names others, each once`() throws {
    for event: OrganisationEvent in [
      .mergedInto(.init(organisation: "own")),
      .splitInto(.init(organisations: ["agency"])),
      .splitInto(.init(organisations: ["agency", "agency"])),
      .splitInto(.init(organisations: ["agency", "own"])),
    ] {
      #expect(try rejection { try decide(event, in: own) }.code == .inconsistent)
    }
  }
}
