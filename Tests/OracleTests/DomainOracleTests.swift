import Foundation
import Messages
import Registry
import Testing

/// Random histories of all kinds of streams, recorded, and every answer held against a literal
/// reading of the domain (`Oracle/`), which shares no code with the registry's own.
///
/// Short and the same in the suite. `UJUZI_ORACLE_SEEDS=100..<200` and `UJUZI_ORACLE_ROUNDS=400`
/// make it as long as somebody has time; each seed says how many answers a minute were compared, and
/// with `UJUZI_ORACLE_TELL=1` the history of one that differs.
struct DomainOracleTests {
  static let environment = ProcessInfo.processInfo.environment
  static let seeds: Range<UInt64> = {
    let bounds = (environment["UJUZI_ORACLE_SEEDS"] ?? "").components(separatedBy: "..<")
      .compactMap(UInt64.init)
    return bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]..<bounds[1] : 0..<3
  }()
  static let rounds = environment["UJUZI_ORACLE_ROUNDS"].flatMap(Int.init) ?? 150

  @Test(arguments: seeds)
  func `What the registry answers is what the domain's words say`(seed: UInt64) throws {
    var comparison = try Comparison(seed: seed)
    try comparison.record(rounds: Self.rounds)
    try comparison.compareAll()
    try comparison.end()
    let differences = comparison.differences
    for difference in differences.prefix(24) { Issue.record("\(difference), seed \(seed)") }
    #expect(differences.isEmpty, "\(differences.count) differences, seed \(seed)")
    print(comparison.summary)
    if !differences.isEmpty, Self.environment["UJUZI_ORACLE_TELL"] != nil {
      print(comparison.history)
    }
  }
}
