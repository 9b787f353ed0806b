import ArgumentParser
import Foundation
import Imports
import Messages
import Registry
import UjuziClient

/// Asks again and again and tells how long the first page, or the answer, took.
struct BenchAsk: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Time the first page of questions.")

  @Option(help: "compliance, profile, or find with --skill.") var kind: String
  @Option var rounds = 100
  @Option var skill: [String] = []
  @Option var mandate = Identifier("everybody")!
  @Option var organisation: Identifier?
  @Option var county: Identifier?
  @Flag var below = false
  @Option(help: "The officers of bench-people, of whom profiles are asked.")
  var officers = 1_000_000
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try await options.connect()
    // What is counted only when first asked for is waited for, and not timed.
    _ = try await ask(client, 0)
    var times: [Double] = []
    var found: UInt64 = 0
    for round in 0..<rounds {
      let begun = ContinuousClock.now
      found = try await ask(client, round)
      times.append((ContinuousClock.now - begun) / .microseconds(1) / 1000)
    }
    await client.close()
    times.sort()
    func at(_ share: Double) -> Double {
      times[min(times.count - 1, Int(Double(times.count) * share))]
    }
    Output.line(
      options.json
        ? "{\"median_ms\": \(at(0.5)), \"p99_ms\": \(at(0.99)), \"found\": \(found)}"
        : String(format: "median %.2f ms, 99 %% within %.2f ms, %d found", at(0.5), at(0.99), found)
    )
  }

  /// The number that the answer is about.
  private func ask(_ client: RegistryClient, _ round: Int) async throws -> UInt64 {
    switch kind {
    case "compliance":
      let question = Codec.encode(ComplianceRequest(mandate: mandate))
      for try await bytes in client.stream(Method.compliance.rawValue, question) {
        let page = try Codec.decode(CompliancePage.self, from: bytes)
        if let total = page.total { return total.required }
      }
      throw CLIError("The table has no total.")
    case "find":
      let question = FindOfficersRequest(
        skills: try skill.map(SkillLevel.init(argument:)), organisation: organisation,
        county: county,
        below: below)
      for try await page in client.findOfficers(question) {
        return UInt64(page.officers.count)
      }
      return 0
    case "profile":
      // One after the other from all over the registry.
      let officer = DerivedID.key("bench people", "\(round &* 7919 % officers)")
      let reply = try await client.getProfile(GetProfileRequest(who: .officer(officer)))
      guard reply.officer != nil else { throw CLIError("There is no officer \(officer.text).") }
      return UInt64(reply.skills.count)
    default: throw CLIError("\(kind) is nothing to time.")
    }
  }
}
