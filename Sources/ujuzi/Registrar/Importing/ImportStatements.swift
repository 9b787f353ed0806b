import ArgumentParser
import Failures
import Foundation
import Imports
import JSON
import Messages
import Registry

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

      An activity of the map may have gaps: * for anything, {code} for a certificate's number; what
      comes after # in a statement's activity is passed over. Where the cohort is -, nothing is
      recorded of it. --suggest prints drafts of both maps from the file.
      """)

  @Option(help: "CSV: home_page,account,officer,from,until.") var identities: String?
  @Option(help: "CSV: activity,course,cohort,assessment,mode.") var activities: String?
  @Option(help: "The platform, as a code.") var source: Identifier?
  @Flag(
    help: "Record nothing: print drafts of the two maps, of what the file has and they have not.")
  var suggest = false
  @Option(
    name: .customLong("report"),
    help: "Where what was left out is written (default: FILE.left-out.csv).")
  var reportPath: String?
  @OptionGroup var given: FileOptions

  func validate() throws {
    guard !suggest else { return }
    for (value, name) in [(identities, "identities"), (activities, "activities")] where value == nil
    {
      throw ValidationError("Missing expected argument '--\(name) <\(name)>'")
    }
    guard source != nil else {
      throw ValidationError("Missing expected argument '--source <source>'")
    }
  }

  func run() async throws {
    let identities = try self.identities.map { path in
      let map = try self.map(path) { try IdentityMap(&$0) }
      for (line, sentence) in map.problems {
        Output.error("note: \(path), line \(line): \(sentence)")
      }
      return map
    }
    let activities = try self.activities.map { path in
      let map = try self.map(path) { try ActivityMap(&$0) }
      for (line, sentence) in map.problems {
        Output.error("note: \(path), line \(line): \(sentence)")
      }
      return map
    }
    if suggest { return try printDrafts(MapDraft(identities, activities)) }
    guard let identities, let activities, let source else { return }
    try await given.read { input, client, report in
      let left = LeftOutFile(
        reportPath ?? (given.file == "-" ? "left-out.csv" : given.file + ".left-out.csv"),
        isNameOurs: reportPath == nil && given.file != "-", dryRun: given.dryRun)
      let zone = try await client.timeZone()
      let scan = try StatementScan(input)
      let reader = StatementReader(
        identities, activities, voided: scan.voided, failures: scan.failures,
        now: Int64(Date().timeIntervalSince1970)
      ) { seconds in
        let date = Date(timeIntervalSince1970: Double(seconds))
        let local = Int(seconds) + zone.secondsFromGMT(for: date)
        // An instant at the calendar's end may fall on a day beyond it in another zone.
        return Day(ordinal: local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
          ?? (local > 0 ? .distantFuture : .distantPast)
      }
      let run = StatementImporter(
        input, client, report, left, reader, scan, system: source, dryRun: given.dryRun)
      try await run.run()
      try left.close()
    }
  }

  private func printDrafts(_ draft: MapDraft) throws {
    let input = try InputFile(given.file)
    defer { input.close() }
    var draft = draft
    var (read, unread) = (0, 0)
    var items = JSONSplitter(input.text(), remarks: true)
    while let item = try items.next() {
      guard item.problem == nil, let json = try? JSONText(item.text.utf8), draft.add(json) else {
        unread += 1
        continue
      }
      read += 1
    }
    for note in items.takeNotes() { Output.error("note: \(note)") }
    guard read > 0 else {
      throw CLIError(
        "\(given.file) has no statements\(unread > 0 ? ": none of its \(unread) items is one" : "")."
      )
    }
    if unread > 0 {
      Output.error("note: \(unread) of \(read + unread) items could not be read as statements")
    }
    Output.line("# for --identities: give each account its officer, an id or SCHEME:VALUE")
    Output.line(draft.identities)
    Output.line("# for --activities: give each activity its cohort, or - where nothing is recorded")
    Output.text(draft.activityRows)
  }

  private func map<Map>(
    _ path: String, _ read: (inout SheetReader) throws -> Map
  ) throws -> Map {
    let file = try InputFile(path)
    defer { file.close() }
    do {
      var sheet = try SheetReader(file.text())
      return try read(&sheet)
    } catch let problem as FileFormatFailure {
      throw CLIError("\(path): \(problem.sentence)", cause: Cause(problem))
    }
  }
}
