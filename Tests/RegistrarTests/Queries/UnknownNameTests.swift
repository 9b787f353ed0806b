import Messages
import Registry
import Testing
import Wire

@testable import Queries

/// A name that nothing was recorded of is said to be none, at the position that is asked about.
struct UnknownNameTests {
  private func refusal(_ body: () throws -> Void) -> CallStatus? {
    do {
      try body()
      return nil
    } catch {
      return CallStatus(of: error)
    }
  }

  @Test func `What was recorded later was not known before`() throws {
    let registry = try TestRegistry()
    try registry.given(
      Fixture.established(), Fixture.organisation("moict", [.employer]),
      Fixture.officer("a", "1"))
    let before = try registry.size
    try registry.given(Fixture.framework(), Fixture.organisation("heta"))
    let skill = SkillLevel(framework: id("ict"), skill: id("cloud"), level: 1)
    func has(_ officer: String, _ skill: SkillLevel, _ position: UInt64?) throws -> Bool {
      try registry.onLoop(
        .hasSkill, HasSkillRequest(who: .officer(id(officer)), skill: skill, atPosition: position),
        HasSkillReply.self
      ).has
    }
    #expect(try has("a", skill, nil) == false, "a true no")
    let early = refusal { _ = try has("a", skill, before) }
    #expect(early?.code == .notFound && early?.field == "skill.framework", "\(early as Any)")
    let officer = refusal { _ = try has("b", skill, nil) }
    #expect(officer?.code == .notFound && officer?.field == "officer", "\(officer as Any)")
    #expect(officer?.message == "There is no officer b.", "nobody is told whose ids are near")
    let other = SkillLevel(framework: id("ict"), skill: id("clod"), level: 1)
    let near = refusal { _ = try has("a", other, nil) }
    #expect(near?.field == "skill.skill" && near?.rule == "no_such_name")
    #expect(
      near?.message == "There is no skill clod in the framework ict; did you mean cloud?")
    func credentials(_ position: UInt64?) throws {
      _ = try registry.allPages(
        .listCredentials,
        ListCredentialsRequest(whose: .issuer(id("heta")), atPosition: position),
        ListCredentialsPage.self)
    }
    try credentials(nil)
    #expect(refusal { try credentials(before) }?.field == "issuer")
    try registry.end()
  }
}
