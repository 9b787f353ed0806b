import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What aligns with a plan: whatever names it, and what is counted under an agreement that does.
struct AlignedTests {
  private static func issued(_ key: String) -> Proposal {
    Fixture.proposal(
      "instrument/" + key, "2021-01-01",
      .instrument(.issued(InstrumentIssued(instrumentKind: .plan, title: "Plan \(key)"))),
      source: true)
  }

  private static func programme(_ key: String, _ instruments: [String]) -> Proposal {
    Fixture.proposal(
      "programme/" + key, "2021-06-01",
      .programme(
        .opened(
          ProgrammeOpened(
            terms: ProgrammeTerms(
              title: "Programme \(key)", organisation: id("heta"),
              instruments: instruments.map(id))))), source: true)
  }

  private static func edition(_ number: UInt32, _ on: String, _ instruments: [String]) -> Proposal {
    Fixture.proposal(
      "course/networks", on,
      .course(
        .published(
          CoursePublished(
            edition: number, title: "Networks \(number)", track: .technical,
            instruments: instruments.map(id)))), source: true)
  }

  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    var agreement = Fixture.agreement("mou")
    guard case .agreement(.signed(var given)) = agreement.body else { return registry }
    given.terms.instruments = [id("plan")]
    agreement.body = .agreement(.signed(given))
    try registry.given(
      Self.issued("plan"), Self.issued("other"), agreement, Self.programme("own", ["plan"]),
      Self.programme("linked", []), Self.programme("neither", ["other"]),
      Fixture.linked("linked", to: "mou", on: "2021-09-01"),
      Self.edition(1, "2021-06-01", ["plan", "other"]), Self.edition(2, "2022-06-01", ["other"]))
    return registry
  }

  private static func lines(
    _ registry: TestRegistry, _ instrument: String = "plan", on: String, at position: UInt64? = nil
  ) throws -> [String] {
    try registry.allPages(
      .aligned,
      AlignedRequest(instrument: id(instrument), on: day(on), atPosition: position),
      AlignedPage.self
    ).flatMap(\.lines).map {
      $0.stream.text + ($0.through.map { " through " + $0.text } ?? "")
    }
  }

  @Test func `What names a plan aligns with it, and a programme through its agreement`() throws {
    let registry = try ready()
    let known = [
      "agreement/mou", "programme/linked through mou", "programme/own", "course/networks",
    ]
    #expect(try Self.lines(registry, on: "2021-12-31") == known)
    // Before it was linked; and once the course has another edition.
    #expect(
      try Self.lines(registry, on: "2021-08-31")
        == ["agreement/mou", "programme/own", "course/networks"])
    #expect(try Self.lines(registry, on: "2022-12-31") == known.dropLast())
    #expect(
      try Self.lines(registry, "other", on: "2022-12-31")
        == ["programme/neither", "course/networks"])
    for rebuild in [false, true] {
      try registry.reopen(rebuild: rebuild)
      #expect(try Self.lines(registry, on: "2021-12-31") == known)
    }
    try registry.end()
  }

  @Test func `What was learnt later is not aligned at an earlier position`() throws {
    let registry = try ready()
    let before = try registry.size
    try registry.given(Self.programme("late", ["plan"]))
    #expect(try Self.lines(registry, on: "2021-12-31").contains("programme/late"))
    #expect(
      try !Self.lines(registry, on: "2021-12-31", at: before).contains("programme/late"))
    try registry.end()
  }

  @Test func `An instrument that is not there is named, with the nearest that is`() throws {
    let registry = try ready()
    var refusal: CallStatus?
    do { _ = try Self.lines(registry, "plam", on: "2022-12-31") } catch {
      refusal = CallStatus(of: error)
    }
    #expect(refusal?.code == .notFound && refusal?.field == "instrument")
    #expect(refusal?.message.contains("did you mean plan?") == true)
    let refused = try registry.record([Self.programme("x", ["nowhere"])])[0]
    #expect(refused.position == nil)
    try registry.end()
  }
}
