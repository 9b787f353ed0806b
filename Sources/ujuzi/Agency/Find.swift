import ArgumentParser
import Foundation
import Messages
import Registry

struct Find: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find officers who have skills.",
    discussion: """
      Example: ujuzi find --skill 'digcomp-2.2/4.1>=3'
               ujuzi find --skill ict/cybersecurity --organisation moict --below --strength proctored
               ujuzi find --skill ict/cloud --page 50        (prints how to go on)

      Who has left the service (separated, retired, died) is left out unless asked for with
      --include-left. Only what is held in its own right counts, not what a crosswalk carries over
      from another framework; a skill that took another's place is held by who held that. All pages of one list, also those that are asked for later with --resume, are as
      of one position of the log. With --json each page is a line, and its resume_after is what
      --resume takes; with --limit a last line has how many were counted and printed.
      """)

  @Option(help: "FRAMEWORK/CODE or FRAMEWORK/CODE>=LEVEL; several must all be there.")
  var skill: [String]
  @Option(help: "Only officers posted there.") var organisation: Identifier?
  @Flag(help: "Also those of all organisations below it.") var below = false
  @Option(help: "Only officers of that county.") var county: Identifier?
  @Option(help: "The weakest evidence that counts, such as proctored.") var strength: String?
  @Flag(help: "Also who has left the service: separated, retired or died.") var includeLeft = false
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Option(
    parsing: .unconditional, help: "Print at most so many; all are counted.",
    transform: WholeNumber.argument) var limit = Int.max
  @Option(
    parsing: .unconditional, help: "One page of at most so many, 1 to 1000, and how to go on.",
    transform: WholeNumber.argument) var page: UInt32?
  @Option(help: "Go on after an earlier page.") var resume: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let skills = try skill.map(Self.parse)
    guard !skills.isEmpty else { throw CLIError("Name at least one skill with --skill.") }
    if let page, !(1...1000).contains(page) { throw CLIError("--page takes 1 to 1000.") }
    let question = FindOfficersRequest(
      skills: skills, organisation: organisation, county: county,
      strengthAtLeast: try strength.map(Self.strength), on: on, pageSize: page ?? 0,
      resumeAfter: try resume.map(TokenText.token) ?? [], below: below,
      includeLeft: includeLeft, atPosition: atPosition)
    var limited = LineLimit(limit)
    var (asOf, next): (UInt64, [UInt8]) = (0, [])
    try await options.pages(
      .findOfficers, question, FindOfficersPage.self, onlyFirst: page != nil,
      cut: { answer in
        (asOf, next) = (answer.asOf, answer.resumeAfter)
        return limited.cut(&answer.officers)
      }
    ) { answer in
      for hit in answer.officers {
        let held = hit.skills.map(TextOutput.skill).joined(separator: "; ")
        let standing = hit.standing?.name ?? "?"
        Output.line(
          "\(hit.officer.text)  \(standing), \(TextOutput.posting(hit.posting))  \(held)")
      }
    }
    limited.end(json: options.json)
    guard !options.json else { return }
    Output.line("\(limited.counted) officers, as of \(asOf) events")
    if !next.isEmpty { Output.line("more: add --resume \(TokenText.text(next))") }
  }

  static func strength(_ text: String) throws -> Strength {
    try CLIError.named(text, "strength", Strength.allCases, \.name)
  }

  static func parse(_ text: String) throws -> SkillLevel {
    let halves = text.components(separatedBy: ">=")
    let path = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, path.count == 2, let framework = Identifier(path[0]),
      let code = Identifier(path[1]), let level = UInt32(halves.count == 2 ? halves[1] : "1"),
      level >= 1
    else {
      throw CLIError(
        "\"\(text)\" is no skill: write FRAMEWORK/CODE>=LEVEL, such as digcomp-2.2/4.1>=3.")
    }
    return SkillLevel(framework: framework, skill: code, level: level)
  }
}
