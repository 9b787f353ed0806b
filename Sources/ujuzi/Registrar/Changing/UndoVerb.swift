import Algorithms
import ArgumentParser
import Files
import Foundation
import Imports
import JSON
import Messages
import Registry
import UjuziClient
import Wire

struct UndoVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Void all that still stands of what came from a file; shows first what would change.",
    discussion: """
      Example: ujuzi undo completions.csv --reason wrong_cohort
               ujuzi undo completions.csv --reason wrong_cohort --yes
               ujuzi undo 9f86d081… --reason wrong_file --yes      (a digest of `ujuzi imports`)

      What was corrected by another file stays as it was corrected, and what was voided stays
      voided. What cannot be voided, since something later rests on it, is named. Nothing is lost:
      `ujuzi restore` brings an event back, and completions, credentials and statements stand again
      where the file is sent with --update. Of a file of events, those count that its lines are.
      """)

  @Argument(help: "The file, as it was sent; or its SHA-256 in 64 hexadecimal digits.")
  var file: String
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  /// Events of one file.
  static let eventsMax = 500_000

  /// An event that is to be voided.
  private struct Event {
    var id: EventID
    var name: String
    var stream: StreamID
    var effective: Day
    var position: UInt64
  }

  /// What there is of a file.
  private struct Found {
    var standing: [Event] = []
    var seen: Set<UInt64> = []
    var voided = 0
    var corrected = 0
    /// Voids and restorations, which are none of them voided.
    var acts = 0

    mutating func add(_ line: HistoryLine, _ recorded: Recorded, _ proposal: Proposal) throws {
      guard seen.insert(recorded.position).inserted else { return }
      guard seen.count <= UndoVerb.eventsMax else {
        throw CLIError(
          "The file has more than \(UndoVerb.eventsMax) events: it is too many at once.")
      }
      switch line.standing {
      case _ where proposal.body.isAct: acts += 1
      case .voided: voided += 1
      case .corrected: corrected += 1
      case .stands:
        standing.append(
          Event(
            id: proposal.eventID, name: proposal.body.eventName, stream: proposal.stream,
            effective: proposal.effective, position: recorded.position))
      }
    }

    /// What was recorded last first, a stream at a time: what rests on others goes before them.
    mutating func order() {
      let last = Dictionary(
        standing.map { ($0.stream, $0.position) }, uniquingKeysWith: max)
      standing.sort { a, b in
        let (first, second) = (last[a.stream] ?? 0, last[b.stream] ?? 0)
        return (first, a.position) > (second, b.position)
      }
    }
  }

  func run() async throws {
    let isThere = try File.isThere(file)
    let digest: [UInt8]
    if isThere {
      digest = try Digest.sha256(file: file)
    } else if let bytes = Hex.bytes(file), bytes.count == 32 {
      digest = bytes
    } else {
      throw CLIError("\(file) is no file, and no SHA-256 of 64 hexadecimal digits.")
    }
    let client = try await change.options.connect()
    var found = Found()
    for try await page in client.citedBy(CitedByRequest(document: digest)) {
      for line in page.lines {
        let recorded = try Codec.decode(Recorded.self, from: line.event)
        let proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
        guard proposal.source?.sha256 == digest else { continue }
        try found.add(line, recorded, proposal)
      }
    }
    if isThere { try await addLines(to: &found, client) }
    guard !found.seen.isEmpty else {
      throw CLIError.noSuch(
        "Nothing that is recorded came from \(file), as it is now: `ujuzi imports` lists the files "
          + "that something came from.")
    }
    found.order()
    let rejected = try await void(found.standing, client)
    await client.close()
    sumUp(found, rejected)
    if rejected > 0 { throw ExitCode.negative }
  }

  /// Adds the events that the lines of a file of events are.
  private func addLines(to found: inout Found, _ client: RegistryClient) async throws {
    let input = try InputFile(file)
    defer { input.close() }
    guard try input.holdsEvents() else { return }
    var items = EventItems(input.text())
    var ids: [StreamID: Set<EventID>] = [:]
    var count = 0
    while let item = try items.next() {
      guard case .success(let given) = item.item else { continue }
      let proposal = try Codec.decode(Proposal.self, from: given.proposal, limits: .standard)
      ids[proposal.stream, default: []].insert(proposal.eventID)
      count += 1
      guard count <= Self.eventsMax else {
        throw CLIError("The file has more than \(Self.eventsMax) events: it is too many at once.")
      }
    }
    for (stream, ids) in ids {
      do {
        for try await page in client.streamHistory(StreamHistoryRequest(stream: stream)) {
          for line in page.lines {
            let recorded = try Codec.decode(Recorded.self, from: line.event)
            let proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
            if ids.contains(proposal.eventID) { try found.add(line, recorded, proposal) }
          }
        }
      } catch let status as CallStatus where status.code == .notFound {
        continue
      }
    }
  }

  /// Shows all of what would change, then voids it where that is confirmed.
  ///
  /// - Returns: how many could not be voided.
  private func void(_ events: [Event], _ client: RegistryClient) async throws -> Int {
    var rejected = 0
    let parts = events.chunks(ofCount: Record.itemsMax)
    for (at, part) in parts.enumerated() {
      let request = request(part)
      let preview = try await client.ask(
        .preview, request, PreviewReply.self, .init(timeoutMs: 120_000))
      try change.options.show(preview, of: .preview, TextOutput.preview)
      // What follows is judged as if the parts before it still stood.
      if !change.yes, at == 0 { rejected += report(part, preview.outcomes) }
    }
    guard change.yes else { return rejected }
    for part in parts {
      let reply = try await client.ask(
        .record, request(part), RecordReply.self, .init(timeoutMs: 120_000))
      rejected += report(part, reply.outcomes)
    }
    return rejected
  }

  private func request(_ events: ArraySlice<Event>) -> RecordRequest {
    RecordRequest(
      items: events.map { event in
        RecordItem(
          proposal: Codec.encode(
            Proposal(
              eventID: DerivedID.random(), stream: event.stream, effective: event.effective,
              reason: reason, corrects: event.id, body: .voided(Voided()))))
      })
  }

  private func report(_ events: ArraySlice<Event>, _ outcomes: [RecordOutcome]) -> Int {
    var rejected = 0
    for (event, outcome) in zip(events, outcomes) {
      guard case .rejected(let why) = outcome else { continue }
      rejected += 1
      let what = "\(event.name) of \(event.stream.text), \(event.id.text)"
      if change.options.json {
        Output.line(
          JSONText.object([
            ("event_id", .string(event.id.text)), ("stream", .string(event.stream.text)),
            ("outcome", .string("rejected")), ("code", .string(why.code)),
            ("sentence", .string(why.sentence)),
          ]).text)
      } else {
        Output.line("\(what): REJECTED (\(why.code)) \(why.sentence)")
      }
    }
    return rejected
  }

  private func sumUp(_ found: Found, _ rejected: Int) {
    let voided = found.standing.count - rejected
    if change.options.json {
      Output.line(
        JSONText.object([
          (change.yes ? "voided" : "would_be_voided", .number("\(voided)")),
          ("rejected", .number("\(rejected)")), ("corrected_before", .number("\(found.corrected)")),
          ("voided_before", .number("\(found.voided)")), ("acts", .number("\(found.acts)")),
        ]).text)
      return
    }
    var text = "\(voided) events \(change.yes ? "voided" : "would be voided"), \(rejected) rejected"
    if found.corrected > 0 { text += ", \(found.corrected) corrected before" }
    if found.voided > 0 { text += ", \(found.voided) voided before" }
    if found.acts > 0 { text += ", \(found.acts) voids and restorations left as they are" }
    Output.line(text)
    if !change.yes {
      if found.standing.count > Record.itemsMax {
        Output.line("of \(found.standing.count) events the first \(Record.itemsMax) were judged")
      }
      Output.line("nothing was recorded: give --yes to record it")
    } else if voided > 0 {
      Output.line(
        "`ujuzi restore` brings an event back; completions, credentials and statements stand again "
          + "where the file is sent with --update")
    }
  }
}
