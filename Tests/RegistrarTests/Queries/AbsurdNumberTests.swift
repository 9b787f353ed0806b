import Foundation
import Locking
import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Numbers that an older program let in, and that no question may end at.
@Suite struct AbsurdNumberTests {
  /// Records what is decoded without the schema's bounds, as it was taken before there were any.
  private func recordOld(_ registry: TestRegistry, _ proposals: [Proposal]) throws {
    for proposal in proposals {
      var item = PendingItem(RecordItem(proposal: Codec.encode(proposal)), arena: Arena())
      item.proposal = .success(proposal)
      let outcome = try record(registry, item)
      guard case .recorded = outcome else {
        throw Unexpected("\(proposal.stream.text): \(outcome)")
      }
    }
  }

  private func record(_ registry: TestRegistry, _ item: PendingItem) throws -> RecordOutcome {
    let answer = Mutex<Result<PreviewReply, RecordFailure>?>(nil)
    let done = DispatchSemaphore(value: 0)
    registry.writer.submit(
      DecodedRequest(items: [item], atomic: false, purpose: .record, actor: "tester") { result in
        answer.withLock { $0 = result }
        done.signal()
      })
    done.wait()
    return try answer.withLock { $0! }.get().outcomes[0]
  }

  /// - Parameter month: of the year, in which the people were: reports of one time are not added up.
  private func reported(_ report: String, _ people: UInt64, month: Int = 1) -> Proposal {
    Fixture.said(
      "g", "2021-06-03",
      .aggregateReported(
        AggregateReported(
          report: Identifier(report)!, population: .civilServants, people: .exactly(people),
          periodFrom: Day("2021-0\(month)-01")!, periodUntil: Day("2021-0\(month)-28")!)))
  }

  private static let ground = [
    Fixture.established(), Fixture.organisation("moict"), Fixture.organisation("heta"),
    Fixture.agreement("g"),
    Fixture.said(
      "g", "2021-06-02",
      .targetSet(
        TargetSet(
          target: Identifier("t")!, population: .civilServants, count: .exactly(10)))),
  ]

  @Test(arguments: [(UInt64(1) << 63, UInt64(1) << 63), (.max, .max), (.max, 1)])
  func `Reports of more people than a number holds are counted up to its end`(
    first: UInt64, second: UInt64
  ) throws {
    let registry = try TestRegistry()
    defer { try? registry.end() }
    try recordOld(
      registry, Self.ground + [reported("r1", first), reported("r2", second, month: 2)])
    let line = try #require(try registry.agreement("g").targets.first)
    #expect(line.reported == .max)
    #expect(line.reached == .max)
    let number = AgreementNumber(agreement: Identifier("g")!, figure: .reported)
    #expect(try registry.explained(.agreement(number)).counted == .max)
    // As after every later start.
    try registry.reopen(rebuild: true)
    #expect(try registry.agreement("g").targets.first == line)
  }

  @Test(arguments: [UInt64(10_000_000_001), 1 << 63])
  func `A report of more people than there are is rejected with its place`(people: UInt64) throws {
    let registry = try TestRegistry()
    defer { try? registry.end() }
    try recordOld(registry, Self.ground)
    let outcome = try registry.record([reported("r", people)])[0]
    guard case .rejected(let rejected) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(rejected.field == "agreement.aggregate_reported.people.exactly")
    #expect(rejected.sentence.contains("\(people)"))
  }

  @Test func `A stream is at no version of the greatest number`() throws {
    let registry = try TestRegistry()
    defer { try? registry.end() }
    try recordOld(registry, Self.ground)
    for version in [UInt32.max, UInt32.max - 1] {
      var item = PendingItem(
        RecordItem(proposal: Codec.encode(reported("r", 1))), arena: Arena())
      item.expected = .at(version: version)
      guard case .rejected(let rejected) = try record(registry, item) else {
        Issue.record("version \(version) was taken")
        return
      }
      #expect(rejected.code == Rejection.Code.wrongVersion.rawValue)
    }
  }
}
