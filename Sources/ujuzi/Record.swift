import ArgumentParser
import Foundation
import Imports
import Messages
import Registry
import UjuziClient

struct Template: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The columns of a spreadsheet that `record` reads, with an example row.",
    discussion: "Example: ujuzi template completions > completions.csv")

  @Argument(help: "completions, officers or credentials.") var kind: String

  func run() throws {
    guard let kind = SheetKind(rawValue: kind) else {
      throw Trouble("\(kind) is no template: completions, officers or credentials.")
    }
    print(kind.template, terminator: "")
  }
}

struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record events from a file: JSON Lines, or a CSV as a centre's spreadsheet has it.",
    discussion: """
      Example: ujuzi record events.jsonl
               ujuzi record completions.csv --source heta --dry-run
               ujuzi record completions.csv --source heta

      Sending a file again changes nothing that was there. Rejected rows are written beside the
      file, with their reasons, to be mended and sent again. --atomic records all or nothing; such
      a file yields at most 1000 events.
      """)

  @Argument(help: "The file; - for standard input.") var file: String
  @Option(help: "The system that the file comes from.") var source = "file"
  @Option(help: "The scheme of the personnel numbers.") var scheme = Identifier("pn")!
  @Option(help: "Where rejected rows are written (default: FILE.rejected).") var rejects: String?
  @Flag(name: .customLong("dry-run"), help: "Judge every row, record nothing.") var dryRun = false
  @Flag(help: "All or nothing.") var atomic = false
  @Flag(help: "Print no line for each row, only the summary.") var quiet = false
  @OptionGroup var options: ServerOptions

  /// The most events of one call, and so of one atomic file.
  static let itemsMax = 1000

  func run() async throws {
    let bytes: [UInt8]
    if file == "-" {
      bytes = Array(FileHandle.standardInput.readDataToEndOfFile())
    } else {
      guard let data = FileManager.default.contents(atPath: file) else {
        throw Trouble("\(file) cannot be read: is it there, and may you read it?")
      }
      bytes = Array(data)
    }
    let client = try await options.connect()
    var report = Report(options: options, quiet: quiet, dryRun: dryRun)
    do {
      let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
      if first == UInt8(ascii: "{") || first == UInt8(ascii: "#") {
        try await record(try EventLines(bytes), client, &report)
      } else {
        try await record(try Sheet(bytes), bytes, client, &report)
      }
    } catch let problem as FileProblem {
      throw Trouble("\(file): \(problem.sentence)")
    }
    await client.close()
    report.summary()
    if !report.rejectedLines.isEmpty, !dryRun {
      let path = rejects ?? (file == "-" ? "rejected.txt" : file + ".rejected")
      let text =
        ([report.rejectedHead] + report.rejectedLines).compactMap(\.self)
        .joined(separator: "\n") + "\n"
      do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        Output.error("rejected rows are in \(path), each with its reason: mend them and send it")
      } catch {
        throw Trouble("The rejected rows could not be written to \(path): name another file.")
      }
    }
    if report.rejected > 0 { throw ExitCode(1) }
  }

  // MARK: events, a line each

  private func record(
    _ file: EventLines, _ client: UjuziClient, _ report: inout Report
  ) async throws {
    report.say(notes: file.notes)
    var pending: [(line: EventLines.Line, item: RecordItem)] = []
    let unreadable = file.lines.contains { if case .failure = $0.item { true } else { false } }
    if atomic, file.lines.count > Self.itemsMax {
      throw Trouble(
        "--atomic takes at most \(Self.itemsMax) events; the file has \(file.lines.count).")
    }
    for line in file.lines {
      switch line.item {
      case .failure(let rejection):
        try await send(&pending, client, &report)
        report.rejected(line: line.number, rejection.code.rawValue, rejection.sentence, line.text)
      case .success(let item):
        if atomic, unreadable {
          report.rejected(
            line: line.number, "not_recorded", "Another line is not whole.", line.text)
          continue
        }
        pending.append((line, item))
        // One call at a time keeps the file's order.
        if !atomic, pending.count == 500 { try await send(&pending, client, &report) }
      }
      report.progress(line.number, of: file.lines.last!.number)
    }
    try await send(&pending, client, &report)
  }

  private func send(
    _ pending: inout [(line: EventLines.Line, item: RecordItem)], _ client: UjuziClient,
    _ report: inout Report
  ) async throws {
    guard !pending.isEmpty else { return }
    let reply = try await client.ask(
      .record,
      RecordRequest(items: pending.map(\.item), atomic: atomic, dryRun: dryRun), RecordReply.self,
      timeoutMs: 120_000)
    for ((line, _), outcome) in zip(pending, reply.outcomes) {
      report.add(line: line.number, [outcome], row: line.text)
    }
    pending = []
  }

  // MARK: a spreadsheet, a row each

  private func record(
    _ sheet: Sheet, _ bytes: [UInt8], _ client: UjuziClient, _ report: inout Report
  ) async throws {
    report.say(notes: sheet.notes)
    report.rejectedHead = CSV.line(
      sheet.header.filter { $0 != Sheet.reasonColumn } + [Sheet.reasonColumn],
      delimiter: sheet.delimiter)
    report.delimiter = sheet.delimiter
    guard let system = Identifier(source) else {
      throw Trouble("--source \(source) is no code: letters, digits and . _ : @ + ~ - only.")
    }
    let origin = Source(
      system: system, reference: (file as NSString).lastPathComponent, sha256: Digest.sha256(bytes))
    var lookups = Lookups(client, scheme: scheme, source: origin)
    var all: [(row: Sheet.Row, items: [RecordItem])] = []
    for (at, row) in sheet.rows.enumerated() {
      do throws(Rejection) {
        let context = try await lookups.context(for: row, sheet.kind)
        let proposals = try sheet.proposals(for: row, context)
        let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
        if atomic {
          all.append((row, items))
        } else if items.isEmpty {
          report.unchanged(line: row.line)
        } else {
          report.add(
            line: row.line, try await lookups.record(items, dryRun: dryRun),
            row: Self.rejectedRow(row, sheet))
        }
      } catch {
        report.rejected(
          line: row.line, error.code.rawValue, error.sentence, Self.rejectedRow(row, sheet),
          isSheet: true)
      }
      report.progress(at + 1, of: sheet.rows.count)
    }
    guard atomic else { return }
    let items = all.flatMap(\.items)
    guard items.count <= Self.itemsMax else {
      throw Trouble(
        "--atomic takes at most \(Self.itemsMax) events; the file yields \(items.count).")
    }
    guard report.rejected == 0, !items.isEmpty else { return }
    var outcomes = (try await lookups.record(items, dryRun: dryRun))[...]
    for (row, items) in all {
      report.add(
        line: row.line, Array(outcomes.prefix(items.count)), row: Self.rejectedRow(row, sheet))
      outcomes = outcomes.dropFirst(items.count)
    }
  }

  private static func rejectedRow(_ row: Sheet.Row, _ sheet: Sheet) -> String {
    let kept = zip(sheet.header, row.cells).filter { $0.0 != Sheet.reasonColumn }.map(\.1)
    return CSV.line(kept, delimiter: sheet.delimiter)
  }
}

