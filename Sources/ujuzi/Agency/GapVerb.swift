import ArgumentParser
import Foundation
import Imports
import Messages
import Registry

struct GapVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gap",
    abstract: "What officers lack of what their positions ask.",
    discussion: """
      Example: ujuzi gap pn:2022-000001
               ujuzi gap 7f3c2a… --position head-of-ict
               ujuzi gap --organisation moict --csv          (with all below it)

      Only what is held in its own right counts, not what a crosswalk carries over.
      """)

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: String?
  @Option(help: "Everybody of this organisation, with all below it.")
  var organisation: Identifier?
  @Option(help: "Against this position instead of the one served in.") var position: Identifier?
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Flag(help: "Print CSV, a row for each skill that is asked.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    if csv, options.json { throw CLIError("Choose --csv or --json.") }
    let question = GapRequest(
      whose: try whose(), on: on, position: position, pageSize: 500, atPosition: atPosition)
    var found = 0
    var totals: [GapTotal] = []
    var asOf: UInt64 = 0
    if csv { Output.line(CSV.line(Self.csvHeads)) }
    try await options.pages(
      .gap, question, GapPage.self,
      cut: { page in
        found += page.officers.count
        return true
      }
    ) { page in
      asOf = page.asOf
      totals += page.totals
      for line in page.officers {
        if csv {
          for skill in line.skills { Output.line(CSV.line(Self.csvCells(line, skill))) }
        } else {
          Output.line(Self.words(line))
        }
      }
    }
    if let officer, found == 0 {
      throw CLIError.noSuch("\(officer) was not registered by that day.")
    }
    guard !options.json, !csv else { return }
    if organisation != nil, !totals.isEmpty {
      Output.line("")
      Output.line(
        Output.table(
          ["skill", "level", "asked", "met", "too low", "lapsed", "not at all"],
          totals.map { total in
            let missing = total.asked - total.met - total.tooLow - total.lapsed
            return [
              "\(total.wanted.framework.text)/\(total.wanted.skill.text)",
              "\(total.wanted.level)", "\(total.asked)", "\(total.met)", "\(total.tooLow)",
              "\(total.lapsed)", "\(missing)",
            ]
          }))
    }
    let counted = organisation == nil ? "" : "\(found) officers of whom something is asked, "
    Output.line(counted + "as of \(asOf) events")
  }

  private func whose() throws -> GapRequest.Whose {
    switch (officer, organisation) {
    case (let officer?, nil):
      if let scheme = SchemeArgument(argument: officer) { return .identifier(scheme.value) }
      guard let id = Identifier(officer) else {
        throw CLIError("\(officer) is no officer's id and no SCHEME:VALUE.")
      }
      return .officer(id)
    case (nil, let organisation?): return .organisation(organisation)
    default: throw CLIError("Name an officer, or --organisation.")
    }
  }

  private static func words(_ line: GapLine) -> String {
    var lines = ["\(line.officer.text)  \(TextOutput.posting(line.posting))"]
    if line.skills.isEmpty { lines.append("  nothing is asked") }
    for skill in line.skills {
      let wanted = skill.wanted
      var text = "  \(wanted.framework.text)/\(wanted.skill.text) level \(wanted.level)"
      if let by = skill.replacedBy { text += ", now \(by.text)" }
      text += ": "
      switch skill.held {
      case nil: text += "LACKING"
      case let held? where skill.met: text += "met, " + TextOutput.skill(held)
      case let held? where held.holding == .lapsed: text += TextOutput.skill(held)
      case let held?: text += "TOO LOW, " + TextOutput.skill(held)
      }
      lines.append(text)
    }
    return lines.joined(separator: "\n")
  }

  private static let csvHeads = [
    "officer", "organisation", "position", "cadre", "framework", "skill", "wanted_level", "gap",
    "held_level", "holding", "strength", "since", "lapsed_on", "policy",
  ]

  private static func csvCells(_ line: GapLine, _ skill: GapSkill) -> [String] {
    let held = skill.held
    let gap =
      skill.met
      ? "met" : held == nil ? "lacking" : held?.holding == .lapsed ? "lapsed" : "too_low"
    return [
      line.officer.text, line.posting?.organisation.text ?? "",
      line.posting?.position?.text ?? "", line.posting?.cadre?.text ?? "",
      skill.wanted.framework.text, skill.wanted.skill.text, "\(skill.wanted.level)", gap,
      held.map { "\($0.level)" } ?? "", held?.holding.name ?? "", held?.strength.name ?? "",
      held?.since?.text ?? "", held?.lapsedOn?.text ?? "", held.map { "\($0.policyVersion)" } ?? "",
    ]
  }
}
