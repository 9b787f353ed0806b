import Testing

@testable import Registry

@Suite struct SkillsTests {
  private func ground(
    _ skill: Identifier = "1.1", level: UInt32 = 3, strength: Strength = .proctored,
    since: Day = 2024_01_01, evidence: UInt64 = 1, backing: CredentialStanding? = nil,
    backedSince: Day = 2024_05_01, unrecognised: Bool = false
  ) -> SkillGround {
    SkillGround(
      skill: SkillLevel(framework: "digcomp", skill: skill, level: level), strength: strength,
      since: since, evidence: [.test(evidence)], backing: backing?.backing ?? .none,
      backedSince: backing.map { _ in backedSince }, unrecognised: unrecognised)
  }

  private func skills(from grounds: [SkillGround]) -> [HeldSkill] {
    SkillPolicy.first.skills(from: grounds, on: 2024_06_01)
  }

  struct Row {
    var credential: CredentialStanding?
    var holding: Holding?
    var lapses = false

    /// No default, so that a standing without a row does not compile.
    init(_ credential: CredentialStanding?) {
      self.credential = credential
      switch credential {
      case nil, .valid: holding = .held
      case .suspended: holding = .flagged
      case .expired: (holding, lapses) = (.lapsed, true)
      case .revoked, .superseded, .notYetValid: holding = nil
      }
    }
  }

  @Test(arguments: [nil] + CredentialStanding.allCases.map { $0 })
  func `What a skill rests on`(standing: CredentialStanding?) {
    let row = Row(standing)
    let lines = skills(from: [ground(backing: standing)])
    #expect(lines.map(\.holding) == (row.holding.map { [$0] } ?? []))
    #expect(lines.first?.lapsedOn == (row.lapses ? 2024_05_01 : nil))
    guard let line = lines.first else { return }
    #expect(line.strength == .proctored)
    #expect(line.since == 2024_01_01)
    #expect(line.evidence == [.test(1)])
  }

  @Test func `Without a ground nothing is held`() {
    #expect(skills(from: []).isEmpty)
  }

  @Test func `The strengths stand in their order`() {
    #expect(
      Strength.allCases.sorted() == [
        .claimed, .attended, .unproctored, .priorLearning, .portfolio, .practical, .proctored,
      ])
  }

  @Test func `Of two grounds the better one is the line`() {
    let suspended = CredentialStanding.suspended
    let expired = CredentialStanding.expired
    let rows: [(better: SkillGround, worse: SkillGround)] = [
      // Held before flagged before lapsed.
      (ground(), ground(backing: suspended)),
      (ground(backing: suspended), ground(backing: expired)),
      // Then the level, then the strength, then the earliest.
      (ground(level: 4, strength: .attended), ground(level: 3, strength: .proctored)),
      (ground(strength: .practical), ground(strength: .unproctored)),
      (ground(since: 2023_01_01, evidence: 2), ground(since: 2024_01_01)),
      (ground(backing: expired, backedSince: 2024_06_01), ground(backing: expired)),
      (ground(evidence: 2), ground(unrecognised: true)),
    ]
    for (at, row) in rows.enumerated() {
      let alone = skills(from: [row.better])
      #expect(skills(from: [row.better, row.worse]) == alone, "row \(at)")
      #expect(skills(from: [row.worse, row.better]) == alone, "row \(at)")
      let best = SkillPolicy.first.best(of: [row.worse, row.better], on: 2024_06_01)
      #expect([best] == alone, "row \(at)")
    }
  }

  @Test func `What is worth less and reaches further has a line of its own`() {
    let grounds = [
      ground(level: 1), ground(level: 2, backing: .suspended), ground(level: 3, backing: .expired),
      // Neither of these reaches further than what is worth more.
      ground(level: 1, backing: .suspended), ground(level: 2, backing: .expired),
    ]
    let lines = skills(from: grounds.reversed())
    #expect(lines.map(\.holding) == [.held, .flagged, .lapsed])
    #expect(lines.map(\.skill.level) == [1, 2, 3])
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `The order of the grounds does not matter`(seed: UInt64) {
    var random = Seeded(seed)
    let grounds = (0..<12).map { _ in
      let standing = CredentialStanding.allCases.randomElement(using: &random)!
      let since = Day(2024_01_01).adding(days: Int.random(in: 0..<3, using: &random))
      return ground(
        ["1.1", "1.2"].randomElement(using: &random)!,
        level: UInt32.random(in: 1...2, using: &random),
        strength: [.attended, .proctored].randomElement(using: &random)!,
        evidence: UInt64.random(in: 1...2, using: &random),
        backing: Bool.random(using: &random) ? nil : standing, backedSince: since,
        unrecognised: Bool.random(using: &random))
    }
    let lines = skills(from: grounds)
    #expect(skills(from: grounds.shuffled(using: &random)) == lines, "seed \(seed)")
    // For every level the lines say what the best ground that reaches it says.
    for code in ["1.1", "1.2"] as [Identifier] {
      for level in 1...3 as ClosedRange<UInt32> {
        let reaching = grounds.filter { $0.skill.skill == code && $0.skill.level >= level }
        let best = SkillPolicy.first.best(of: reaching, on: 2024_06_01)
        let said = lines.filter { $0.skill.skill == code && $0.skill.level >= level }
        #expect(said.map(\.holding.rawValue).min() == best?.holding.rawValue, "seed \(seed)")
      }
    }
    // A ground more never takes a skill away.
    let more = skills(from: grounds + [ground(level: 1, strength: .claimed)])
    #expect(Set(more.map(\.skill.skill)).isSuperset(of: lines.map(\.skill.skill)))
  }

  @Test(
    arguments: [
      ([], .attended),
      ([(AssessmentMode.proctored, AssessmentStatus.standing, 60)], .proctored),
      ([(.practical, .standing, 60)], .practical),
      ([(.portfolio, .standing, 60)], .portfolio),
      ([(.unproctored, .standing, 60)], .unproctored),
      // Failed, under appeal or voided: it proves nothing.
      ([(.proctored, .standing, 59)], .attended),
      ([(.proctored, .appealed, 90)], .attended),
      ([(.proctored, .voided, 90), (.unproctored, .standing, 90)], .unproctored),
      // Marked only as passed.
      ([(.practical, .standing, nil)], .practical),
      ([(.unproctored, .standing, 99), (.portfolio, .standing, 60)], .portfolio),
    ] as [([(AssessmentMode, AssessmentStatus, UInt32?)], Strength)])
  func `A training is as strong as its strongest passed assessment`(
    assessments: [(AssessmentMode, AssessmentStatus, UInt32?)], strength: Strength
  ) {
    let enrolment = Enrolment(
      status: .completed, since: .test, seat: .own,
      assessments: assessments.enumerated().map { at, row in
        Assessment(
          assessment: Identifier("a\(at)")!, status: row.1, mode: row.0, score: row.2,
          passMark: 60)
      })
    #expect(enrolment.strength(by: .first, passMark: 0) == strength)
  }
}
