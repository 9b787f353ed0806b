import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Whom a change of an organisation reaches: also those who were below it on a day in between.
struct OrganisationPreviewTests {
  private func told(
    _ proposal: Proposal, _ registry: TestRegistry
  ) throws -> [String] {
    let previewing = Previewing(registry: registry)
    let reply = try previewing.preview(proposal)
    let lines = Previewing.lines(reply)
    let size = try registry.size
    try registry.given(proposal)
    #expect(Set(try previewing.difference(from: size, on: reply.on)) == Set(lines))
    #expect(Set(try previewing.wholeDifference(from: size, on: reply.on!)) == Set(lines))
    return lines
  }

  @Test func `Who was below it only in between is told of, who joined a mandate by that`() throws {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "labs")] + Ministries.mandate(of: [.organisation(id("health"))]))
    // Below works in July alone, and by that below health from the 10th on.
    try registry.given(
      Ministries.moved("labs", under: "works", "2024-07-01"),
      Ministries.moved("works", under: "health", "2024-07-10"),
      Ministries.moved("labs", under: "health", "2024-08-01"))
    #expect(try registry.duty("a", "2024-08-02")?.joined == day("2024-07-10"))
    let lines = try told(Ministries.moved("works", under: "health", "2024-07-05"), registry)
    #expect(
      lines.contains {
        $0.hasPrefix("officer/a under mandate m: ") && $0.hasSuffix("joined 2024-07-05")
      }, "\(lines)")
    #expect(try registry.duty("a", "2024-08-02")?.joined == day("2024-07-05"))
    try registry.end()
  }

  @Test(arguments: [0, 1, 3] as [UInt64])
  func `However organisations move about, a preview equals the difference afterwards`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed &+ 5200)
    let registry = try TestRegistry.ministries(
      ["a", "b", "c"].enumerated().map {
        Ministries.officer($1, at: ["labs", "roads", "health"][$0])
      } + Ministries.mandate(of: [.organisation(id("health"))]))
    var told = 0
    for step in 0..<60 {
      let month = Int.random(in: 6...9, using: &random)
      let date = "2024-0\(month)-1\(Int.random(in: 0...9, using: &random))"
      let key = Ministries.all.randomElement(using: &random)!
      let other = Ministries.all.randomElement(using: &random)!
      let proposal =
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
          Ministries.organisation(
            key, date, .mergedInto(OrganisationMergedInto(organisation: id(other))))
        case 1: Ministries.posted(["a", "b", "c"].randomElement(using: &random)!, to: key, date)
        default: Ministries.moved(key, under: other, date)
        }
      let previewing = Previewing(registry: registry)
      let reply = try previewing.preview(proposal)
      let size = try registry.size
      guard case .recorded(let at) = try registry.record([proposal])[0], !at.already else {
        continue
      }
      let lines = Set(Previewing.lines(reply))
      let what = "\(proposal.stream.text) in step \(step), seed \(seed)"
      #expect(Set(try previewing.difference(from: size, on: reply.on)) == lines, "\(what)")
      #expect(Set(try previewing.wholeDifference(from: size, on: reply.on!)) == lines, "\(what)")
      if lines.contains(where: { $0.contains("under mandate") }) { told += 1 }
    }
    #expect(told > 0, "\(told) of seed \(seed)")
    try registry.end()
  }
}
