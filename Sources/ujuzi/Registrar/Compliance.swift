import ArgumentParser
import Foundation
import Imports
import Messages
import Registry

struct Compliance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A mandate by organisation, or the officers behind a line.",
    discussion: """
      Example: ujuzi compliance ai-foundations
               ujuzi compliance ai-foundations --on 2026-01-15 --csv
               ujuzi compliance ai-foundations --organisation moict --below \\
                 --officers --standing outstanding

      Each organisation's line counts those whose posting is there that day, not those below it;
      who is seconded elsewhere counts at home.
      required = completed + late + exempted + outstanding.
      Where an institution's time for the mandate was reported, `support` says how much it gave each
      officer: its own reports, or those of the nearest above it. Reports of the same days are not
      added up.
      """)

  @Argument(help: "The mandate's id.") var mandate: Identifier
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Option(help: "Only this organisation; with all below it in a table.")
  var organisation: Identifier?
  @Flag(help: "List the officers instead.") var officers = false
  @Flag(help: "With --officers: also of all organisations below.") var below = false
  @Option(
    help: "With --officers: only completed, late, exempted, outstanding or non_compliant.")
  var standing: String?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    if csv, options.json { throw CLIError("Choose --csv or --json.") }
    guard officers || (standing == nil && !below) else {
      throw CLIError("--standing and --below go with --officers.")
    }
    if officers { try await listOfficers() } else { try await printTable() }
  }

  // MARK: the table

  private func printTable() async throws {
    let question = ComplianceRequest(
      mandate: mandate, organisation: organisation, on: on, atPosition: atPosition)
    var (line, total): (MandateLine?, ComplianceLine?)
    var lines: [ComplianceLine] = []
    var support: [SupportLine] = []
    var asOf: UInt64 = 0
    try await options.pages(.compliance, question, CompliancePage.self) { page in
      (line, total, asOf) = (page.mandate ?? line, page.total ?? total, page.asOf)
      lines += page.lines
      support += page.support
    }
    guard !options.json, let line, let total else { return }
    if csv {
      // No total: who adds up a column must not count everybody twice.
      Output.line(CSV.line(Self.csvHeads))
      for line in lines { Output.line(CSV.line(Self.csvCells(line))) }
      return
    }
    Output.line(Self.words(line))
    Output.line("")
    var heads = [
      "organisation", "required", "completed", "late", "exempted", "outstanding", "overdue",
      "non-compliant", "evidence", "name",
    ]
    var rows = lines.map { Self.cells($0) }
    if lines.count != 1 { rows.append(Self.cells(total)) }
    if lines.contains(where: { $0.support != nil }) {
      let cells = (lines + [total]).map(SupportText.cell)
      heads.insert("support", at: heads.count - 1)
      for at in rows.indices { rows[at].insert(cells[at], at: rows[at].count - 1) }
    }
    Output.line(Output.table(heads, rows))
    let asked = line.terms?.weeklyHours ?? 0
    for line in support { Output.line(SupportText.words(line, asked: asked)) }
    Output.line("as of \(asOf) events")
  }

  private static func words(_ line: MandateLine) -> String {
    let terms = line.terms
    var lines = ["\(Output.plain(terms?.title ?? "")) (\(line.mandate.text))"]
    lines.append(
      "mandate    \(line.status.name)" + (line.since.map { " since \($0.day.text)" } ?? "")
        + (terms?.issuer.map { ", issued by \($0.text)" } ?? "")
        + (terms?.directive.map { ", by \($0.text)" } ?? "") + ended(line.status))
    lines.append("who        \(line.population)")
    if let days = terms?.joinerDays {
      lines.append(
        "joiners    have until the deadline, or \(days) days from the day on which they join: the "
          + "later of the two")
    }
    let courses = terms?.courses.map(\.text) ?? []
    lines.append(
      "courses    " + courses.joined(separator: ", ")
        + (courses.count < 2 ? "" : terms?.anyCourse == true ? " (one is enough)" : " (all)"))
    lines.append(
      "deadline   \(terms?.deadline.text ?? "?")"
        + (line.firstDeadline == terms?.deadline
          ? "" : ", extended; the first was \(line.firstDeadline?.text ?? "?")"))
    if let hours = terms?.weeklyHours, hours > 0 {
      lines.append("time       the employer gives \(hours) hours a week")
    }
    if let duty = terms?.employerDuty, !duty.isEmpty {
      lines.append("employer   \(Output.plain(duty))")
    }
    if let consequence = terms?.consequence, !consequence.isEmpty {
      lines.append("otherwise  \(Output.plain(consequence))")
    }
    lines.append("on         \(line.on?.text ?? "?")")
    return lines.joined(separator: "\n")
  }

  /// What follows for whom it meant.
  private static func ended(_ status: MandateStatus) -> String {
    switch status {
    case .issued, .inForce: ""
    case .closed: ": nobody joins and nothing falls due any more"
    case .withdrawn: ": nothing is required any more"
    }
  }

  private static func cells(_ line: ComplianceLine) -> [String] {
    let evidence = line.strengths.reversed().map { "\($0.officers) \($0.strength.name)" }
    return [
      line.organisation?.text ?? "total", "\(line.required)", "\(line.completed)",
      "\(line.late)", "\(line.exempted)", "\(line.outstanding)", "\(line.overdue)",
      "\(line.nonCompliant)", evidence.joined(separator: ", "), Output.plain(line.name),
    ]
  }

  private static let csvHeads =
    [
      "organisation", "name", "required", "completed", "late", "exempted", "outstanding",
      "overdue", "non_compliant",
    ] + Strength.allCases.map(\.name)
    + ["support_by", "support_hours_a_week", "support_from", "support_until", "support_hours"]

  private static func csvCells(_ line: ComplianceLine) -> [String] {
    [
      line.organisation?.text ?? "", line.name, "\(line.required)", "\(line.completed)",
      "\(line.late)", "\(line.exempted)", "\(line.outstanding)", "\(line.overdue)",
      "\(line.nonCompliant)",
    ]
      + Strength.allCases.map { strength in
        "\(line.strengths.first { $0.strength == strength }?.officers ?? 0)"
      } + SupportText.csvCells(line.support)
  }

  // MARK: the officers

  private func listOfficers() async throws {
    let wanted = try standing.map {
      try CLIError.named($0, "standing", DutyStanding.allCases, \.name)
    }
    let question = ComplianceOfficersRequest(
      mandate: mandate, organisation: organisation, below: below, on: on, standing: wanted,
      pageSize: 500, atPosition: atPosition)
    var (found, asOf): (Int, UInt64) = (0, 0)
    if csv, !options.json {
      Output.line(
        CSV.line([
          "officer", "organisation", "position", "cadre", "grade", "county", "standing", "due",
          "completed_on", "strength", "joined", "exempted_until", "evidence",
          "category",
        ]))
    }
    try await options.pages(.complianceOfficers, question, ComplianceOfficersPage.self) { page in
      asOf = page.asOf
      for line in page.officers {
        found += 1
        Output.line(csv ? CSV.line(Self.csvCells(line)) : Self.words(line))
      }
    }
    if !csv, !options.json { Output.line("\(found) officers, as of \(asOf) events") }
  }

  private static func words(_ line: DutyLine) -> String {
    var text = "\(line.officer.text)  \(TextOutput.posting(line.posting))  \(line.standing.name)"
    if let day = line.completedOn { text += " on \(day.text)" }
    if let strength = line.strength { text += ", \(strength.name)" }
    if line.standing == .exempted {
      text += line.exemptedUntil.map { " until \($0.text)" } ?? " without an end"
    }
    if let due = line.due { text += ", due \(due.text)" }
    if let joined = line.joined { text += ", joined \(joined.text)" }
    if !line.evidence.isEmpty {
      text += ", by " + line.evidence.map(\.text).joined(separator: ", ")
    }
    return text
  }

  private static func csvCells(_ line: DutyLine) -> [String] {
    let posting = line.posting
    return [
      line.officer.text, posting?.organisation.text ?? "", posting?.position?.text ?? "",
      posting?.cadre?.text ?? "", posting?.grade?.text ?? "", posting?.county?.text ?? "",
      line.standing.name, line.due?.text ?? "", line.completedOn?.text ?? "",
      line.strength?.name ?? "", line.joined?.text ?? "", line.exemptedUntil?.text ?? "",
      line.evidence.map(\.text).joined(separator: " "), posting?.category?.text ?? "",
    ]
  }
}
