import ArgumentParser
import Messages
import Registry

struct HasSkillVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "has-skill",
    abstract: "Whether an officer has a skill: yes or no, and by which events.",
    discussion: """
      Example: ujuzi has-skill pn:2022-000001 'ict/cybersecurity>=1'
               ujuzi has-skill 7f3c2a… digcomp-2.2/4.1 --on 2023-01-01

      Exit status: 0 yes, 1 no.
      """)

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument
  @Argument(help: "FRAMEWORK/CODE or FRAMEWORK/CODE>=LEVEL.") var skill: String
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let who: HasSkillRequest.Who =
      switch officer {
      case .officer(let id): .officer(id)
      case .identifier(let value): .identifier(value)
      }
    let question = HasSkillRequest(
      who: who, skill: try Find.parse(skill), on: on, atPosition: atPosition)
    let reply = try await options.ask(.hasSkill, question, HasSkillReply.self) { reply in
      var lines = [reply.has ? "yes" : "no"]
      lines += reply.evidence.map { "by event \($0.text)" }
      return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
    }
    if !reply.has { throw ExitCode.negative }
  }
}
