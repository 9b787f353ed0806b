import Testing

@testable import Registry

@Suite struct SkillClaimRulesTests {
  private func decide(
    _ event: SkillClaimEvent, in state: SkillClaim? = nil, given context: TestContext = .training
  ) throws -> Verdict {
    try SkillClaim.decide(
      event, .at(100, .skillClaim, hasSource: true), in: state, given: context)
  }

  private func claim(_ level: UInt32, skill: Identifier = "1.1") -> ClaimedSkill {
    ClaimedSkill(
      officer: "amina", skill: SkillLevel(framework: "digcomp", skill: skill, level: level),
      documents: ClaimedSkill.own.documents)
  }

  private let claimed = SkillClaim(status: .claimed, since: .test, claim: .own)

  @Test func `What is claimed is a skill of a framework at one of its levels`() throws {
    for (claim, code) in [
      (claim(9), .inconsistent), (claim(3, skill: "9.9"), .noSuchReference),
      (
        ClaimedSkill(
          officer: "nobody", skill: SkillLevel(framework: "digcomp", skill: "1.1", level: 3)),
        .noSuchReference
      ),
    ] as [(ClaimedSkill, Rejection.Code)] {
      for event: SkillClaimEvent in [
        .claimed(.init(claim: claim)), .priorLearningRecognised(.init(claim: claim)),
      ] {
        let said = try rejection { try decide(event) }
        #expect(said.code == code)
        #expect(said.field?.hasPrefix("skill_claim.\(event.name).claim") == true)
      }
    }
  }

  @Test func `A stream holds one claim`() throws {
    let said = try rejection { try decide(.claimed(.init(claim: claim(4))), in: claimed) }
    #expect(said.code == .alreadyTaken)
    let other = try rejection {
      try decide(.priorLearningRecognised(.init(claim: claim(4))), in: claimed)
    }
    #expect(other.code == .inconsistent)
    #expect(other.inTheWay == 7)
  }

  @Test func `Prior learning is recognised at the level that was found`() throws {
    let event = SkillClaimEvent.priorLearningRecognised(.init(by: "school", level: 5))
    #expect(try decide(event, in: claimed) == .record)
    let found = try #require(SkillClaim.evolve(claimed, by: event, .at(9, .skillClaim)))
    #expect(found.claim.skill.level == 5)
    #expect(found.recognisedByEvent == .test(9))
    #expect(StreamState.skillClaim(found).evidence?.event == .test(9))
    #expect(try decide(event, in: found) == .unchanged(since: 9))
    #expect(
      try decide(.priorLearningRecognised(.init(claim: claim(3), level: 5)), in: found)
        == .unchanged(since: 9))
    for (event, field) in [
      (.priorLearningRecognised(.init(level: 4)), "level"),
      (.priorLearningRecognised(.init(claim: claim(3))), "level"),
      (.priorLearningRecognised(.init(claim: claim(5, skill: "9.9"), level: 5)), "claim"),
    ] as [(SkillClaimEvent, String)] {
      let said = try rejection { try decide(event, in: found) }
      #expect(said.code == .illegalTransition)
      #expect(said.field == "skill_claim.prior_learning_recognised.\(field)")
    }
    let high = try rejection {
      try decide(.priorLearningRecognised(.init(level: 9)), in: claimed)
    }
    #expect(high.field?.hasPrefix("skill_claim.prior_learning_recognised.level") == true)
  }

  @Test func `A second endorsement is the first, or another's`() throws {
    let endorsed = SkillClaim(
      status: .endorsed, since: .test, claim: .own, endorsedBy: "ministry")
    #expect(try decide(.endorsed(.init()), in: endorsed) == .unchanged(since: 7))
    let said = try rejection { try decide(.endorsed(.init(by: "agency")), in: endorsed) }
    #expect(said.code == .illegalTransition)
    #expect(said.field == "skill_claim.endorsed.by")
  }

  @Test func `Who endorses or recognises stood that day`() throws {
    for event: SkillClaimEvent in [
      .endorsed(.init(by: "gone")), .priorLearningRecognised(.init(by: "gone")),
    ] {
      let said = try rejection { try decide(event, in: claimed) }
      #expect(said.code == .noSuchReference)
      #expect(said.field == "skill_claim.\(event.name).by")
    }
  }

  @Test func `A recognition that is voided leaves the claim, and no evidence`() throws {
    var reader = TestHistoryReader(.training)
    let stream = StreamID(.skillClaim, "own")
    _ = try reader.record(.test(1, .skillClaim(.claimed(.init(claim: .own))), on: 2024_01_01))
    _ = try reader.record(.test(2, .skillClaim(.endorsed(.init(by: "ministry"))), on: 2024_02_01))
    _ = try reader.record(
      .test(3, .skillClaim(.priorLearningRecognised(.init(level: 4))), on: 2024_03_01))
    // Rejected late, on a day before: the recognition contradicts it.
    let said = try rejection {
      _ = try reader.record(.test(4, .skillClaim(.rejected(.init())), on: 2024_02_15))
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 3)
    _ = try reader.record(.test(4, .voided(Voided()), on: 2024_04_01, corrects: 3, in: stream))
    let state = reader.head(of: stream)?.state
    #expect(state?.skillClaim?.status == .endorsed)
    #expect(state?.skillClaim?.claim.skill.level == 3)
    #expect(state?.evidence == nil)
    _ = try reader.record(.test(5, .skillClaim(.rejected(.init())), on: 2024_02_15))
    #expect(reader.head(of: stream)?.state?.skillClaim?.status == .rejected)
  }
}
