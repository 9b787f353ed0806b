import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What a mandate asks once it was withdrawn, and what of it is final once it was closed.
struct EndedMandateTests {
  private func ready(_ officers: Proposal...) throws -> TestRegistry {
    try TestRegistry.ministries(
      officers + Ministries.mandate(of: [.organisation(id("health"))]))
  }

  @Test func `A withdrawn mandate asks nothing of anybody from that day on`() throws {
    let registry = try ready(
      Ministries.officer("a", at: "health"), Ministries.officer("b", at: "health"))
    try registry.given(Ministries.failed("a", "2024-07-05"))
    let before = try registry.size
    // Asked before, so that an aggregate is there.
    #expect(try registry.total("2024-07-20")?.required == 2)
    try registry.given(Ministries.mandate("m", "2024-07-10", .withdrawn(MandateWithdrawn())))
    #expect(try registry.total("2024-07-09")?.nonCompliant == 1)
    for position in [nil, try registry.size] {
      #expect(try registry.total("2024-07-20", at: position) == ComplianceLine())
      #expect(try registry.duty("a", "2024-07-20", at: position) == nil)
    }
    #expect(try registry.total("2024-07-20", at: before)?.required == 2)
    let page = try registry.compliance(
      ComplianceRequest(mandate: id("m"), on: day("2024-07-20")))
    #expect(page.first?.mandate?.status == .withdrawn)
    #expect(page.flatMap(\.lines).isEmpty)
    let number = ComplianceNumber(mandate: id("m"))
    #expect(try registry.explained(.compliance(number), on: day("2024-07-20")).counted == 0)
    #expect(try registry.record([Ministries.failed("b", "2024-07-20")])[0].code == "inconsistent")
    try registry.end()
  }

  @Test func `After a mandate was closed nobody joins, and nothing is completed or falls due`()
    throws
  {
    let registry = try ready(
      Ministries.officer("a", at: "health"), Ministries.officer("b", at: "health"),
      Ministries.officer("c", at: "works"), Ministries.officer("d", at: "works"))
    try registry.given(
      Ministries.completed("a", "2024-06-20"),
      // Due on the 15th of July.
      Ministries.posted("c", to: "health", "2024-06-25"),
      Ministries.mandate("m", "2024-07-10", .closed(MandateClosed())),
      Ministries.posted("d", to: "health", "2024-07-12"),
      Ministries.completed("b", "2024-07-15"))
    for on in ["2024-07-10", "2024-07-31", "2025-07-31"] {
      let total = try #require(try registry.total(on))
      #expect(
        [total.required, total.completed, total.outstanding, total.overdue] == [3, 1, 2, 1], "\(on)"
      )
      #expect(try registry.duty("d", on) == nil, "\(on)")
      #expect(try registry.duty("b", on)?.standing == .outstanding, "\(on)")
    }
    // What was not done by then has its consequences after.
    try registry.given(Ministries.failed("b", "2024-08-01"))
    #expect(try registry.duty("b", "2024-07-31")?.standing == .outstanding)
    #expect(try registry.duty("b", "2024-08-01")?.standing == .nonCompliant)
    #expect(try registry.total("2024-08-01")?.nonCompliant == 1)
    // What was not due by then never is, and who came later was never meant.
    for key in ["c", "d"] {
      #expect(try registry.record([Ministries.failed(key, "2024-08-01")])[0].code == "inconsistent")
    }
    #expect(try registry.record([Ministries.exempted("c", "2024-08-01")])[0].code == "inconsistent")
    #expect(try registry.exceptions(.nonCompliantBeforeDue).isEmpty)
    try registry.end()
  }

  @Test func `A completion by the closing counts though it is learnt of after it`() throws {
    let registry = try ready(Ministries.officer("a", at: "health"))
    try registry.given(Ministries.mandate("m", "2024-07-10", .closed(MandateClosed())))
    #expect(try registry.total("2024-08-01")?.overdue == 1)
    try registry.given(Ministries.completed("a", "2024-07-10"))
    #expect(try registry.total("2024-08-01")?.late == 1)
    #expect(try registry.record([Ministries.failed("a", "2024-08-01")])[0].code == "inconsistent")
    try registry.end()
  }

  @Test func `Who was exempted when it was closed stays exempted`() throws {
    let registry = try ready(
      Ministries.officer("a", at: "health"),
      Ministries.officer("b", at: "health"))
    try registry.given(
      Ministries.exempted("a", "2024-06-10", until: "2024-07-20"),
      Ministries.mandate("m", "2024-07-10", .closed(MandateClosed())))
    #expect(try registry.duty("a", "2024-08-01")?.standing == .exempted)
    #expect(try registry.record([Ministries.failed("a", "2024-08-01")])[0].code == "inconsistent")
    try registry.end()
  }

  @Test func `An exemption from a mandate that had been closed before is an exception`() throws {
    let registry = try ready(
      Ministries.officer("a", at: "health"), Ministries.officer("b", at: "health"),
      Ministries.officer("c", at: "health"))
    let late = Ministries.exempted("a", "2024-07-15")
    try registry.given(
      late, Ministries.exempted("b", "2024-06-10"), Ministries.exempted("c", "2024-07-10"))
    let before = try registry.size
    #expect(try registry.exceptions().isEmpty)
    let closed = Ministries.mandate("m", "2024-07-10", .closed(MandateClosed()))
    try registry.given(closed)
    #expect(try registry.duty("a", "2024-08-01")?.standing == .outstanding)
    // Exempted by the day of the closing counts.
    for key in ["b", "c"] {
      #expect(try registry.duty(key, "2024-08-01")?.standing == .exempted, "\(key)")
    }
    let lines = try registry.exceptions(.exemptedFromNothing)
    #expect(lines.map(\.eventID) == [late.eventID])
    #expect(lines.first?.officer == id("a"))
    #expect(
      lines.first?.sentence
        == "exempted from m from 2024-07-15 on, and that has no effect: the mandate was closed on "
        + "2024-07-10")
    #expect(try registry.exceptions(.exemptedFromNothing, at: before).isEmpty)
    #expect(try registry.exceptions(.exemptedFromNothing, on: day("2024-07-14")).isEmpty)
    #expect(try registry.exceptions(.nonCompliantBeforeDue).isEmpty)
    try registry.given(Fixture.voided(closed))
    #expect(try registry.exceptions(.exemptedFromNothing).isEmpty)
    try registry.given(Ministries.mandate("m", "2024-07-12", .withdrawn(MandateWithdrawn())))
    #expect(try registry.exceptions(.exemptedFromNothing).map(\.eventID) == [late.eventID])
    try registry.end()
  }

  @Test func `A closing that is learnt of late is counted anew`() throws {
    let registry = try ready(Ministries.officer("a", at: "health"))
    try registry.given(Ministries.completed("a", "2024-07-15"))
    #expect(try registry.total("2024-08-01")?.late == 1)
    try registry.given(Ministries.mandate("m", "2024-07-10", .closed(MandateClosed())))
    #expect(try registry.total("2024-08-01")?.late == 0)
    #expect(try registry.total("2024-08-01")?.overdue == 1)
    try registry.end()
  }
}
