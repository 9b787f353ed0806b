import ArgumentParser
import Foundation
import Imports
import Messages
import Registry
import UjuziClient

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take over what other systems keep: officers, learning platforms, frameworks.",
    discussion: """
      Spreadsheets of completions and credentials, and files of events, are read by `record`.
      """,
    subcommands: [
      ImportOfficers.self, ImportStatements.self, ImportFramework.self, ImportCrosswalks.self,
    ])
}

struct ImportOfficers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "officers",
    abstract: "Officers and postings from an extract of a personnel system: only what changed.",
    discussion: """
      Example: ujuzi import officers extract.csv --source hr

      Columns as `ujuzi template officers` shows them. Whoever is not known by the personnel
      number is registered; another posting than the registry has for that day is recorded on the
      row's day, as `posted`, or as `promoted` where the column change says promotion; a day in
      separated_on is recorded as `separated`. Rows that say what is known record nothing. Rows
      that contradict each other (one number, one day, two postings) are all left out. Names are
      not compared.
      """)

  @Option(help: "The system that the extract comes from.") var source = Identifier("hr")!
  @Option(help: "The scheme of the personnel numbers.") var scheme = Identifier("pn")!
  @OptionGroup var given: FileOptions

  func run() async throws {
    try await given.read { input, client, report in
      let run = try SheetRun(
        input, client, report, system: source, scheme: scheme, dryRun: given.dryRun,
        kind: .officers)
      try await run.run(atomic: false)
    }
  }
}

struct ImportStatements: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xapi",
    abstract: "xAPI statements of a learning platform, as a list or one a line.",
    discussion: """
      Example: ujuzi import xapi statements.json --identities ids.csv --activities map.csv \\
                 --source moodle

      --identities is a CSV of home_page,account,officer,from,until: whose account it was on which
      days; officer is an id or SCHEME:VALUE. --activities is a CSV of
      activity,course,cohort,assessment,mode and, where needed,
      pass_mark,minutes,issuer,from,until: what an activity is in the registry. Courses completed,
      enrolments, results of quizzes and assignments, attendance, and badges and certificates
      issued and revoked are recorded; days are those of the registry's time zone. A statement is
      recorded once, whatever file it comes in, and in any order. What is not recorded, and why,
      stands in the report; what somebody must look at also in the file of rejected statements,
      which can be sent again once the maps are mended.
      """)

  @Option(help: "CSV: home_page,account,officer,from,until.") var identities: String
  @Option(help: "CSV: activity,course,cohort,assessment,mode.") var activities: String
  @Option(help: "The platform, as a code.") var source: Identifier
  @Option(
    name: .customLong("report"),
    help: "Where what was left out is written (default: FILE.left-out.csv).")
  var reportPath: String?
  @OptionGroup var given: FileOptions

  func run() async throws {
    let identities = try map(self.identities) { try IdentityMap(&$0) }
    for (line, sentence) in identities.problems {
      Output.error("note: \(self.identities), line \(line): \(sentence)")
    }
    let activities = try map(self.activities) { try ActivityMap(&$0) }
    for (line, sentence) in activities.problems {
      Output.error("note: \(self.activities), line \(line): \(sentence)")
    }
    try await given.read { input, client, report in
      let left = LeftOutFile(
        reportPath ?? (given.file == "-" ? "left-out.csv" : given.file + ".left-out.csv"))
      let zone = try await client.timeZone()
      let reader = StatementReader(
        identities, activities, voided: try StatementsRun.voided(in: input),
        now: Int64(Date().timeIntervalSince1970)
      ) { seconds in
        let date = Date(timeIntervalSince1970: Double(seconds))
        let local = Int(seconds) + zone.secondsFromGMT(for: date)
        // An instant at the calendar's end may fall on a day beyond it in another zone.
        return Day(ordinal: local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
          ?? (local > 0 ? .distantFuture : .distantPast)
      }
      let run = StatementsRun(
        input, client, report, left, reader, system: source, dryRun: given.dryRun)
      try await run.run()
      try left.close()
    }
  }

  private func map<Map>(
    _ path: String, _ read: (inout SheetReader) throws -> Map
  ) throws -> Map {
    let file = try InputFile(path)
    defer { file.close() }
    do {
      var sheet = try SheetReader(try file.text())
      return try read(&sheet)
    } catch let problem as FileProblem {
      throw Trouble("\(path): \(problem.sentence)")
    }
  }
}

extension UjuziClient {
  /// The registry's time zone: its days are that zone's.
  ///
  /// - Throws: `Trouble` when there is no registry yet.
  func timeZone() async throws -> TimeZone {
    var first: [UInt8]?
    for try await bytes in stream(
      Method.readLog.rawValue, Codec.encode(ReadLogRequest(from: 0, limit: 1)))
    {
      first = try first ?? Codec.decode(ReadLogPage.self, from: bytes).events.first
    }
    guard let first else {
      throw Trouble("The log has no registry yet: record its `established` first.")
    }
    let recorded = try Codec.decode(Recorded.self, from: first)
    let stream = try Codec.decode(Proposal.self, from: recorded.proposal).stream
    let state = try await ask(
      .getStream, GetStreamRequest(stream: stream), GetStreamReply.self
    ).state
    guard let name = state?.establishment?.timeZone else {
      throw Trouble("The log does not begin with a registry.")
    }
    guard let zone = TimeZone(identifier: name) else {
      throw Trouble("The registry's time zone \(name) is not known here.")
    }
    return zone
  }
}

/// What was left out of a file of statements, and why: a CSV, once there is anything.
final class LeftOutFile {
  private let path: String
  private var file: LineFile?
  private var counts: [String: Int] = [:]

  init(_ path: String) { self.path = path }

  func add(line: Int, statement: String, _ reason: String, _ sentence: String) throws {
    if file == nil {
      file = try LineFile(path, what: "What was left out", first: "line,statement,reason,sentence")
    }
    counts[reason, default: 0] += 1
    try file?.write(CSV.line(["\(line)", statement, reason, sentence]))
  }

  /// Says how many of each reason there were.
  func close() throws {
    guard let file else { return }
    try file.close()
    let all = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }
    Output.error("left out: \(all.joined(separator: ", ")); each with its reason in \(path)")
  }
}
