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
    if rejected > 0 { throw ExitCode.negative }
    if !yes { Output.line("nothing was recorded: give --yes to record it") }
  }

  func find(_ id: EventID, _ client: RegistryClient) async throws -> Proposal {
    let reply = try await client.ask(
      .findEvent, FindEventRequest(eventID: id), FindEventReply.self)
    guard !reply.event.isEmpty else { throw CLIError.noSuch("There is no event \(id.text).") }
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
