import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// An officer's complete record, and records that may be of one person.
struct OfficerRecordTests {
  func pages(_ registry: TestRegistry, _ who: OfficerRecordRequest.Who) throws
    -> [OfficerRecordPage]
  {
    // Slices that last, so that only what a page may hold parts one from the next.
    try registry.allPages(
      .officerRecord, OfficerRecordRequest(who: who), OfficerRecordPage.self,
      slice: { .endless })
  }

  static func named(_ key: String, _ name: String, _ contacts: [String] = []) -> Proposal {
    Fixture.proposal(
      "officer/" + key, "2020-01-01",
      .officer(
        .registered(OfficerRegistered(posting: Posting(organisation: Identifier("moict")!)))),
      personal: Personal(
        name: name, identifiers: [SchemeValue(scheme: Identifier("pn")!, value: "No " + key)],
        contacts: contacts))
  }

  @Test func `A record holds every event of every stream, standing or not, and merged records'`()
    throws
  {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    let gone = Fixture.enrolled("e2", "b")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]), gone,
      Fixture.voided(gone), Fixture.voided(completed),
      Fixture.merged("a", into: "b", on: "2022-06-01"))
    let found = try pages(registry, .identifier(SchemeValue(scheme: id("pn"), value: "1")))
    let first = try #require(found.first)
    #expect(first.officer == id("b"))
    #expect(first.personal?.name == "Example b")
    #expect(Set(first.personal?.identifiers.map(\.value) ?? []) == ["1", "2"])
    #expect(first.profile?.merged == [id("a")])
    var events: [StreamID: [HistoryLine]] = [:]
    for page in found.dropFirst() { events[page.stream!, default: []] += page.history }
    #expect(
      Set(events.keys.map(\.text)) == [
        "officer/a", "officer/b", "enrolment/e1", "enrolment/e2", "credential/k1",
      ])
    #expect(events[StreamID("enrolment/e1")!]?.map(\.standing) == [.stands, .voided, .stands])
    #expect(events[StreamID("enrolment/e2")!]?.map(\.standing) == [.voided, .stands])
    // What was sealed with an event is opened on that event's own page.
    let opened = found.dropFirst().filter { $0.personal != nil }
    #expect(Set(opened.compactMap(\.personal?.name)) == ["Example a", "Example b"])
    #expect(opened.allSatisfy { $0.history.count == 1 })
    #expect(try pages(registry, .officer(id("nobody"))).allSatisfy { $0.officer == nil })
    try registry.end()
  }

  @Test func `A long stream comes in parts, and each part has no more than it may`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.enrolled("e1", "a"))
    try registry.record(
      (0..<450).map { at in
        Fixture.proposal(
          "enrolment/e1", "2022-01-15",
          .enrolment(.attended(EnrolmentAttended(session: id("s\(at)"), minutes: 10))))
      })
    let found = try pages(registry, .officer(id("a"))).dropFirst().filter {
      $0.stream?.kind == .enrolment
    }
    #expect(found.map(\.history.count) == [200, 200, 51])
    #expect(found[0].state != nil)
    try registry.end()
  }

  @Test func `A correction that brings no personal data leaves what was known`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let registered = Self.named("x", "Example First")
    try registry.given(registered)
    var corrected = Fixture.proposal(
      "officer/x", "2020-02-01", registered.body, corrects: registered.eventID)
    try registry.given(corrected)
    #expect(try pages(registry, .officer(id("x")))[0].personal?.name == "Example First")
    corrected = Fixture.proposal(
      "officer/x", "2020-02-01", registered.body, corrects: corrected.eventID,
      personal: Personal(name: "Example Second"))
    try registry.given(corrected)
    #expect(try pages(registry, .officer(id("x")))[0].personal?.name == "Example Second")
    try registry.given(Fixture.voided(corrected))
    #expect(try pages(registry, .officer(id("x")))[0].personal?.name == "Example First")
    try registry.end()
  }

  func duplicates(_ registry: TestRegistry) throws -> [String] {
    let pages = try registry.allPages(
      .duplicates, DuplicatesRequest(), DuplicatesPage.self)
    return pages.flatMap(\.groups).map {
      "\($0.alike): " + $0.officers.map(\.text).joined(separator: " ")
    }.sorted()
  }

  @Test func `Records with the same words for a name, or a contact in common, are told`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground where proposal.stream.kind != .officer {
      try registry.given(proposal)
    }
    try registry.given(
      Self.named("x1", "Wanjikũ  Example", ["w@example.org"]),
      Self.named("x2", "EXAMPLE, Wanjiku"),
      Self.named("x3", "Example Ng'ang'a", ["0712 345 678"]),
      Self.named("x4", "Nganga Example"),
      Self.named("x5", "Somebody Else", ["+254 712-345-678", "W@Example.org"]),
      Self.named("x6", "Nobody Alike", ["0799 999 999"]))
    #expect(
      try duplicates(registry) == [
        "contact: x1 x5", "contact: x3 x5", "name: x1 x2", "name: x3 x4",
      ])
    try registry.given(Fixture.merged("x2", into: "x1", on: "2021-01-01"))
    #expect(
      try duplicates(registry) == ["contact: x1 x5", "contact: x3 x5", "name: x3 x4"])
    try registry.store.vault.erase(id("x5"))
    #expect(try duplicates(registry) == ["name: x3 x4"])
    try registry.end()
  }

  @Test func `Among many officers each pair is told once`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground where proposal.stream.kind != .officer {
      try registry.given(proposal)
    }
    for start in stride(from: 0, to: 1200, by: 400) {
      try registry.record(
        (start..<start + 400).map { at in
          Self.named("n\(at)", "Example \(at % 1100) Person")
        })
    }
    let found = try duplicates(registry)
    #expect(found.count == 100)
    #expect(Set(found).count == 100)
    #expect(found.contains("name: n1100 n0") || found.contains("name: n0 n1100"))
    try registry.end()
  }
}
