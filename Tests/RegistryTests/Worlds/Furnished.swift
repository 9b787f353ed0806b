@testable import Registry

extension Since {
  static let test = Since(day: 2023_01_01, position: 7)
}

extension TestContext {
  /// What the sample events refer to.
  static var furnished: TestContext {
    var context = TestContext()
    for id in ["ministry", "school", "partner", "agency"] as [Identifier] {
      context.put(
        .organisation, id, .organisation(Organisation(status: .active, since: .test, name: id.text))
      )
    }
    context.put(
      .organisation, "gone",
      .organisation(Organisation(status: .closed, since: Since(day: 2023_06_30, position: 8))),
      from: 2023_06_30)
    context.put(
      .framework, "digcomp",
      .framework(
        Framework(
          status: .current, since: .test,
          skills: [FrameworkSkill(skill: Skill(code: "1.1", title: "Browsing", levels: 8))])))
    for id in ["regulations", "plan"] as [Identifier] {
      context.put(.instrument, id, .instrument(Instrument(status: .inForce, since: .test)))
    }
    for id in ["other", "survivor"] as [Identifier] {
      context.put(.officer, id, .officer(Officer(status: .active, since: .test)))
    }
    context.put(.course, "cloud", .course(Course(status: .published, since: .test)))
    context.put(
      .agreement, "later-mou",
      .agreement(Agreement(status: .signed, since: .test, terms: AgreementTerms())))
    context.put(
      .programme, "talent",
      .programme(
        Programme(
          status: .open, since: .test,
          terms: ProgrammeTerms(title: "Talent", organisation: "school"))))
    return context
  }
}
