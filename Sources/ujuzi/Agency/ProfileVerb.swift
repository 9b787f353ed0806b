import ArgumentParser
import Foundation
import Messages
import Registry

struct ProfileVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "An officer's skills, trainings and credentials.",
    discussion: """
      Example: ujuzi profile 7f3c2a…            (by the officer's id)
               ujuzi profile pn:2022-000001     (by an identifier, SCHEME:VALUE)
               ujuzi profile pn:2022-000001 --on 2023-01-01
               ujuzi profile pn:2022-000001 --csv > skills.csv
      """)

  @Argument(help: "The officer's id, or SCHEME:VALUE.")
  var officer: WhoArgument
  @Option(help: "The day asked about (default: today).", transform: Day.argument)
  var on: Day?
  @Option(help: "Also what crosswalks carry over to this framework.") var into: Identifier?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  @Flag(help: "Print a line a skill, training, credential, paper and claim as CSV.") var csv = false

  func run() async throws {
    let who: GetProfileRequest.Who =
      switch officer {
      case .officer(let id): .officer(id)
      case .identifier(let value): .identifier(value)
      }
    let reply = try await options.ask(
      .getProfile, GetProfileRequest(who: who, on: on, into: into, atPosition: atPosition),
      GetProfileReply.self
    ) { csv && $0.officer != nil ? ProfileCSV.text($0) : TextOutput.profile($0) }
    if reply.officer == nil {
      throw CLIError.noSuch("There is no officer \(officer.text) that day, as far as is known.")
    }
  }
}
