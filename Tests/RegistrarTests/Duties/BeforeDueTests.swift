import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Nobody is non-compliant before they are due, whenever that came to be known.
struct BeforeDueTests {
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "health"), Ministries.officer("b", at: "health")]
        + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(Ministries.failed("a", "2024-07-05"))
    return registry
  }

  @Test func `A non-compliance before an extension that is learnt of late does not count`() throws {
    let registry = try ready()
    let before = try registry.size
    #expect(try registry.duty("a", "2024-07-06")?.standing == .nonCompliant)
    try registry.given(Ministries.extended("2024-06-28", until: "2024-07-31"))
    for on in ["2024-07-06", "2024-08-05"] {
      #expect(try registry.duty("a", on)?.standing == .outstanding, "\(on)")
      #expect(try registry.total(on)?.nonCompliant == 0, "\(on)")
    }
    #expect(try registry.total("2024-07-06")?.overdue == 0)
    #expect(try registry.total("2024-08-05")?.overdue == 2)
    // As it was known it counted.
    #expect(try registry.duty("a", "2024-07-06", at: before)?.standing == .nonCompliant)
    #expect(try registry.total("2024-07-06", at: before)?.nonCompliant == 1)
    try registry.end()
  }

  @Test func `It is an exception until it is voided, and may be recorded again when it is due`()
    throws
  {
    let registry = try ready()
    let late = Ministries.extended("2024-06-28", until: "2024-07-31")
    #expect(try registry.exceptions(on: day("2024-08-30")).isEmpty)
    let before = try registry.size
    try registry.given(late)
    let found = try registry.exceptions(.nonCompliantBeforeDue, on: day("2024-08-30"))
    #expect(found.map(\.officer) == [id("a")])
    #expect(found.first?.sentence.contains("it was due on 2024-07-31") == true)
    #expect(try registry.exceptions(on: day("2024-07-04")).isEmpty)
    #expect(try registry.exceptions(on: day("2024-08-30"), at: before).isEmpty)
    #expect(try registry.record([Ministries.failed("a", "2024-07-31")])[0].code == "inconsistent")
    let again = Ministries.failed("a", "2024-08-05")
    try registry.given(again)
    #expect(try registry.duty("a", "2024-08-04")?.standing == .outstanding)
    #expect(try registry.duty("a", "2024-08-05")?.standing == .nonCompliant)
    // Said once more it says nothing new; without the extension both count.
    #expect(try registry.record([Ministries.failed("a", "2024-08-06")])[0].isUnchanged)
    try registry.given(Fixture.voided(late))
    #expect(try registry.duty("a", "2024-07-06")?.standing == .nonCompliant)
    #expect(try registry.duty("a", "2024-08-06")?.standing == .nonCompliant)
    #expect(try registry.exceptions(.nonCompliantBeforeDue).isEmpty)
    try registry.end()
  }

  @Test func `An extension from a later day on gives time from that day on`() throws {
    let registry = try ready()
    try registry.given(Ministries.extended("2024-07-10", until: "2024-08-31"))
    #expect(try registry.duty("a", "2024-07-09")?.standing == .nonCompliant)
    #expect(try registry.duty("a", "2024-07-10")?.standing == .outstanding)
    #expect(try registry.total("2024-07-10")?.overdue == 0)
    // True on its own day: no exception.
    #expect(try registry.exceptions(.nonCompliantBeforeDue).isEmpty)
    try registry.end()
  }

  @Test func `Who turns out not to have been meant was not non-compliant`() throws {
    let registry = try ready()
    try registry.given(Ministries.posted("a", to: "works", "2024-05-01"))
    #expect(try registry.duty("a", "2024-07-06") == nil)
    let found = try registry.exceptions(.nonCompliantBeforeDue, on: day("2024-07-06"))
    #expect(found.map(\.officer) == [id("a")])
    #expect(found.first?.sentence.contains("did not mean the officer") == true)
    try registry.end()
  }
}
