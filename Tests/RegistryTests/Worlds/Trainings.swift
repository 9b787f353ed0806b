@testable import Registry

extension CohortTerms {
  static let own = CohortTerms(
    course: "networks", edition: 1, organisation: "school", starts: 2024_01_08,
    ends: 2024_12_20, capacity: 2)
}

extension CohortTerms {
  static var other: CohortTerms {
    var terms = own
    terms.site = "Second campus"
    return terms
  }
}

extension ProgrammeTerms {
  static let own = ProgrammeTerms(title: "Talent", organisation: "school")
  static let other = ProgrammeTerms(title: "Talent II", organisation: "partner")
}

extension Seat {
  static let own = Seat(officer: "amina", cohort: "c1")
}

extension CredentialIssued {
  static let own = CredentialIssued(
    holder: "amina", issuer: "school", number: "KSG-1", courses: ["networks"],
    awardedOn: 2023_01_01, validFrom: 2023_01_01, validUntil: 2025_12_31)
}

extension Paper {
  static let own = Paper(
    officer: "amina", submissionKind: .certificate, document: Array(repeating: 7, count: 32),
    issuer: "A university", title: "Networks",
    skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: 3)])
}

extension TestContext {
  /// Furnished, with the courses, cohorts and (made up) officers that trainings refer to.
  static var training: TestContext {
    var context = furnished
    for id in ["amina", "otieno"] as [Identifier] {
      context.put(
        .officer, id,
        .officer(
          Officer(
            status: .active, since: .test, posting: .own,
            spans: [PostingSpan(from: 2023_01_01, status: .active, posting: .own)])))
    }
    context.put(
      .mandate, "overdue",
      .mandate(
        Mandate(
          status: .inForce, since: .test,
          terms: MandateTerms(
            title: "Due long ago", population: PopulationRule(steps: [.everybody(true)]),
            courses: ["networks"], deadline: 2024_01_31))))
    context.put(
      .organisation, "public-service",
      .organisation(Organisation(status: .active, since: .test, roles: [.ministry])),
      from: 2023_01_01)
    context.put(
      .course, "networks",
      .course(
        Course(
          status: .published, since: .test,
          editions: [CoursePublished(edition: 1, title: "Networks", track: .technical)])))
    for id in ["c1", "c2"] as [Identifier] {
      context.put(.cohort, id, .cohort(Cohort(status: .open, since: .test, terms: .own)))
    }
    context.put(
      .cohort, "called-off", .cohort(Cohort(status: .cancelled, since: .test, terms: .own)))
    for id in ["other", "newer"] as [Identifier] {
      context.put(
        .credential, id,
        .credential(Credential(status: .issued, since: .test, terms: .own)))
    }
    return context
  }
}
