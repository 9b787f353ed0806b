import ArgumentParser
import Imports
import JSON
import Messages
import Registry

struct Correct: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace an event by a corrected one; shows first what would change.",
    discussion: """
      Example: ujuzi correct 6f1d… --effective 2022-06-29 --reason wrong_day --yes
               ujuzi correct 6f1d… --body '{"enrolment":{"completed":{"result":"merit"}}}' \\
                 --reason wrong_result --yes
      """)

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "The day on which it took effect.", transform: Day.argument) var effective: Day?
  @Option(help: "What it says, as JSON by the schema's names.") var body: String?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    guard effective != nil || body != nil else { throw CLIError("Give --effective or --body.") }
    let client = try await change.options.connect()
    var proposal = try await change.find(event, client)
    proposal.corrects = event
    proposal.reason = reason
    if let effective { proposal.effective = effective }
    if let body {
      guard case .object(let members) = try JSONText(body.utf8) else {
        throw CLIError("--body must be an object in braces.")
      }
      proposal.eventID = DerivedID.random()
      let envelope: [(name: String, value: JSONText)] = [
        ("event_id", .string(proposal.eventID.text)), ("stream", .string(proposal.stream.text)),
        ("effective", .string(proposal.effective.text)),
      ]
      let whole = try JSONMapping.bytes(of: "Proposal", .object(envelope + members))
      proposal.body = try Codec.decode(Proposal.self, from: whole, limits: .standard).body
    }
    proposal.eventID = DerivedID.event(
      "correct", event.text, proposal.effective.text, reason.text, body ?? "")
    try await change.change([proposal], client)
  }
}
