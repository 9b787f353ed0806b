import Testing

@testable import Registry

/// Which mark a score is held against, and what one below it is worth.
@Suite struct PassMarkTests {
  private func enrolment(
    _ score: UInt32?, _ assessments: [(mode: AssessmentMode, score: UInt32?, mark: UInt32)] = [],
    result: CompletionResult = .passed
  ) -> Enrolment {
    Enrolment(
      status: .completed, since: .test, seat: .own,
      completion: Completion(
        eventID: .test(1), day: 2024_01_01, position: 1, result: result, score: score),
      assessments: assessments.enumerated().map { at, row in
        Assessment(
          assessment: Identifier("a\(at)")!, status: .standing, mode: row.mode, score: row.score,
          passMark: row.mark)
      })
  }

  private let policy = SkillPolicy(
    PolicyAdopted(version: 2, passMarks: [PassMark(mode: .proctored, passMark: 7000)]))

  @Test(
    arguments: [
      // The assessment's own mark comes first, then the course's, then the policy's.
      (6500, 6000, 8000, Strength.proctored), (5900, 6000, 0, .attended),
      (6500, 0, 6000, .proctored), (6500, 0, 6600, .attended),
      (6900, 0, 0, .attended), (7000, 0, 0, .proctored),
    ] as [(UInt32, UInt32, UInt32, Strength)])
  func `The mark nearest to the assessment counts`(
    score: UInt32, own: UInt32, course: UInt32, strength: Strength
  ) {
    let training = enrolment(nil, [(.proctored, score, own)])
    #expect(training.strength(by: policy, passMark: course) == strength)
    #expect((training.shortfall(by: policy, passMark: course) == nil) == (strength == .proctored))
  }

  @Test func `A score of the whole below the course's mark leaves attendance`() {
    let marked = enrolment(4200, [(.proctored, nil, 0), (.practical, 9000, 0)])
    #expect(marked.strength(by: .first, passMark: 4300) == .attended)
    #expect(marked.strength(by: .first, passMark: 4200) == .proctored)
    let short = marked.shortfall(by: .first, passMark: 4300)
    #expect(short?.score == 4200 && short?.passMark == 4300)
  }

  @Test func `An assessment's own mark is the mark of the whole too`() {
    let training = enrolment(4200, [(.practical, 4200, 4000)])
    #expect(training.strength(by: .first, passMark: 5000) == .practical)
    #expect(training.shortfall(by: .first, passMark: 5000) == nil)
  }

  @Test func `Who passed at the second try contradicts nothing`() {
    let training = enrolment(8000, [(.practical, 3000, 0), (.practical, 8000, 0)])
    #expect(training.strength(by: .first, passMark: 5000) == .practical)
    #expect(training.shortfall(by: .first, passMark: 5000) == nil)
  }

  @Test func `Who only attended was never said to have passed`() {
    let training = enrolment(1000, result: .attended)
    #expect(training.strength(by: .first, passMark: 5000) == .attended)
    #expect(training.shortfall(by: .first, passMark: 5000) == nil)
  }
}
