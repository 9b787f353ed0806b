import Testing

@testable import Registry

/// No event rewrites more than a thousand rows.
@Suite struct RolledRowsTests {
  private static let stream = StreamID(.cohort, "own")

  /// A cohort with so many enrolments: planned (1) and planned again with another course (2).
  private func planned(enrolments: Int) throws -> TestAnnals {
    var world = TestWorld.training
    world.rolls["own"] = enrolments
    world.put(
      .course, "cloud",
      .course(
        Course(
          status: .published, since: .test,
          editions: [CoursePublished(edition: 1, title: "Cloud", track: .technical)])))
    var annals = TestAnnals(world)
    _ = try annals.record(.test(1, Self.planned(.own), on: 2024_01_01))
    return annals
  }

  private static func planned(_ terms: CohortTerms) -> Proposal.Body {
    .cohort(.planned(.init(terms: terms)))
  }

  private static var cloud: CohortTerms {
    var terms = CohortTerms.own
    terms.course = "cloud"
    return terms
  }

  @Test(arguments: [1000, 1001])
  func `A cohort with more than a thousand enrolments keeps its course`(enrolments: Int) throws {
    let annals = try planned(enrolments: enrolments)
    for proposal: Proposal in [
      .test(2, Self.planned(Self.cloud), on: 2024_02_01),
      .test(2, Self.planned(Self.cloud), on: 2024_01_01, corrects: 1),
      .test(2, .cohort(.opened(.init(terms: Self.cloud))), on: 2024_02_01),
      .test(2, .voided(Voided()), on: 2024_02_01, corrects: 1, in: Self.stream),
    ] {
      var copy = annals
      guard enrolments > 1000 else {
        #expect(try copy.record(proposal) == 2)
        continue
      }
      let said = try rejection {
        _ = try copy.record(proposal)
        return .record
      }
      #expect(said.code == (proposal.corrects == nil ? .inconsistent : .notCorrectable))
      #expect(said.sentence.contains("more than 1000 enrolments"))
      #expect(said.sentence.contains("`transferred`"))
    }
  }

  @Test func `What leaves the course as it is may be corrected whatever the roll`() throws {
    var annals = try planned(enrolments: 1_000_000)
    #expect(
      try annals.record(.test(2, Self.planned(.other), on: 2024_01_01, corrects: 1)) == 2)
    #expect(
      try annals.record(.test(3, .cohort(.opened(.init())), on: 2024_02_01)) == 3)
  }
}
