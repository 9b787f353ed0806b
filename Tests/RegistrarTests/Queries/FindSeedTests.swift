import Messages
import Projections
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Lists of officers by skills over random histories: who is found is whom the profiles say, each
/// person once, and every page is as of the first one's position.
struct FindSeedTests {
  static let questions: [FindOfficersRequest] = [
    FindOfficersRequest(skills: [Crowd.cloud(2)]),
    FindOfficersRequest(skills: [Crowd.cloud(1)], county: id("047")),
    FindOfficersRequest(
      skills: [Crowd.cloud(1), Crowd.cloud(2)], organisation: id("left"), below: true),
    FindOfficersRequest(skills: [Crowd.cloud(3)], organisation: id("top")),
    FindOfficersRequest(skills: [Crowd.cloud(2)], strengthAtLeast: .practical),
  ]

  /// Whom the question means, officer by officer, as the rules are written.
  static func expected(
    _ question: FindOfficersRequest, on day: Day, knownAt position: LogPosition,
    _ reader: RegistryReader
  ) throws -> [Identifier] {
    try Crowd.officers.map(id).filter { officer in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: reader)
      guard profile.officer == officer, profile.isKnown else { return false }
      if !question.includeLeft, [.separated, .deceased].contains(profile.state?.status) {
        return false
      }
      if let wanted = question.organisation {
        guard let posted = profile.posting?.organisation else { return false }
        let isThere =
          question.below
          ? reader.sharedStreams.isBelow(posted, wanted, on: day, knownAt: position)
          : posted == wanted
        guard isThere else { return false }
      }
      if let county = question.county, profile.posting?.county != county { return false }
      return question.skills.allSatisfy { wanted in
        profile.grounds.contains { ground in
          guard ground.skill.skill == wanted.skill, ground.skill.level >= wanted.level,
            ground.strength.rawValue >= question.strengthAtLeast?.rawValue ?? 0
          else { return false }
          let held = profile.policy.skills(from: [ground], on: day)
          return held.contains { $0.holding != .lapsed }
        }
      }
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func `Any history gives whom the profiles say, while it goes on`(seed: UInt64) throws {
    var random = Seeded(seed)
    // Odd seeds are behind by more than may be looked up, so that everybody is folded.
    let registry = try TestRegistry { if seed % 2 == 1 { $0.eventsBehindMax = 5 } }
    for proposal in Crowd.ground { try registry.given(proposal) }
    var recorded = (0..<6).map { Crowd.registered("o\($0)", &random) }
    for proposal in recorded { try registry.given(proposal) }
    func record(_ count: Int) throws {
      let batch = (0..<count).map { _ in Crowd.next(&random, recorded) }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        if outcome.position != nil, !outcome.isAlready { recorded.append(proposal) }
      }
    }
    var found = 0
    for round in 0..<12 {
      try record(8)
      var question = Self.questions[round % Self.questions.count]
      question.on = ComplianceSeedTests.days.randomElement(using: &random)!
      question.pageSize = 1
      question.includeLeft = round % 2 == 0
      let now = try registry.store.digestPosition()
      if round % 3 == 2 { question.atPosition = UInt64.random(in: 0...now, using: &random) }
      let position = question.atPosition ?? now
      let expected = try registry.session {
        try Self.expected(question, on: question.on!, knownAt: position, $0.readModel)
      }
      let place: Comment = "round \(round), seed \(seed)"
      // The history goes on between the pages; at most so far that a list may still follow.
      let pages: [FindOfficersPage]
      do {
        pages = try registry.pages(.findOfficers, question, FindOfficersPage.self) {
          if seed % 2 == 0 { try record(2) }
        }
      } catch let status as CallStatus where status.code == .notFound {
        // What it names was not known yet at the position.
        #expect(expected.isEmpty, place)
        #expect(question.atPosition != nil || status.field == "county", place)
        continue
      }
      #expect(pages.flatMap(\.officers).map(\.officer) == expected, place)
      #expect(pages.allSatisfy { $0.asOf == position }, place)
      found += expected.count
      // Going on by a token, later and elsewhere, gives the rest.
      if let first = pages.first, !first.resumeAfter.isEmpty, seed % 2 == 0 {
        question.resumeAfter = first.resumeAfter
        let rest = try registry.pages(.findOfficers, question, FindOfficersPage.self)
        #expect(
          (first.officers + rest.flatMap(\.officers)).map(\.officer) == expected, place)
      }
    }
    #expect(found > 0, "seed \(seed) finds nobody at all")
    try registry.end()
  }

  @Test func `A token of long ago is refused with what to do instead`() throws {
    let registry = try TestRegistry { $0.eventsBehindMax = 3 }
    for proposal in Crowd.ground { try registry.given(proposal) }
    var random = Seeded(1)
    for at in 0..<3 {
      try registry.given(Crowd.registered("o\(at)", &random))
      try registry.given(
        Fixture.proposal(
          "enrolment/o\(at)", "2022-02-01",
          .enrolment(
            .completed(
              EnrolmentCompleted(seat: Fixture.seat("o\(at)", "c-k1"), result: .passed))),
          source: true))
    }
    var question = FindOfficersRequest(
      skills: [Crowd.cloud(2)], on: day("2022-05-01"), pageSize: 1)
    let first = try registry.pages(.findOfficers, question, FindOfficersPage.self)[0]
    #expect(first.officers.map(\.officer.text) == ["o0"])
    for at in 0..<4 { try registry.given(Fixture.organisation("more\(at)")) }
    question.resumeAfter = first.resumeAfter
    let refusal = #expect(throws: CallStatus.self) {
      _ = try registry.pages(.findOfficers, question, FindOfficersPage.self)
    }
    #expect(refusal?.code == .outOfRange)
    // With the position named, everybody is folded instead.
    question.atPosition = first.asOf
    let rest = try registry.pages(.findOfficers, question, FindOfficersPage.self)
    #expect(rest.flatMap(\.officers).map(\.officer.text) == ["o1", "o2"])
    #expect(rest.contains { $0.progress != nil })
    try registry.end()
  }

  @Test(arguments: [
    (FindOfficersRequest(skills: []), "skills"),
    (FindOfficersRequest(skills: [Crowd.cloud(1)], below: true), "organisation"),
    (FindOfficersRequest(skills: [Crowd.cloud(1)], resumeAfter: [1, 2, 3]), "resume_after"),
    (FindOfficersRequest(skills: [Crowd.cloud(1)], atPosition: 99), "at_position"),
    (FindOfficersRequest(skills: [Crowd.cloud(1)], atLeast: 99), "at_least"),
  ])
  func `A question that means nothing is refused by its field`(
    question: FindOfficersRequest, field: String
  ) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    let refusal = #expect(throws: CallStatus.self) {
      _ = try registry.pages(.findOfficers, question, FindOfficersPage.self)
    }
    #expect(refusal?.field == field)
    try registry.end()
  }
}