/// What a file's rows ask of the registry, each answer asked for once.
struct Lookups {
  let client: UjuziClient
  let scheme: Identifier
  let source: Source
  private var officers: [String: Identifier] = [:]
  private var cohorts: [Identifier: Cohort?] = [:]

  init(_ client: UjuziClient, scheme: Identifier, source: Source) {
    self.client = client
    self.scheme = scheme
    self.source = source
  }

  mutating func context(for row: Sheet.Row, _ kind: SheetKind) async throws(Rejection) -> RowContext
  {
    var context = RowContext(officer: nil, scheme: scheme, source: source)
    guard let number = row["personnel_no"] else { return context }
    do {
      if kind == .officers {
        let found = try await client.ask(
          .findPerson,
          ResolveOfficerRequest(identifier: SchemeValue(scheme: scheme, value: number)),
          FindPersonReply.self)
        (context.officer, context.officerState) = (found.officer, found.state)
      } else if let known = officers[number] {
        context.officer = known
      } else {
        context.officer = try await client.ask(
          .resolveOfficer,
          ResolveOfficerRequest(identifier: SchemeValue(scheme: scheme, value: number)),
          ResolveOfficerReply.self
        ).officer
        officers[number] = context.officer
      }
      if kind == .completions, let text = row["cohort"], let id = Identifier(text) {
        if let known = cohorts[id] {
          context.cohort = known
        } else {
          let reply = try await client.ask(
            .getStream, GetStreamRequest(stream: StreamID(.cohort, id)), GetStreamReply.self)
          context.cohort = reply.state?.cohort
          cohorts[id] = .some(context.cohort)
        }
      }
    } catch {
      throw Rejection(.malformed, Trouble(of: error)?.sentence ?? "\(error)")
    }
    return context
  }

  /// Records a row's events, all or none.
  func record(_ items: [RecordItem], dryRun: Bool) async throws(Rejection) -> [RecordOutcome] {
    do {
      return try await client.ask(
        .record, RecordRequest(items: items, atomic: true, dryRun: dryRun), RecordReply.self,
        timeoutMs: 120_000
      ).outcomes
    } catch {
      throw Rejection(.malformed, Trouble(of: error)?.sentence ?? "\(error)")
    }
  }
}
