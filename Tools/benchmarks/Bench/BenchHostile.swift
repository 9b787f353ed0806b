import ArgumentParser
import Foundation
import Fuzzing
import JSON
import Messages

/// Takes in the dearest messages of a length, and tells what each costs.
struct BenchHostile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hostile", abstract: "Time what is dearest to take in.")

  @Option(help: "A message of the schema.") var message = "RecordRequest"
  @Option(help: "Bytes of each.") var length = 1 << 20
  @Option var rounds = 5

  func run() throws {
    let arena = Arena(budget: 64 << 20)
    for form in try CostlyMessages.all(of: message, length: length) {
      for unknown in [UnknownFields.refused, .ignored] {
        var costs: [(ms: Double, CostlyMessages.Cost)] = []
        for _ in 0..<max(rounds, 1) {
          let begun = clock()
          let cost = CostlyMessages.take(message, form.bytes, unknown, arena: arena)
          costs.append((Double(clock() - begun) / 1000, cost))
        }
        // Processor time (POSIX counts it in microseconds), and the least of it: the rest is the
        // neighbours'.
        let (ms, cost) = costs.min { $0.ms < $1.ms }!
        let row = JSONText.object([
          ("message", .string(message)), ("form", .string(form.what)),
          ("unknown", .string("\(unknown)")), ("ms", .number("\(ms)")),
          ("arena", .number("\(cost.arenaBytes)")),
          ("outcome", .string(cost.problem?.rawValue ?? "taken")),
        ])
        Output.line(row.text)
      }
    }
  }
}
