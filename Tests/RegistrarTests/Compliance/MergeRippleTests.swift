import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A merge moves everything to the survivor in every answer; its reversal gives each what the event
/// lists; on days and at positions before it everything is as it was.
struct MergeRippleTests {
  /// Officer `a` with a training, a credential and a duty, `b` with a training of their own.
  func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.agreement("mou"), Fixture.programme("p1"),
      Fixture.linked("p1", to: "mou", on: "2021-07-01"), Fixture.cohort("c2", programme: "p1"),
      Fixture.enrolled("e1", "a", "c2"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]),
      Fixture.enrolled("e2", "b", "c2"), Fixture.completed("e2", on: "2022-04-30"))
    return registry
  }

  /// What every answer says of the two, in one text.
  func answers(
    _ registry: TestRegistry, on text: String, at position: UInt64? = nil
  ) throws -> [String: String] {
    let on = day(text)
    var answers: [String: String] = [:]
    for officer in ["a", "b"] {
      let profile = try registry.onLoop(
        .getProfile,
        GetProfileRequest(who: .officer(id(officer)), on: on, atPosition: position),
        GetProfileReply.self)
      answers["profile \(officer)"] =
        "\(profile.officer?.text ?? "–"): "
        + profile.trainings.map(\.enrolment.text).joined(separator: " ") + ", "
        + profile.credentials.map(\.credential.text).joined(separator: " ")
      let has = try registry.onLoop(
        .hasSkill,
        HasSkillRequest(
          who: .officer(id(officer)),
          skill: SkillLevel(framework: id("ict"), skill: id("cloud"), level: 2), on: on,
          atPosition: position), HasSkillReply.self)
      answers["has \(officer)"] = "\(has.has)"
      let verified = try registry.onLoop(
        .verifyCredential,
        VerifyCredentialRequest(
          which: .credential(id("k1")),
          holder: SchemeValue(scheme: id("pn"), value: officer == "a" ? "1" : "2"), on: on,
          atPosition: position), VerifyCredentialReply.self)
      answers["holder"] = verified.holder?.text ?? "–"
      answers["matches \(officer)"] = verified.holderMatches?.name ?? "–"
    }
    let reply = try registry.agreement("mou", on: on, at: position)
    answers["agreement"] = "\(reply.people) people, \(reply.completions) completions"
    let number = AgreementNumber(agreement: id("mou"), figure: .people)
    answers["explained"] = try registry.explained(.agreement(number), on: on, at: position).lines
      .compactMap(\.officer?.text).sorted().joined(separator: " ")
    return answers
  }

  static let apart: [String: String] = [
    "profile a": "a: e1, k1", "profile b": "b: e2, ", "has a": "true", "has b": "true",
    "holder": "a", "matches a": "yes", "matches b": "no",
    "agreement": "2 people, 2 completions", "explained": "a b",
  ]

  static let together: [String: String] = [
    "profile a": "b: e1 e2, k1", "profile b": "b: e1 e2, k1", "has a": "true", "has b": "true",
    "holder": "b", "matches a": "yes", "matches b": "yes",
    "agreement": "1 people, 2 completions", "explained": "b",
  ]

  @Test func `Everything of a merged record is the survivor's, from the day of the merge on`()
    throws
  {
    let registry = try ready()
    let before = try registry.size
    try registry.given(Fixture.merged("a", into: "b", on: "2022-09-01"))
    let after = try registry.size
    #expect(try answers(registry, on: "2022-08-31") == Self.apart)
    #expect(try answers(registry, on: "2022-09-01") == Self.together)
    #expect(try answers(registry, on: "2022-09-01", at: before) == Self.apart)
    try registry.given(
      Fixture.unmerged(
        "a", on: "2022-11-01", toThis: ["enrolment/e2"], toSurvivor: ["credential/k1"]))
    let reversed = [
      "profile a": "a: e1 e2, ", "profile b": "b: , k1", "has a": "true", "has b": "false",
      "holder": "b", "matches a": "no", "matches b": "yes",
      "agreement": "1 people, 2 completions", "explained": "a",
    ]
    #expect(try answers(registry, on: "2022-11-01") == reversed)
    #expect(try answers(registry, on: "2022-10-31") == Self.together)
    #expect(try answers(registry, on: "2022-08-31") == Self.apart)
    #expect(try answers(registry, on: "2022-11-01", at: after) == Self.together)
    #expect(try answers(registry, on: "2022-11-01", at: before) == Self.apart)
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue)")
    }
    #expect(try answers(registry, on: "2022-11-01") == reversed)
    try registry.end()
  }

  @Test func `The stored answer about a credential names the holder of the day asked about`() throws
  {
    let registry = try ready()
    try registry.given(Fixture.merged("a", into: "b", on: "2022-09-01"))
    #expect(try registry.verify("k1", on: day("2022-08-31")).holder == id("a"))
    #expect(try registry.verify("k1", on: day("2022-09-01")).holder == id("b"))
    try registry.given(Fixture.unmerged("a", on: "2022-11-01"))
    #expect(try registry.verify("k1", on: day("2022-10-31")).holder == id("b"))
    #expect(try registry.verify("k1", on: day("2022-11-01")).holder == id("a"))
    let list = ListCredentialsRequest(whose: .officer(id("b")), on: day("2022-10-31"))
    let held = try registry.allPages(.listCredentials, list, ListCredentialsPage.self)
      .flatMap(\.credentials).map(\.credential.text)
    #expect(held == ["k1"])
    let rolls = try registry.allPages(
      .cohortRoll, CohortRollRequest(cohort: id("c2"), on: day("2022-10-31")), CohortRollPage.self)
    #expect(rolls.flatMap(\.lines).map(\.officer) == [id("b"), id("b")])
    let found = try registry.allPages(
      .findOfficers,
      FindOfficersRequest(
        skills: [SkillLevel(framework: id("ict"), skill: id("cloud"), level: 2)],
        on: day("2022-10-31")), FindOfficersPage.self)
    #expect(found.flatMap(\.officers).map(\.officer) == [id("b")])
    try registry.end()
  }

  @Test func `A chain of merges leads to the last, live as rebuilt`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.officer("c", "4"), Fixture.officer("d", "5"),
      Fixture.merged("c", into: "d", on: "2022-09-03"),
      Fixture.merged("b", into: "c", on: "2022-09-02"),
      Fixture.merged("a", into: "b", on: "2022-09-01"))
    let profile = try registry.profile("a", on: day("2022-10-01"))
    #expect(profile.officer == id("d"))
    #expect(profile.merged == [id("a"), id("b"), id("c")])
    #expect(profile.trainings.map(\.enrolment.text) == ["e1", "e2"])
    try registry.given(
      Fixture.issued("k5", to: "a", number: "N5", evidence: [], on: "2022-05-01"),
      Fixture.unmerged("b", on: "2022-12-01"))
    #expect(try registry.profile("a", on: day("2022-12-01")).officer == id("b"))
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue)")
    }
    try registry.end()
  }

  @Test func `A merge that is voided was none, and one that is restored is one again`() throws {
    let registry = try ready()
    let merged = Fixture.merged("a", into: "b", on: "2022-09-01")
    try registry.given(merged, Fixture.voided(merged))
    #expect(try answers(registry, on: "2022-09-01") == Self.apart)
    try registry.given(Fixture.restored(merged))
    #expect(try answers(registry, on: "2022-09-01") == Self.together)
    try registry.end()
  }

  @Test func `What is recorded under a merged record is the survivor's`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.merged("a", into: "b", on: "2022-03-01"),
      Fixture.issued("k9", to: "a", number: "N9", evidence: [], on: "2022-05-01"))
    let profile = try registry.profile("b", on: day("2022-05-01"))
    #expect(Set(profile.credentials.map(\.credential.text)) == ["k1", "k9"])
    #expect(try registry.verify("k9", on: day("2022-05-01")).holder == id("b"))
    let resolved = try registry.onLoop(
      .resolveOfficer,
      ResolveOfficerRequest(identifier: SchemeValue(scheme: id("pn"), value: "1")),
      ResolveOfficerReply.self)
    #expect(resolved.officer == id("b"))
    try registry.end()
  }

  @Test func `A preview of a merge says what moves, and of its reversal what goes back`() throws {
    let registry = try ready()
    func preview(_ proposal: Proposal) throws -> [String] {
      try registry.submit([RecordItem(proposal: Codec.encode(proposal))], purpose: .preview).get()
        .changes.map { "\($0.stream!.text) \($0.what): \($0.before) → \($0.after)" }
    }
    let merged = Fixture.merged("a", into: "b", on: "2022-09-01")
    var lines = try preview(merged)
    #expect(lines.contains("officer/a status: active → merged"))
    #expect(lines.contains("credential/k1 record: in a → in b"))
    #expect(lines.contains("officer/a record:  → merged into b"))
    #expect(!lines.contains { $0.hasPrefix("enrolment/e2") })
    try registry.given(merged)
    lines = try preview(
      Fixture.unmerged("a", on: "2022-11-01", toSurvivor: ["credential/k1"]))
    #expect(lines.contains("enrolment/e1 record: in b → in a"))
    #expect(!lines.contains { $0.hasPrefix("credential/k1 record") })
    try registry.end()
  }
}
