import Testing

@testable import Registry

@Suite struct OfficerRulesTests {
  private func decide(
    _ event: OfficerEvent, in state: Officer?, given context: TestContext = .furnished
  ) throws -> Verdict {
    try Officer.decide(event, .at(100, .officer), in: state, given: context)
  }

  /// Folds the events, each of which must be allowed.
  private func fold(_ events: OfficerEvent...) throws -> Officer {
    var state: Officer?
    for (at, event) in events.enumerated() {
      let metadata = EventMetadata.at(LogPosition(at), .officer)
      #expect(
        try Officer.decide(event, metadata, in: state, given: TestContext.furnished) == .record,
        "\(event.name)")
      state = Officer.evolve(state, by: event, metadata)
    }
    return try #require(state)
  }

  private static let registered = OfficerEvent.registered(.init(posting: .own))
  private static let seconded = OfficerEvent.seconded(.init(organisation: "agency"))
  private static let acting = OfficerEvent.actingStarted(.init(position: "director"))

  @Test func `A leave and a suspension return to the appointment there was`() throws {
    var state = try fold(Self.registered, Self.acting, .leaveStarted(.init()))
    #expect(state.status == .onLeave)
    #expect(state.underlying == .acting)
    state = try fold(
      Self.registered, Self.acting, .leaveStarted(.init()), .leaveEnded(.init()))
    #expect(state.status == .acting)
    #expect(state.underlying == nil)
    state = try fold(
      Self.registered, Self.seconded, .suspended(.init()), .reinstated(.init()))
    #expect(state.status == .seconded)
  }

  @Test func `A suspension within a leave returns to the leave, and that to the secondment`()
    throws
  {
    var state = try fold(
      Self.registered, Self.seconded, .leaveStarted(.init()), .suspended(.init()))
    #expect(state.underlying == .onLeave)
    state = try fold(
      Self.registered, Self.seconded, .leaveStarted(.init()), .suspended(.init()),
      .reinstated(.init()))
    #expect(state.status == .onLeave)
    #expect(state.underlying == .seconded)
    state = try fold(
      Self.registered, Self.seconded, .leaveStarted(.init()), .suspended(.init()),
      .reinstated(.init()), .leaveEnded(.init()))
    #expect(state.status == .seconded)
    #expect(state.secondedTo == "agency")
  }

  @Test func `A leave that ended during a suspension is not returned to`() throws {
    let state = try fold(
      Self.registered, .leaveStarted(.init()), .suspended(.init()), .leaveEnded(.init()),
      .reinstated(.init()))
    #expect(state.status == .active)
  }

  @Test func `A posting during a suspension ends the acting appointment`() throws {
    let state = try fold(
      Self.registered, Self.acting, .suspended(.init()),
      .posted(.init(posting: .other)), .reinstated(.init()))
    #expect(state.status == .active)
    #expect(state.actingAs == nil)
    #expect(state.posting == .other)
  }

  @Test func `An acting appointment may end during a leave`() throws {
    let state = try fold(
      Self.registered, Self.acting, .leaveStarted(.init()), .actingEnded(.init()))
    #expect(state.underlying == .active)
    let said = try rejection { try decide(.actingEnded(.init()), in: state) }
    #expect(said.code == .notInStream)
    #expect(
      try rejection { try decide(.secondmentEnded(.init()), in: state) }.code == .notInStream)
  }

  @Test func `Where somebody serves already is unchanged`() throws {
    let state = try fold(Self.registered, .promoted(.init(grade: "l")))
    var posting = Posting.own
    posting.grade = "l"
    #expect(try decide(.posted(.init(posting: posting)), in: state) == .unchanged(since: 1))
    #expect(try decide(.promoted(.init(grade: "l")), in: state) == .unchanged(since: 1))
    #expect(try decide(.posted(.init(posting: .own)), in: state) == .record)
    let acting = try fold(Self.registered, Self.acting)
    #expect(try decide(Self.acting, in: acting) == .unchanged(since: 1))
    // Being posted to the same place ends the acting appointment, so it says something.
    #expect(try decide(.posted(.init(posting: .own)), in: acting) == .record)
    let seconded = try fold(Self.registered, Self.seconded)
    #expect(try decide(Self.seconded, in: seconded) == .unchanged(since: 1))
  }

  @Test func `Nobody is promoted without a posting`() throws {
    let state = try fold(.registered(.init()))
    #expect(
      try rejection { try decide(.promoted(.init(grade: "l")), in: state) }.code == .notInStream)
  }

  @Test func `Nobody serves at an organisation that had ended`() throws {
    let gone = Posting(organisation: "gone")
    let separated = try fold(Self.registered, .separated(.init()))
    let active = try fold(Self.registered)
    for (event, state) in [
      (.registered(.init(posting: gone)), nil), (.posted(.init(posting: gone)), active),
      (.actingStarted(.init(position: "head", organisation: "gone")), active),
      (.seconded(.init(organisation: "gone")), active),
      (.returned(.init(posting: gone)), separated),
    ] as [(OfficerEvent, Officer?)] {
      let said = try rejection { try decide(event, in: state) }
      #expect(said.code == .noSuchReference, "\(event.name)")
      #expect(said.field?.hasPrefix("officer.\(event.name)") == true)
    }
  }

  @Test func `Identifiers come and go by scheme`() throws {
    var state = try fold(
      Self.registered, .identifierAdded(.init(scheme: "payroll")),
      .identifierAdded(.init(scheme: "passport")))
    #expect(state.schemes == ["payroll", "passport"])
    state = try fold(
      Self.registered, .identifierAdded(.init(scheme: "payroll")),
      .identifierEnded(.init(scheme: "payroll")))
    #expect(state.schemes.isEmpty)
    // One given at the registration stands in the vault alone.
    #expect(try decide(.identifierEnded(.init(scheme: "national-id")), in: state) == .record)
  }

  @Test func `Who returns keeps nothing of an old secondment`() throws {
    let state = try fold(
      Self.registered, Self.seconded, .separated(.init()), .returned(.init(posting: .other)))
    #expect(state.status == .active)
    #expect(state.secondedTo == nil)
    #expect(state.posting == .other)
  }
}
