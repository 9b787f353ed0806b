import ArgumentParser
import Foundation
import Messages
import Registry

struct AgreementVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: "An agreement: people and completions against targets, claims side by side.",
    discussion: "Example: ujuzi agreement gok-huawei-2022")

  @Argument(help: "The agreement's id.") var agreement: Identifier
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = GetAgreementRequest(agreement: agreement, on: on, atPosition: atPosition)
    let client = try await options.connect()
    let reply = try await client.agreement(question)
    await client.close()
    try options.show(reply, of: .getAgreement, TextOutput.agreement)
    if reply.state == nil { throw CLIError.nothingStood(StreamID(.agreement, agreement)) }
  }
}
