import Testing

@testable import Registry

/// Two records of one person, and that they were two after all. That merges do not go round is in
/// `CycleCheckTests`.
@Suite struct OfficerMergesTests {
  /// The training context, where "amina" was merged into "otieno", and a training of each.
  private var context: TestContext {
    var context = TestContext.training
    for (key, officer) in [("ea", "amina"), ("eo", "otieno")] as [(Identifier, Identifier)] {
      context.put(
        .enrolment, key,
        .enrolment(
          Enrolment(
            status: .completed, since: .test, seat: Seat(officer: officer, cohort: "c1"))))
    }
    context.put(
      .credential, "co",
      .credential(
        Credential(
          status: .issued, since: .test,
          terms: CredentialIssued(
            holder: "otieno", issuer: "school", number: "7", courses: ["networks"],
            awardedOn: 2024_01_01, validFrom: 2024_01_01))))
    return context
  }

  private let merged = Officer(
    status: .merged, since: .test, posting: .own, mergedInto: "otieno", beforeMerge: .onLeave,
    spans: [
      PostingSpan(from: 2023_01_01, status: .onLeave, posting: .own),
      PostingSpan(from: 2024_01_01, status: .merged, posting: .own),
    ])

  private func decide(
    _ event: OfficerEvent, in state: Officer?, on day: Day = 2024_06_01
  ) throws -> Verdict {
    try Officer.decide(
      event, .at(100, .officer, "amina", on: day), in: state, given: context)
  }

  private func stream(_ text: String) -> StreamID { StreamID(text)! }

  @Test func `A record that was merged is merged again by nobody`() throws {
    #expect(
      try decide(.mergedInto(.init(officer: "otieno")), in: merged) == .unchanged(since: 7))
    let said = try rejection { try decide(.mergedInto(.init(officer: "other")), in: merged) }
    #expect(said.code == .illegalTransition)
    #expect(said.sentence.contains("into otieno already: reverse that merge first"))
    #expect(said.inTheWay == 7)
  }

  @Test func `A reversal lists what names the other and is one's own`() throws {
    let reversed = OfficerMergeReversed(
      toThis: [stream("enrolment/eo"), stream("credential/co")],
      toSurvivor: [stream("enrolment/ea")])
    #expect(try decide(.mergeReversed(reversed), in: merged) == .record)
    let after = try #require(
      Officer.evolve(
        merged, by: .mergeReversed(reversed), .at(100, .officer, "amina", on: 2024_06_01)))
    #expect(after.status == .onLeave)
    #expect(after.mergedInto == nil)
    #expect(
      after.partings == [
        Parting(survivor: "otieno", toThis: reversed.toThis, toSurvivor: reversed.toSurvivor)
      ])
    #expect(after.span(on: 2024_05_31)?.status == .merged)
    #expect(after.span(on: 2024_06_01)?.status == .onLeave)
  }

  @Test func `What a reversal lists is known, names whom it says, and stands there once`() throws {
    let own = stream("enrolment/ea")
    let others = stream("enrolment/eo")
    for (toThis, toSurvivor, field, code) in [
      ([stream("enrolment/none")], [], "to_this[0]", .noSuchReference),
      // A course, and a record itself, are nobody's to give.
      ([others, stream("course/networks")], [], "to_this[1]", .noSuchReference),
      ([stream("officer/otieno")], [], "to_this[0]", .noSuchReference),
      ([own], [], "to_this[0]", .inconsistent),
      ([], [others], "to_survivor[0]", .inconsistent),
      ([others, others], [], "to_this", .inconsistent),
    ] as [([StreamID], [StreamID], String, Rejection.Code)] {
      let event = OfficerEvent.mergeReversed(.init(toThis: toThis, toSurvivor: toSurvivor))
      let said = try rejection { try decide(event, in: merged) }
      #expect(said.code == code, "\(field)")
      #expect(said.field == "officer.merge_reversed.\(field)")
    }
  }

  @Test func `A second reversal says anew whose is what`() throws {
    var state = merged
    for (day, toThis) in [(2024_06_01, "enrolment/eo"), (2024_08_01, "credential/co")]
      as [(Day, String)]
    {
      state = try #require(
        Officer.evolve(
          state, by: .mergeReversed(.init(toThis: [stream(toThis)])),
          .at(100, .officer, "amina", on: day)))
      state = try #require(
        Officer.evolve(
          state, by: .mergedInto(.init(officer: "otieno")),
          .at(101, .officer, "amina", on: day.adding(days: 30))))
    }
    #expect(state.partings.map(\.toThis) == [[stream("credential/co")]])
    #expect(state.beforeMerge == .onLeave)
    #expect(
      state.spans.map(\.status) == [.onLeave, .merged, .onLeave, .merged, .onLeave, .merged])
  }

  @Test func `A suspension outlasts a merge that was none`() throws {
    var state: Officer?
    for (at, event) in [
      .registered(.init(posting: .own)), .leaveStarted(.init()), .suspended(.init()),
      .mergedInto(.init(officer: "otieno")), .mergeReversed(.init()), .reinstated(.init()),
    ].enumerated() as EnumeratedSequence<[OfficerEvent]> {
      let metadata = EventMetadata.at(
        UInt64(at), .officer, "amina", on: Day(2024_01_01).adding(days: at))
      #expect(
        try Officer.decide(event, metadata, in: state, given: context) == .record, "\(event.name)")
      state = Officer.evolve(state, by: event, metadata)
    }
    #expect(state?.status == .onLeave)
  }
}
