import GoldenDigests
import Testing

@testable import Registry

/// The rules judge a golden history as they did when `rulesRevision` was last moved: each event keeps
/// the revision that admitted it.
@Suite struct GoldenVerdictTests {
  /// What becomes of random proposals to a stream of a kind, a line each.
  static func verdicts(_ kind: StreamKind) -> [String] {
    (0..<24 as Range<UInt64>).flatMap { seed in
      var random = Seeded(seed)
      var reader = TestHistoryReader(.training)
      return (0..<60).map { _ in
        let proposal = AdmissionSeedTests.proposal(kind, after: reader, &random)
        do throws(Rejection) {
          switch try Admission.admit(proposal, at: reader.next, given: reader) {
          case .unchanged(let since): return "unchanged since \(since)"
          case .record(let head):
            let position = try reader.record(proposal) ?? 0
            return "recorded at \(position), \(head.state?.statusName ?? "nothing")"
          }
        } catch {
          return "\(error.code.rawValue) \(error.field ?? "") \(error.inTheWay ?? 0)"
        }
      }
    }
  }

  @Test func `What changes a verdict moves the revision of the rules`() throws {
    let all = StreamKind.allCases.map { (kind: $0, lines: Self.verdicts($0)) }
    for (kind, lines) in all {
      // Else the digest would hold nothing of the kind.
      #expect(lines.contains { $0.hasPrefix("recorded") }, "\(kind)")
      #expect(lines.contains { $0.hasPrefix("illegal_transition") || $0.hasPrefix("not_correct") })
    }
    let complaint = try GoldenDigests(
      "verdicts", moves: "`rulesRevision`", suite: "GoldenVerdictTests"
    ).complaint(
      all.map { ($0.kind.rawValue, GoldenDigests.digest($0.lines.map { Array($0.utf8) })) },
      of: "rules \(rulesRevision)")
    #expect(complaint == nil)
  }
}
