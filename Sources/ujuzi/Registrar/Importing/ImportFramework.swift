import ArgumentParser
import Imports
import Registry
import UjuziClient

struct ImportFramework: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "framework",
    abstract: "A framework of skills from a CSV or JSON: only what changed.",
    discussion: """
      Example: ujuzi import framework Tools/samples/digcomp-2.2.csv --id digcomp-2.2
               ujuzi import framework skills.json --id ict --version 2 --title 'ICT skills' \\
                 --licence 'CC BY 4.0' --published 2024-01-01

      Columns: code,title,levels,area and, where one gave way to another, replaced_by. Lines at the
      top such as "# licence: CC BY 4.0" (also title, version, source, published) say what no
      option says. ESCO's, SFIA's, DigComp's, CASE's and CTDL-ASN's own columns and members are
      known; --map code=NAME says what another publisher calls one. Of a framework that is there
      already, new skills are added, those that are gone deprecated and those with a replacement
      replaced, on the day of --on; what is in the file again is current again. More than a tenth is
      deprecated only with --deprecate, and what is said otherwise of a skill corrected only with
      --correct.
      """)

  @Option(help: "The framework's id.") var id: Identifier
  @Option(help: "Its version.") var version: String?
  @Option(help: "Its title.") var title: String?
  @Option(help: "Under which licence it may be used.") var licence: String?
  @Option(help: "Where it is from: a citation.") var reference: String?
  @Option(help: "The SHA-256 of the document that it is from (default: of the file).")
  var digest: String?
  @Option(help: "The day on which it was published.", transform: Day.argument) var published: Day?
  @Option(help: "The day of what changed since (default: today).", transform: Day.argument) var on:
    Day?
  @Option(
    name: .customLong("map"),
    help: "What one of the columns is called in the file, such as title=preferredLabel.")
  var maps: [String] = []
  @Option(help: "Of which language texts are, where there are several.") var language = "en"
  @Flag(help: "Deprecate what the file has not, also when it is more than a tenth.")
  var deprecate = false
  @Flag(help: "Correct titles, areas and levels that the file says otherwise.") var correct = false
  @OptionGroup var given: FileOptions

  func run() async throws {
    try await given.read { input, client, report in
      report.advice = "mend the file and send it whole"
      let file = try FrameworkFile(
        try input.whole(max: FrameworkFile.lengthMax), map: try named(), language: language)
      report.say(notes: file.notes)
      let known = try await client.state(of: StreamID(.framework, id)).state?.framework
      let said = FrameworkPublished(
        title: try need(title, "title", file), version: try need(version, "version", file),
        digest: try documentDigest(input), licence: try need(licence, "licence", file))
      let day: Day
      if known != nil {
        day = try await client.day(on)
      } else if let first = published ?? file.about["published"].flatMap({ Day($0) }) {
        day = first
      } else {
        throw CLIError("Say when the framework was published: --published DAY.")
      }
      let source = Source(
        system: Identifier("file"),
        reference: Self.short(reference ?? file.about["source"] ?? input.name),
        sha256: try input.sha256())
      var allowed: FrameworkChanges.Allowed = []
      if deprecate { allowed.insert(.deprecation) }
      if correct { allowed.insert(.correction) }
      let mends = correct || known?.skills.contains { $0.deprecated } == true
      let changes = FrameworkChanges(
        file, published: said, in: known,
        history: mends ? try await client.standing(id) : [], allowed: allowed
      ) { fits($0, of: id, on: day, source) }
      // A file without a skill would publish nothing, and say that all is well.
      guard known != nil || !file.rows.isEmpty || !file.problems.isEmpty else {
        throw FileFormatFailure("The file has no skill.")
      }
      try await record(
        changes.changes.map { ($0.line, $0.event) }, of: id, on: day, source,
        mending: changes.mended, client, report, dryRun: given.dryRun)
    }
  }

  private func named() throws -> [String: String] {
    var names: [String: String] = [:]
    for text in maps {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, names.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw CLIError("--map \(text) is not COLUMN=NAME, each column once.")
      }
    }
    return names
  }

  /// A source's reference has at most 200 bytes.
  private static func short(_ text: String) -> String {
    var text = text
    while text.utf8.count > 200 { text.removeLast() }
    return text
  }

  private func need(_ option: String?, _ name: String, _ file: FrameworkFile) throws -> String {
    guard let value = option ?? file.about[name], !value.isEmpty else {
      throw CLIError("Give --\(name), or a line \"# \(name): …\" at the top of the file.")
    }
    return value
  }

  private func documentDigest(_ input: InputFile) throws -> [UInt8] {
    guard let digest else { return try input.sha256() }
    guard let bytes = Hex.bytes(digest), bytes.count == 32 else {
      throw CLIError("--digest \(digest) is no SHA-256 in 64 hexadecimal digits.")
    }
    return bytes
  }
}
