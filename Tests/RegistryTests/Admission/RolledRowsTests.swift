import Testing

@testable import Registry

/// No event rewrites more than a thousand rows.
@Suite struct RolledRowsTests {
  private static let stream = StreamID(.cohort, "own")

  /// A cohort with so many enrolments: planned (1) and planned again with another course (2).
  private func planned(enrolments: Int) throws -> TestHistoryReader {
    var context = TestContext.training
    context.rolls["own"] = enrolments
    context.put(
      .course, "cloud",
      .course(
        Course(
          status: .published, since: .test,
          editions: [CoursePublished(edition: 1, title: "Cloud", track: .technical)])))
    var reader = TestHistoryReader(context)
    _ = try reader.record(.test(1, Self.planned(.own), on: 2024_01_01))
    return reader
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
    let reader = try planned(enrolments: enrolments)
    for proposal: Proposal in [
      .test(2, Self.planned(Self.cloud), on: 2024_02_01),
      .test(2, Self.planned(Self.cloud), on: 2024_01_01, corrects: 1),
      .test(2, .cohort(.opened(.init(terms: Self.cloud))), on: 2024_02_01),
      .test(2, .voided(Voided()), on: 2024_02_01, corrects: 1, in: Self.stream),
    ] {
      var copy = reader
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
    var reader = try planned(enrolments: 1_000_000)
    #expect(
      try reader.record(.test(2, Self.planned(.other), on: 2024_01_01, corrects: 1)) == 2)
    #expect(
      try reader.record(.test(3, .cohort(.opened(.init())), on: 2024_02_01)) == 3)
  }
}
