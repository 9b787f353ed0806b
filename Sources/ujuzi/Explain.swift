import ArgumentParser
import Messages
import Registry

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "From a line or a number to the people, events and papers behind it.",
    discussion: """
      Example: ujuzi explain skill 7f3c2a… digcomp-2.2/4.1 --on 2023-01-01
               ujuzi explain agreement gok-huawei-2022 people --programme pilot
               ujuzi explain compliance rw-ai-2025 --organisation mineduc --below --standing late
               ujuzi explain credential/1f0c…
      """,
    subcommands: [
      ExplainStream.self, ExplainSkill.self, ExplainAgreement.self, ExplainCompliance.self,
    ], defaultSubcommand: ExplainStream.self)
}

/// What every explanation takes, and how it is printed.
struct ExplainOptions: ParsableArguments {
  @Option(help: "The day asked about (default: today).") var on: Day?
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
  var atPosition: UInt64?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  static let heads = [
    "officer", "stream", "event_id", "position", "effective", "event", "standing", "because",
    "source_system", "source_reference", "source_sha256", "authority",
  ]

  func explain(_ what: ExplainRequest.What, _ sum: (UInt64) -> String?) async throws {
    let question = ExplainRequest(what: what, on: on, atPosition: atPosition)
    var (lines, counted, asOf): (Int, UInt64, UInt64) = (0, 0, 0)
    if csv, !options.json { Output.line(CSVOutput.line(Self.heads)) }
    try await options.stream(.explain, question, ExplainPage.self) { page in
      (counted, asOf) = (page.counted, page.asOf)
      lines += page.lines.count
      for line in page.lines { Output.line(csv ? Self.cells(line) : Self.text(line)) }
    }
    guard !options.json else { return }
    guard lines > 0 else {
      Output.error("there is nothing behind it")
      throw ExitCode(1)
    }
    if !csv {
      Output.line((sum(counted).map { $0 + ", " } ?? "") + "\(lines) events, as of \(asOf) events")
    }
  }

  private static func cells(_ line: ExplainLine) -> String {
    CSVOutput.line([
      line.officer?.text, line.stream.text, line.eventID.text, "\(line.position)",
      line.effective.text, line.event, line.standing.name, line.because, line.source?.system?.text,
      line.source?.reference, line.source.map { Hex.text($0.sha256) }, line.authority?.text,
    ])
  }

  private static func text(_ line: ExplainLine) -> String {
    var text = "\(line.position)  \(line.effective.text)  \(line.stream.text)  \(line.event)"
    if line.standing != .stands { text += "  \(line.standing.name.uppercased())" }
    text += "\n    \(Output.plain(line.because))"
    if let officer = line.officer { text += "\n    officer \(officer.text)" }
    if let source = line.source {
      let parts = [
        source.system?.text, source.reference.isEmpty ? nil : Output.plain(source.reference),
        source.sha256.isEmpty ? nil : "sha256 \(Hex.text(source.sha256))",
      ]
      text += "\n    source " + parts.compactMap { $0 }.joined(separator: ", ")
    }
    if let authority = line.authority { text += "\n    authority \(authority.text)" }
    return text + "\n    event \(line.eventID.text)"
  }
}

struct ExplainStream: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Any line that names a stream: a training, a credential, …",
    discussion: "Example: ujuzi explain credential/1f0c…")

  @Argument(help: "The stream, KIND/ID.") var stream: StreamID
  @OptionGroup var explain: ExplainOptions

  func run() async throws { try await explain.explain(.stream(stream)) { _ in nil } }
}

struct ExplainSkill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skill", abstract: "A skill of an officer's profile.",
    discussion: "Example: ujuzi explain skill 7f3c2a… digcomp-2.2/4.1")

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument
  @Argument(help: "FRAMEWORK/CODE.") var skill: String
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let wanted = try Find.parse(skill)
    let question = SkillQuestion(
      officer: try await officer.resolved(explain.options), framework: wanted.framework,
      skill: wanted.skill)
    try await explain.explain(.skill(question)) { level in
      level == 0 ? "not held" : "adds up to level \(level)"
    }
  }
}

extension AgreementFigure: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }

  public init?(argument: String) {
    guard let found = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = found
  }
}

struct ExplainAgreement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement", abstract: "A number of an agreement.",
    discussion: """
      Example: ujuzi explain agreement gok-huawei-2022 people
               ujuzi explain agreement gok-huawei-2022 completions --programme pilot
      """)

  @Argument(help: "The agreement's id.") var agreement: Identifier
  @Argument(help: "people, completions, awards, enrolled or reported.") var figure: AgreementFigure
  @Option(help: "Only what is counted under it.") var programme: Identifier?
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let number = AgreementNumber(agreement: agreement, figure: figure, programme: programme)
    try await explain.explain(.agreement(number)) { "adds up to \($0) \(figure.name)" }
  }
}

extension DutyStanding: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }

  public init?(argument: String) {
    guard let found = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = found
  }
}

struct ExplainCompliance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compliance", abstract: "A number of a mandate's table.",
    discussion: """
      Example: ujuzi explain compliance rw-ai-2025 --organisation mineduc --standing late
      """)

  @Argument(help: "The mandate's id.") var mandate: Identifier
  @Option(help: "Only who is posted there.") var organisation: Identifier?
  @Flag(help: "With all organisations below it.") var below = false
  @Option(help: "outstanding, completed, late, exempted or non_compliant.")
  var standing: DutyStanding?
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let number = ComplianceNumber(
      mandate: mandate, organisation: organisation, below: below, standing: standing)
    try await explain.explain(.compliance(number)) { "adds up to \($0) officers" }
  }
}
