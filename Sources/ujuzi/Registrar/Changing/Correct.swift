import ArgumentParser
import Imports
import JSON
import Messages
import Registry
import UjuziClient

struct Correct: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace an event by a corrected one; shows first what would change.",
    discussion: """
      Example: ujuzi correct 6f1d… --effective 2022-06-29 --reason wrong_day --yes
               ujuzi correct 6f1d… --body '{"enrolment":{"completed":{"result":"merit"}}}' \\
                 --reason wrong_result --yes
               ujuzi correct 6f1d… --attributed-to agreement/mou-2024 --reason signed_since --yes

      --body names what is to be otherwise: what it does not name stays as it was, a list takes the
      place of the one before, and null takes a field away. What is sealed of a person is not
      changed so: record a correction that brings its own `personal`.
      """)

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "The day on which it took effect.", transform: Day.argument) var effective: Day?
  @Option(help: "What it says otherwise, as JSON by the schema's names.") var body: String?
  @Option(
    name: .customLong("attributed-to"),
    help: "What it is counted under: programme/ID or agreement/ID.")
  var attributedTo: StreamArgument?
  @Flag(name: .customLong("not-attributed"), help: "It is counted under nothing of its own.")
  var isNotAttributed = false
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func validate() throws {
    guard effective != nil || body != nil || attributedTo != nil || isNotAttributed else {
      throw ValidationError("Give --effective, --body, --attributed-to or --not-attributed.")
    }
    guard attributedTo == nil || !isNotAttributed else {
      throw ValidationError("Give --attributed-to or --not-attributed, not both.")
    }
  }

  func run() async throws {
    let counted = try attributedTo?.known()
    let changes = try body.map { try JSONText($0.utf8) }
    let client = try await change.options.connect()
    let recorded = try await change.find(event, client)
    var proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
    let stands = proposal
    if let effective { proposal.effective = effective }
    if let counted { proposal.attributedTo = counted }
    if isNotAttributed { proposal.attributedTo = nil }
    if let changes { try merge(changes, into: &proposal, recorded) }
    guard proposal != stands else {
      throw CLIError("Event \(event.text) says that already: nothing is to be corrected.")
    }
    proposal.corrects = event
    proposal.reason = reason
    let attribution = isNotAttributed ? " -" : counted.map { " \($0.text)" } ?? ""
    proposal.eventID = DerivedID.event(
      "correct", event.text, proposal.effective.text, reason.text, (body ?? "") + attribution)
    try await change.change([proposal], client)
  }

  /// Changes what the body says; nothing of what is given or known is dropped on the way.
  private func merge(
    _ changes: JSONText, into proposal: inout Proposal, _ recorded: Recorded
  ) throws {
    guard case .object(let members) = changes else {
      throw CLIError("--body must be an object in braces.")
    }
    let known = try JSONMapping.text(of: "Proposal", recorded.proposal)
    let kinds = StreamKind.allCases.map(\.rawValue)
    if members.contains(where: { $0.name == "personal" }) {
      throw CLIError(
        "--body cannot hold personal: it is sealed, and `correct` would drop it. Record a correction "
          + "that names the event in `corrects` and brings `personal`.")
    }
    if let other = members.first(where: { !kinds.contains($0.name) }) {
      throw CLIError(
        "--body is what the event says, such as {\"\(proposal.stream.kind.rawValue)\": …}; "
          + "\(other.name) is no part of it.")
    }
    let whole = try JSONMapping.merged(changes, into: known, of: "Proposal")
    let body = try Codec.decode(
      Proposal.self, from: try JSONMapping.bytes(of: "Proposal", whole), limits: .standard
    ).body
    // Another kind of event takes no name and number from the one that it corrects.
    if !recorded.sealedSha256.isEmpty, body.eventName != proposal.body.eventName {
      throw CLIError(
        "Event \(event.text) brought personal data, which a \(body.eventName) in its place would "
          + "drop: void it, and record what is right with `personal`.")
    }
    proposal.body = body
  }
}
