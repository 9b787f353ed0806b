/// What contradicts a training, and what is taught.
extension Plausibility {
  static func training(
    _ event: EnrolmentEvent, _ metadata: EventMetadata, _ state: Enrolment?,
    given known: some KnownFacts
  ) -> [Contradiction] {
    guard let state else { return [] }
    let (day, officer) = (metadata.effective, state.seat.officer)
    let name = "enrolment.\(event.name)"
    switch event {
    case .enrolled, .attended, .assessed:
      return served(officer, name, day, given: known)
    case .completed(let given):
      return served(officer, name, day, given: known)
        + completion(given, name, day, state, given: known)
    case .notCompleted: return failed(name, day, state, given: known)
    case .awardConferred: return served(officer, name, day, isGiven: true, given: known)
    // Nobody takes part by these.
    case .nominated, .nominationRejected, .assessmentAppealed, .appealDecided, .assessmentVoided,
      .deferred, .transferred, .withdrawn, .dismissed, .awardWithdrawn:
      return []
    }
  }

  private static func completion(
    _ given: EnrolmentCompleted, _ name: String, _ day: Day, _ state: Enrolment,
    given known: some KnownFacts
  ) -> [Contradiction] {
    let cohort = state.seat.cohort
    let terms = known.state(of: StreamID(.cohort, cohort), on: .distantFuture)?.cohort?.terms
    var found: [Contradiction] = []
    if let terms, day < terms.starts {
      found.append(
        Contradiction(
          .beforeCohort,
          "\(name) is of \(day.text), and the cohort \(cohort.text) starts on \(terms.starts.text).",
          field: "effective"))
    }
    guard let terms, let edition = known.edition(of: cohort) else {
      let gone =
        terms.map { "\($0.course.text) edition \($0.edition), or its cohort \(cohort.text)," }
        ?? "the cohort \(cohort.text)"
      found.append(
        Contradiction(
          .trainingGone, "\(name) is of a training that does not stand: \(gone) is gone."))
      return found
    }
    let missing = edition.prerequisites.filter {
      known.completion(of: $0, by: state.seat.officer, on: day) == nil
    }
    if !missing.isEmpty {
      found.append(
        Contradiction(
          .prerequisiteNotMet,
          "\(terms.course.text) was completed on \(day.text) without what comes first: "
            + missing.map(\.text).joined(separator: ", ") + "."))
    }
    return found
  }

  /// A failure is told of without a score of the whole, so the assessments are held against it.
  private static func failed(
    _ name: String, _ day: Day, _ state: Enrolment, given known: some KnownFacts
  ) -> [Contradiction] {
    let mark = known.edition(of: state.seat.cohort)?.passMark ?? 0
    let scored = state.assessments.filter { $0.status == .standing && $0.score != nil }
    guard state.status == .notCompleted, !scored.isEmpty,
      scored.allSatisfy({ assessment in
        let needed = assessment.passMark(of: mark, by: .first)
        return needed > 0 && assessment.score ?? 0 >= needed
      })
    else { return [] }
    return [
      Contradiction(
        .failedAbovePassMark,
        "\(name) on \(day.text) contradicts the assessments: each reached its pass mark.")
    ]
  }

  /// A score below the mark that it needed, of who is said to have passed.
  ///
  /// - Parameter policy: of the day that is asked about: marks follow it.
  public static func shortfall(
    _ state: Enrolment, by policy: SkillPolicy, given known: some KnownFacts
  ) -> Contradiction? {
    let mark = known.edition(of: state.seat.cohort)?.passMark ?? 0
    guard let completion = state.completion,
      let (score, needed) = state.shortfall(by: policy, passMark: mark)
    else { return nil }
    return Contradiction(
      .belowPassMark,
      "\(completion.result.name) with \(percent(score)), below the pass mark of \(percent(needed)): it "
        + "counts as attendance.", field: "enrolment.completed.score")
  }

  /// Hundredths of a per cent, as people write them.
  public static func percent(_ hundredths: UInt32) -> String {
    let (whole, part) = hundredths.quotientAndRemainder(dividingBy: 100)
    guard part > 0 else { return "\(whole) %" }
    return "\(whole).\(part < 10 ? "0" : "")\(part) %"
  }

  // MARK: courses

  /// A credit of the qualifications framework is ten hours.
  private static let hoursOfCredit: UInt32 = 10

  static func course(
    _ event: CourseEvent, _ metadata: EventMetadata, given known: some KnownFacts
  ) -> [Contradiction] {
    guard case .published(let given) = event else { return [] }
    var found = deprecated(
      given.outcomes, "course.published.outcomes", metadata.effective, given: known)
    // fits: credits are at most 1,000 and hours 10,000.
    let hours = given.credits * hoursOfCredit
    let apart = hours > given.hours ? hours - given.hours : given.hours - hours
    // What a rounded credit may differ by is no contradiction.
    if given.credits > 0, given.hours > 0, apart >= hoursOfCredit {
      found.append(
        Contradiction(
          .creditsAgainstHours,
          "\(given.credits) credits are \(hours) hours, and the course has \(given.hours).",
          field: "course.published.credits"))
    }
    return found
  }

  static func deprecated(
    _ skills: [SkillLevel], _ field: String, _ day: Day, given known: some KnownFacts
  ) -> [Contradiction] {
    let old = skills.filter { wanted in
      known.state(of: StreamID(.framework, wanted.framework), on: day)?.framework?
        .skills[wanted.skill]?.deprecated ?? false
    }
    guard !old.isEmpty else { return [] }
    return [
      Contradiction(
        .deprecatedSkill,
        old.map { "\($0.framework.text)/\($0.skill.text)" }.joined(separator: ", ")
          + " was deprecated by \(day.text): name what took its place.", field: field)
    ]
  }
}
