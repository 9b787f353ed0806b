import ArgumentParser
import Foundation
import Imports
import Messages
import Registry
import UjuziClient

/// What the verbs that change a few things share: first what would change, then the change.
struct ChangeOptions: ParsableArguments {
  @Flag(help: "Record it; without this only what would change is shown.") var yes = false
  @OptionGroup var options: ServerOptions

  func change(_ proposals: [Proposal], _ client: UjuziClient) async throws {
    let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
    var rejected = 0
    for start in stride(from: 0, to: items.count, by: Record.itemsMax) {
      let request = RecordRequest(
        items: Array(items[start..<min(start + Record.itemsMax, items.count)]))
      let preview = try await client.ask(
        .preview, request, PreviewReply.self, .init(timeoutMs: 120_000))
      var outcomes = preview.outcomes
      if yes {
        outcomes = try await client.ask(
          .record, request, RecordReply.self, .init(timeoutMs: 120_000)
        ).outcomes
      }
      for change in preview.changes {
        Output.line(
          "\(change.stream?.text ?? "?")  \(change.what): "
            + "\(change.before.isEmpty ? "–" : change.before) → "
            + "\(change.after.isEmpty ? "–" : change.after)")
      }
      if preview.truncated { Output.line("… and more") }
      for outcome in outcomes {
        switch outcome {
        case .recorded(let at) where yes:
          Output.line("recorded at \(at.position)\(at.already ? ", before now" : "")")
        case .recorded: Output.line("would be recorded")
        case .unchanged(let at): Output.line("unchanged since \(at.position)")
        case .rejected(let rejection):
          rejected += 1
          Output.line("REJECTED (\(rejection.code)) \(rejection.sentence)")
        case .notRecorded: rejected += 1
        }
      }
    }
    await client.close()
    if rejected > 0 { throw ExitCode(1) }
    if !yes { Output.line("nothing was recorded: give --yes to record it") }
  }

  func find(_ id: EventID, _ client: UjuziClient) async throws -> Proposal {
    let reply = try await client.ask(
      .findEvent, FindEventRequest(eventID: id), FindEventReply.self)
    guard !reply.event.isEmpty else { throw Trouble("There is no event \(id.text).") }
    let recorded = try Codec.decode(Recorded.self, from: reply.event)
    return try Codec.decode(Proposal.self, from: recorded.proposal)
  }
}

extension ChangeOptions {
  /// Voids or restores an event. What is so already is unchanged; what was undone since is done
  /// anew, so the id must be a new one.
  func act(on event: EventID, _ body: Proposal.Body, reason: Identifier) async throws {
    let client = try await options.connect()
    let found = try await find(event, client)
    try await change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: found.stream, effective: found.effective,
          reason: reason, corrects: event, body: body)
      ], client)
  }
}

struct VoidVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "void",
    abstract: "Say that an event no longer stands; shows first what would change.",
    discussion: "Example: ujuzi void 6f1d… --reason entered_in_error --yes")

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    try await change.act(on: event, .voided(Voided()), reason: reason)
  }
}

struct RestoreVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Say that a voided event stands again; shows first what would change.",
    discussion: "Example: ujuzi restore 6f1d… --reason was_right --yes")

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    try await change.act(on: event, .restored(Restored()), reason: reason)
  }
}

struct Correct: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace an event by a corrected one; shows first what would change.",
    discussion: """
      Example: ujuzi correct 6f1d… --effective 2022-06-29 --reason wrong_day --yes
               ujuzi correct 6f1d… --body '{"enrolment":{"completed":{"result":"merit"}}}' \\
                 --reason wrong_result --yes
      """)

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "The day on which it took effect.") var effective: Day?
  @Option(help: "What it says, as JSON by the schema's names.") var body: String?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    guard effective != nil || body != nil else { throw Trouble("Give --effective or --body.") }
    let client = try await change.options.connect()
    var proposal = try await change.find(event, client)
    proposal.corrects = event
    proposal.reason = reason
    if let effective { proposal.effective = effective }
    if let body {
      guard case .object(let members) = try JSONText(body.utf8) else {
        throw Trouble("--body must be an object in braces.")
      }
      proposal.eventID = DerivedID.random()
      let envelope: [(name: String, value: JSONText)] = [
        ("event_id", .string(proposal.eventID.text)), ("stream", .string(proposal.stream.text)),
        ("effective", .string(proposal.effective.text)),
      ]
      let whole = try JSONForm.bytes(of: "Proposal", .object(envelope + members))
      proposal.body = try Codec.decode(Proposal.self, from: whole, limits: .standard).body
    }
    proposal.eventID = DerivedID.event(
      "correct", event.text, proposal.effective.text, reason.text, body ?? "")
    try await change.change([proposal], client)
  }
}

struct Issue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Issue credentials to all who completed a cohort and have none for it yet.",
    discussion: """
      Example: ujuzi issue --cohort cyber-2022-1 --valid-until 2025-06-30 \\
                 --prefix HETA/2022/ --yes
      """)

  @Option(help: "The cohort.") var cohort: Identifier
  @Option(name: .customLong("valid-until"), help: "The last day of validity.") var validUntil: Day?
  @Option(help: "Who issues (default: who taught the cohort).") var issuer: Identifier?
  @Option(help: "What the certificate numbers begin with (default: COHORT/).") var prefix: String?
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let client = try await change.options.connect()
    let stream = try await client.ask(
      .getStream, GetStreamRequest(stream: StreamID(.cohort, cohort)), GetStreamReply.self)
    guard let known = stream.state?.cohort else {
      throw Trouble("There is no cohort \(cohort.text).")
    }
    let issuer = issuer ?? known.terms.organisation
    var proposals: [Proposal] = []
    let request = CohortRollRequest(cohort: cohort)
    var number = 0
    for try await bytes in client.stream(Method.cohortRoll.rawValue, Codec.encode(request)) {
      for line in try Codec.decode(CohortRollPage.self, from: bytes).lines {
        number += 1
        guard let completion = line.completion, line.credentials.isEmpty else { continue }
        let digits = String(number)
        let text =
          (prefix ?? cohort.text + "/") + String(repeating: "0", count: max(0, 4 - digits.count))
          + digits
        proposals.append(
          Proposal(
            eventID: DerivedID.event("issue", issuer.text, completion.eventID.text),
            stream: StreamID(.credential, DerivedID.key("credential", issuer.text, text)),
            effective: completion.day,
            source: Source(reference: "issued to cohort \(cohort.text)"),
            body: .credential(
              .issued(
                CredentialIssued(
                  holder: line.officer, issuer: issuer, number: text,
                  courses: [known.terms.course], awardedOn: completion.day,
                  validFrom: completion.day, validUntil: validUntil,
                  evidence: [completion.eventID])))))
      }
    }
    guard !proposals.isEmpty else {
      await client.close()
      Output.line("everybody who completed \(cohort.text) has a credential for it")
      return
    }
    try await change.change(proposals, client)
  }
}
