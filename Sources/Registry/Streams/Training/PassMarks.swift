// Which score is a pass. An assessment is held against its own pass mark, else against that of the
// course's edition, else against the policy's of its mode. Scores and marks are hundredths of a per
// cent; a mark of 0 is none.

extension Assessment {
  /// The mark that it needs.
  public func passMark(of edition: UInt32, by policy: SkillPolicy) -> UInt32 {
    if passMark > 0 { return passMark }
    return edition > 0 ? edition : policy.passMark(mode)
  }

  /// Whether it reached its mark. One without a score is told of because it was passed.
  public func isPassed(_ edition: UInt32, by policy: SkillPolicy) -> Bool {
    guard let score else { return true }
    return score >= passMark(of: edition, by: policy)
  }
}

extension Enrolment {
  /// Whether there is a score that may fall short of a mark.
  var isScored: Bool { completion?.score != nil || !assessments.isEmpty }

  private var standingAssessments: [Assessment] { assessments.filter { $0.status == .standing } }

  /// The mark that the score of the completion needs: the least that its own assessments name, else
  /// the edition's.
  public func passMark(ofCompletion edition: UInt32) -> UInt32 {
    standingAssessments.map(\.passMark).filter { $0 > 0 }.min() ?? edition
  }

  private func isBelow(_ edition: UInt32) -> Bool {
    guard let score = completion?.score else { return false }
    return score < passMark(ofCompletion: edition)
  }

  /// How strong the training is: the assessment of most weight that stands and was passed;
  /// attendance where there is none, or where the score of the whole is below its mark.
  ///
  /// - Parameter edition: the pass mark of the course's edition.
  public func strength(by policy: SkillPolicy, passMark edition: UInt32) -> Strength {
    guard !isBelow(edition) else { return .attended }
    return standingAssessments.filter { $0.isPassed(edition, by: policy) }.map(\.mode.strength)
      .max() ?? .attended
  }

  /// What contradicts that it was passed: a score of the whole below its mark, or assessments of
  /// which none reached its own. Nil: nothing, or nobody says that it was passed.
  public func shortfall(
    by policy: SkillPolicy, passMark edition: UInt32
  ) -> (score: UInt32, passMark: UInt32)? {
    guard status == .completed, let completion else { return nil }
    switch completion.result {
    case .attended: return nil
    case .passed, .merit, .distinction: break
    }
    if let score = completion.score, isBelow(edition) {
      return (score, passMark(ofCompletion: edition))
    }
    let assessed = standingAssessments
    guard !assessed.contains(where: { $0.isPassed(edition, by: policy) }) else { return nil }
    return assessed.compactMap { assessment in
      assessment.score.map { ($0, assessment.passMark(of: edition, by: policy)) }
    }.max { $0 < $1 }
  }
}
