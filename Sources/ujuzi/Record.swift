import ArgumentParser
import Foundation
import Imports
import Messages
import Registry
import UjuziClient
import Wire

struct Template: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The columns of a spreadsheet that `record` or `import` reads, with an example row.",
    discussion: "Example: ujuzi template completions > completions.csv")

  @Argument(
    help: "completions, officers, credentials, identities, activities, framework or crosswalks.")
  var kind: String

  func run() throws {
    guard let template = SheetKind(rawValue: kind)?.template ?? MapTemplate.named(kind) else {
      throw Trouble(
        "\(kind) is no template: completions, officers, credentials, "
          + MapTemplate.all.map(\.name).joined(separator: ", ") + ".")
    }
    print(template, terminator: "")
  }
}

/// What the verbs that read a file share.
struct FileOptions: ParsableArguments {
  @Argument(help: "The file; - for standard input.") var file: String
  @Option(help: "Where rejected rows are written (default: FILE.rejected).") var rejects: String?
  @Flag(name: .customLong("dry-run"), help: "Judge every row, record nothing.") var dryRun = false
  @Flag(help: "Print no line for each row, only the summary.") var quiet = false
  @OptionGroup var options: ServerOptions

  /// Reads the file with what the closure does, and sums up, also what an error cut short.
  ///
  /// - Parameter keepsRejects: rejected rows are written to a file of their own; a small file is
  ///   mended where it lies.
  func read(
    keepsRejects: Bool = true, _ body: (InputFile, UjuziClient, Report) async throws -> Void
  ) async throws {
    let input = try InputFile(file)
    defer { input.close() }
    let client = try await options.connect()
    let path = rejects ?? (file == "-" ? "rejected.txt" : file + ".rejected")
    let report = Report(
      json: options.json, quiet: quiet, dryRun: dryRun, rejects: keepsRejects ? path : nil)
    do {
      try await body(input, client, report)
    } catch let problem as FileProblem {
      throw Trouble("\(file): \(problem.sentence)")
    } catch {
      if report.recorded + report.rejected > 0 {
        try? report.summary()
        Output.error("cut short: send the file again, what was recorded is not recorded twice")
      }
      throw error
    }
    report.progress(input.size, of: input.size)
    await client.close()
    try report.summary()
    if report.rejected > 0 { throw ExitCode(1) }
  }
}

struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record events from a file: JSON Lines, or a CSV as a centre's spreadsheet has it.",
    discussion: """
      Example: ujuzi record events.jsonl
               ujuzi record completions.csv --source heta --dry-run
               ujuzi record completions.csv --source heta

      A file may have millions of rows. Sending it again changes nothing that was there. Rejected
      rows are written beside the file, with their reasons, to be mended and sent again. --atomic
      records all or nothing, in one request: at most 1000 events that together take at most
      4 MiB (what the server says it takes; a file that is more is not sent). --dry-run judges each
      row of a spreadsheet by itself.
      """)

  @Option(help: "The system that the file comes from.") var source = "file"
  @Option(help: "The scheme of the personnel numbers.") var scheme = Identifier("pn")!
  @Flag(help: "All or nothing: at most 1000 events and 4 MiB.") var atomic = false
  @OptionGroup var given: FileOptions

  /// The most events of one call, and so of one atomic file.
  static let itemsMax = 1000

  func run() async throws {
    try await given.read { input, client, report in
      let first = try input.firstByte()
      if let first, "{[#".utf8.contains(first) {
        try await EventsRun(input, client, report, dryRun: given.dryRun).run(atomic: atomic)
      } else {
        guard let system = Identifier(source) else {
          throw Trouble("--source \(source) is no code: letters, digits and . _ : @ + ~ - only.")
        }
        let run = try SheetRun(
          input, client, report, system: system, scheme: scheme, dryRun: given.dryRun)
        try await run.run(atomic: atomic)
      }
    }
  }
}

/// The events of a file of JSON on their way to the registry.
struct EventsRun {
  private struct Row {
    var line: Int
    var text: String
    var problem: Rejection?
  }

  private let input: InputFile
  private let client: UjuziClient
  private let report: Report
  private let dryRun: Bool

  init(_ input: InputFile, _ client: UjuziClient, _ report: Report, dryRun: Bool) {
    (self.input, self.client, self.report, self.dryRun) = (input, client, report, dryRun)
  }

  func run(atomic: Bool) async throws {
    var file = EventItems(try input.text())
    let report = report
    let recording = Recording<Row>(client, dryRun: dryRun) { row, outcomes in
      if let problem = row.problem {
        try report.rejected(line: row.line, problem.code.rawValue, problem.sentence) { row.text }
      } else {
        try report.add(line: row.line, outcomes) { row.text }
      }
    }
    var all: [(row: Row, item: RecordItem?)] = []
    var isEmpty = true
    while let next = try file.next() {
      isEmpty = false
      report.say(notes: file.takeNotes())
      var row = Row(line: next.line, text: next.text)
      var item: RecordItem?
      switch next.item {
      case .failure(let problem): row.problem = problem
      case .success(let given): item = given
      }
      if atomic {
        all.append((row, item))
        guard all.count <= Record.itemsMax else {
          throw Trouble("--atomic takes at most \(Record.itemsMax) events; the file has more.")
        }
      } else {
        try await recording.add(row, item.map { [$0] } ?? [])
        report.progress(file.bytesRead, of: input.size)
      }
    }
    if isEmpty { throw FileProblem("The file is empty.") }
    try await recording.finish()
    if atomic { try await recordWhole(all) }
  }

  private func recordWhole(_ all: [(row: Row, item: RecordItem?)]) async throws {
    if all.contains(where: { $0.item == nil }) {
      for (row, _) in all {
        try report.rejected(
          line: row.line, row.problem?.code.rawValue ?? "not_recorded",
          row.problem?.sentence ?? "Another line is not whole."
        ) { row.text }
      }
      return
    }
    let reply = try await client.recordWhole(all.compactMap(\.item), dryRun: dryRun)
    for ((row, _), outcome) in zip(all, reply.outcomes) {
      try report.add(line: row.line, [outcome]) { row.text }
    }
  }
}

extension UjuziClient {
  /// Records all events or none, in one request; what does not fit into one is not sent.
  func recordWhole(_ items: [RecordItem], dryRun: Bool) async throws -> RecordReply {
    let request = RecordRequest(items: items, atomic: true, dryRun: dryRun)
    let length = Codec.encode(request).count
    let lengthMax =
      Int(try await connection().greeting.frameLengthMax) - Protocol.callHeadLength
    guard length <= lengthMax else {
      throw Trouble(
        "--atomic takes at most \(lengthMax) bytes of events, and these \(items.count) take "
          + "\(length): nothing was sent. Split the file, or record it without --atomic.")
    }
    return try await ask(.record, request, RecordReply.self, .init(timeoutMs: 120_000))
  }
}
