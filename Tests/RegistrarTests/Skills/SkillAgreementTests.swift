import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Histories of trainings, certificates and what becomes of both, of skills that are replaced and of
/// people who leave and are merged: `HasSkill`, `Gap`, `FindOfficers` and the profile say the same of
/// every person, skill and level, on every day, as known at every position.
struct SkillAgreementTests {
  static let officers = ["a", "b", "c", "d"]
  static let courses = ["welding", "basics", "brazing", "joining"]
  static let days = [
    "2021-06-01", "2022-03-20", "2022-06-15", "2022-09-10", "2022-12-20", "2023-06-30",
  ]

  private static func next(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    func on() -> String {
      let month = Int.random(in: 1...12, using: &random)
      return "2022-\(month < 10 ? "0" : "")\(month)-1\(Int.random(in: 0...9, using: &random))"
    }
    let officer = officers.randomElement(using: &random)!
    let course = courses.randomElement(using: &random)!
    let key = "\(officer)-\(course)"
    let score = UInt32.random(in: 40...60, using: &random) * 100
    switch Int.random(in: 0..<22, using: &random) {
    case 0...3:
      return Trade.completed(
        key, officer, course, on: on(), score: Bool.random(using: &random) ? score : nil)
    case 4, 5:
      return Trade.assessed(
        key, on: on(), AssessmentMode.allCases.randomElement(using: &random)!, score: score,
        code: "x\(Int.random(in: 0...2, using: &random))")
    case 6...8:
      let evidence = recorded.filter {
        switch $0.body {
        case .enrolment(.completed), .submission(.verified): true
        default: false
        }
      }
      guard let evidence = evidence.randomElement(using: &random) else {
        return Trade.completed(key, officer, course, on: on())
      }
      let (given, from) = (on(), on())
      return Trade.issued(
        "k\(Int.random(in: 0..<8, using: &random))", to: officer, evidence, on: given,
        from: max(given, from),
        until: Bool.random(using: &random) ? "2022-12-31" : nil)
    case 9...11:
      let credential = "k\(Int.random(in: 0..<8, using: &random))"
      let events: [CredentialEvent] = [
        .suspended(.init()), .reinstated(.init()), .revoked(.init()),
        .superseded(.init(by: id("k\(Int.random(in: 0..<8, using: &random))"))),
        .renewed(.init(validUntil: day("2023-06-30"))),
      ]
      return Fixture.credential(credential, on(), events.randomElement(using: &random)!)
    case 12:
      let paper = Paper(
        officer: id(officer), submissionKind: .certificate,
        document: Array(repeating: 7, count: 32),
        skills: [Trade.skill("weld", UInt32.random(in: 1...4, using: &random))],
        validUntil: Bool.random(using: &random) ? day("2022-10-31") : nil,
        assessment: .portfolio)
      return Fixture.proposal(
        "submission/\(officer)", on(),
        .submission(.verified(SubmissionVerified(paper: paper, method: id("seen")))), source: true)
    case 13, 14:
      let (from, to) = (
        Trade.skills.randomElement(using: &random)!, Trade.skills.randomElement(using: &random)!
      )
      return Trade.replaced(from, by: to, on: on())
    case 15:
      return Fixture.proposal(
        "officer/" + officer, on(),
        .officer(
          Bool.random(using: &random)
            ? .separated(OfficerSeparated()) : .returned(OfficerReturned())))
    case 16:
      let other = officers.randomElement(using: &random)!
      return Bool.random(using: &random)
        ? Fixture.merged(officer, into: other, on: on()) : Fixture.unmerged(officer, on: on())
    case 17:
      return Fixture.proposal(
        "registry/ke", on(),
        .registry(
          .policyAdopted(
            PolicyAdopted(
              version: UInt32.random(in: 2...5, using: &random), title: "another",
              passMarks: [PassMark(mode: .practical, passMark: 5500)],
              validityMonths: Bool.random(using: &random) ? 4 : 0))))
    case 18:
      return recorded.randomElement(using: &random).map(Fixture.voided)
        ?? Trade.completed(key, officer, course, on: on())
    case 19:
      return recorded.randomElement(using: &random).map(Fixture.restored)
        ?? Trade.completed(key, officer, course, on: on())
    default:
      guard let target = recorded.randomElement(using: &random) else {
        return Trade.completed(key, officer, course, on: on())
      }
      return Fixture.proposal(
        target.stream.text, on(), target.body, corrects: target.eventID, source: true)
    }
  }

  private func grown(_ seed: UInt64) throws -> TestRegistry {
    var random = Seeded(seed)
    let registry = try TestRegistry.trade(Fixture.officer("c", "3"), Fixture.officer("d", "4"))
    var recorded: [Proposal] = []
    for _ in 0..<180 {
      let batch = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Self.next(&random, recorded)
      }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        if case .recorded(let at) = outcome, !at.already { recorded.append(proposal) }
      }
    }
    #expect(recorded.count > 60, "seed \(seed)")
    return registry
  }

  /// What a reader takes from a profile: a line of the skill, or of one that took its place.
  private func says(_ profile: GetProfileReply, _ names: [Identifier], _ level: UInt32) -> Bool {
    profile.skills.contains { line in
      names.contains(line.skill) && line.level >= level
        && (line.holding == .held || line.holding == .flagged)
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `Every question about a skill has the same answer`(seed: UInt64) throws {
    let registry = try grown(seed)
    let size = try registry.size
    var held = 0
    for position in [nil, size - 20, size / 2] as [UInt64?] {
      for on in Self.days {
        let profiles = try Self.officers.map {
          try registry.profile($0, on: on, at: position)
        }
        for code in Trade.skills {
          let names = try names(of: code, registry, on: on, at: position)
          for level in Trade.levels {
            let skill = Trade.skill(code, level)
            let hits = try registry.found(skill, on: on, includeLeft: true, at: position)
            let serving = try registry.found(skill, on: on, at: position)
            for (officer, profile) in zip(Self.officers, profiles) {
              let place: Comment =
                "\(officer) \(code) \(level) on \(on) at \(position ?? size), seed \(seed)"
              let has = try registry.has(skill, officer, on: on, at: position)
              held += has ? 1 : 0
              #expect(says(profile, names, level) == has, "profile, \(place)")
              let hit = hits.first { $0.officer == profile.officer }
              #expect((hit != nil) == has, "find, \(place)")
              let isServing = profile.standing?.serves ?? false
              #expect(
                serving.contains { $0.officer == profile.officer } == (has && isServing),
                "find without who left, \(place)")
              #expect(hit == nil || hit?.standing == profile.standing, place)
              let gap = try registry.gap(level, officer, on: on, at: position)
              if let line = gap.first(where: { $0.wanted == skill }) {
                #expect(line.met == has, "gap, \(place)")
              }
            }
          }
        }
      }
    }
    #expect(held > 100, "seed \(seed)")
    try registry.end()
  }

  private func names(
    of code: String, _ registry: TestRegistry, on: String, at position: UInt64?
  ) throws -> [Identifier] {
    let reply = try registry.deferred(
      .getStream,
      GetStreamRequest(stream: StreamID("framework/trade")!, on: day(on), atPosition: position),
      GetStreamReply.self)
    guard case .framework(let framework) = reply.state else { return [id(code)] }
    var names = [id(code)]
    while let next = framework.skills[names.last!]?.replacedBy, !names.contains(next) {
      names.append(next)
    }
    return names
  }
}
