import EventLog
import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// One number in several spellings: found, refused for another, and told of where it was recorded
/// twice before.
struct NumberSpellingTests {
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    return registry
  }

  private func verify(_ number: String, _ registry: TestRegistry) throws -> VerifyCredentialReply {
    try registry.onLoop(
      .verifyCredential,
      VerifyCredentialRequest(
        which: .certificate(CertificateNumber(issuer: id("heta"), number: number)),
        on: day("2022-06-01")), VerifyCredentialReply.self)
  }

  private func rejection(_ registry: TestRegistry, _ proposal: Proposal) throws -> Rejected? {
    guard case .rejected(let why) = try registry.record([proposal])[0] else { return nil }
    return why
  }

  private func issued(_ key: String, _ number: String, to officer: String = "a") -> Proposal {
    Fixture.issued(key, to: officer, number: number, evidence: [])
  }

  @Test func `A certificate is found however its number is typed, and says how it is written`()
    throws
  {
    let registry = try ready()
    try registry.given(issued("k1", "HETA/2022/0001"))
    #expect(try verify("HETA/2022/0001", registry).writtenAs.isEmpty)
    for typed in ["heta/2022/0001", "HETA / 2022 / 0001", "HETA/2022/0001\u{200B}"] {
      let reply = try verify(typed, registry)
      #expect(reply.credential == id("k1") && reply.writtenAs == "HETA/2022/0001", "\(typed)")
      #expect(reply.number == "HETA/2022/0001")
    }
    #expect(try verify("HETA/2022/0002", registry).status == .unknown)
    try registry.end()
  }

  @Test func `No second credential gets the same number in another spelling`() throws {
    let registry = try ready()
    try registry.given(issued("k1", "HETA/2022-0001"))
    let why = try rejection(registry, issued("k2", "heta/2022 0001", to: "b"))
    #expect(why?.code == "already_taken")
    #expect(why?.sentence.contains("written HETA/2022-0001") == true)
    // Nor two of one request.
    let both = try registry.record([issued("k3", "N-1"), issued("k4", "n1", to: "b")])
    guard case .recorded = both[0], case .rejected(let second) = both[1] else {
      Issue.record("\(both)")
      return
    }
    #expect(second.code == "already_taken")
    try registry.end()
  }

  @Test(arguments: ["N/A", "НЕТА/1", "HETA\u{2013}1", "=\"1\"", "Pending"])
  func `What is no number, or looks like another, is refused by what is wrong`(number: String)
    throws
  {
    let registry = try ready()
    let why = try rejection(registry, issued("k1", number))
    #expect(why?.code == "inconsistent" && why?.field == "credential.issued.number")
    try registry.end()
  }

  @Test func `A certificate's number may be the page that it is on`() throws {
    let registry = try ready()
    let page = "https://badges.example.org/" + String(repeating: "a", count: 173)
    try registry.given(issued("k1", page))
    #expect(try verify(page, registry).credential == id("k1"))
    try registry.end()
  }

  @Test(arguments: ["N/A", "0", "1\u{200B}", "\u{661}\u{662}"])
  func `No officer is registered under what is no number`(number: String) throws {
    let registry = try ready()
    let why = try rejection(registry, Fixture.officer("c", number))
    #expect(why?.code == "personal_data")
    #expect(why?.field == "personal.identifiers[0].value")
    try registry.end()
  }

  @Test func `An officer is found however the number is typed, and nobody else gets it`() throws {
    let registry = try ready()
    try registry.given(Fixture.officer("c", "KE 2022-000241"))
    for typed in ["ke2022-000241", "KE2022\u{2011}000241", "KE 2022000241"] {
      let reply = try registry.onLoop(
        .resolveOfficer,
        ResolveOfficerRequest(identifier: SchemeValue(scheme: id("pn"), value: typed)),
        ResolveOfficerReply.self)
      #expect(reply.officer == id("c"), "\(typed)")
    }
    #expect(try rejection(registry, Fixture.officer("d", "ke2022000241"))?.code == "already_taken")
    try registry.end()
  }

  /// Puts events into the log that an older program took.
  private func smuggle(_ proposals: [Proposal], into registry: TestRegistry) throws {
    try registry.reopen(meanwhile: {
      let log = try EventLog(folder: registry.folder + "/data/log", mapSizeBytes: 1 << 30)
      defer { log.close() }
      for proposal in proposals {
        let position = log.end
        let event = Codec.encode(
          Recorded(
            position: position, version: 0, recordedAtMs: 1_700_000_000_000 + position,
            actor: Array("tester".utf8), rules: 4, digest: Array(repeating: 1, count: 16),
            proposal: Codec.encode(proposal),
            entropy: Array(repeating: UInt8(truncatingIfNeeded: position), count: 16)))
        _ = try log.append([LogEntry(event: event)])
      }
    })
  }

  @Test func `Earlier numbers that are one are exceptions, each found as it is written`() throws {
    let registry = try ready()
    let first = issued("k1", "A-1")
    let second = issued("k2", "a-1", to: "b")
    try smuggle([first, second, issued("k3", "N/A")], into: registry)
    #expect(try verify("A-1", registry).credential == id("k1"))
    #expect(try verify("a-1", registry).credential == id("k2"))
    // Nobody could tell which is meant.
    #expect(try verify("A1", registry).status == .unknown)
    #expect(try verify("N/A", registry).credential == id("k3"))
    let lines = try registry.exceptions(.numberOfTwo)
    #expect(Set(lines.map(\.eventID)) == [first.eventID, second.eventID])
    #expect(lines.first?.sentence.contains("where it is written a-1") == true)
    try registry.end()
  }
}
