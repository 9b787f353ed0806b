import Algorithms
import ArgumentParser
import Imports
import Messages
import Registry
import UjuziClient

/// What the verbs that change a few things share: first what would change, then the change.
struct ChangeOptions: ParsableArguments {
  @Flag(help: "Record it; without this only what would change is shown.") var yes = false
  @OptionGroup var options: ServerOptions

  func change(_ proposals: [Proposal], _ client: RegistryClient) async throws {
    let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
    var rejected = 0
    for part in items.chunks(ofCount: Record.itemsMax) {
      let request = RecordRequest(items: Array(part))
      let preview = try await client.ask(
        .preview, request, PreviewReply.self, .init(timeoutMs: 120_000))
      try options.show(preview, of: .preview, TextOutput.preview)
      var outcomes = preview.outcomes
      if yes {
        let reply = try await client.ask(
          .record, request, RecordReply.self, .init(timeoutMs: 120_000))
        try options.show(reply, of: .record) { _ in nil }
        outcomes = reply.outcomes
      }
      for outcome in outcomes {
        let (text, isRejected) = describe(outcome)
        if isRejected { rejected += 1 }
        if !options.json, let text { Output.line(text) }
      }
    }
    await client.close()
    if rejected > 0 { throw ExitCode.negative }
    if !yes, !options.json { Output.line("nothing was recorded: give --yes to record it") }
  }

  private func describe(_ outcome: RecordOutcome) -> (text: String?, isRejected: Bool) {
    switch outcome {
    case .recorded(let at) where yes:
      ("recorded at \(at.position)\(at.already ? ", before now" : "")" + flags(at), false)
    case .recorded(let at): ("would be recorded" + flags(at), false)
    case .unchanged(let at): ("unchanged since \(at.position)", false)
    case .rejected(let rejection): ("REJECTED (\(rejection.code)) \(rejection.sentence)", true)
    case .notRecorded: (nil, true)
    }
  }

  private func flags(_ at: RecordedAt) -> String {
    at.findings.map { "; FLAGGED (\($0.finding.name)) \($0.sentence)" }.joined()
  }

  /// An event as the log has it, with the proposal that it was.
  func find(_ id: EventID, _ client: RegistryClient) async throws -> Recorded {
    let reply = try await client.ask(
      .findEvent, FindEventRequest(eventID: id), FindEventReply.self)
    guard !reply.event.isEmpty else { throw CLIError.noSuch("There is no event \(id.text).") }
    return try Codec.decode(Recorded.self, from: reply.event)
  }
}

extension ChangeOptions {
  /// Voids or restores an event. What is so already is unchanged; what was undone since is done
  /// anew, so the id must be a new one.
  func act(on event: EventID, _ body: Proposal.Body, reason: Identifier) async throws {
    let client = try await options.connect()
    let found = try Codec.decode(Proposal.self, from: try await find(event, client).proposal)
    try await change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: found.stream, effective: found.effective,
          reason: reason, corrects: event, body: body)
      ], client)
  }
}
