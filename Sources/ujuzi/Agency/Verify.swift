import Algorithms
import ArgumentParser
import Failures
import Foundation
import Imports
import JSON
import Messages
import Registry
import UjuziClient

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Whether a credential stands.",
    discussion: """
      Example: ujuzi verify --issuer heta --number HETA/2022/0001 --holder pn:2022-000001
               ujuzi verify 1f0c… --on 2023-05-01
               ujuzi verify --file list.csv       (columns issuer, number, or credential; holder)

      The outcome is `valid` (exit status 0) where the credential stands, what it rests on stands,
      its holder's registration was not voided, and it is the holder's where one is named;
      `not_valid` (1) with its causes: a status other than valid, holder_differs, holder_voided,
      evidence_withdrawn; `no_answer` (2): not_reached, refused, malformed or failed. Of a file each row comes back with its own outcome, and the exit status
      is 0 where all are valid, 2 where some have no answer, else 1.
      """)

  @Argument(help: "The credential's id.") var credential: Identifier?
  @Option(help: "Who issued it.") var issuer: Identifier?
  @Option(help: "Its number.") var number: String?
  @Option(help: "Whom the presenter says it belongs to, SCHEME:VALUE.") var holder: SchemeArgument?
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Option(help: "A CSV whose rows come back with what was answered; - for standard input.")
  var file: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    if let file {
      guard credential == nil, issuer == nil, number == nil else {
        throw CLIError("Name a credential, or a --file of them.")
      }
      return try await verify(file: file)
    }
    let which: VerifyCredentialRequest.Which
    switch (credential, issuer, number) {
    case (let id?, nil, nil): which = .credential(id)
    case (nil, let issuer?, let number?):
      which = .certificate(CertificateNumber(issuer: issuer, number: number))
    default: throw CLIError("Name a credential, or --issuer and --number.")
    }
    try await verify(
      VerifyCredentialRequest(which: which, holder: holder?.value, on: on, atPosition: atPosition))
  }

  private func verify(_ question: VerifyCredentialRequest) async throws {
    let reply: VerifyCredentialReply
    do {
      let client = try await options.connect()
      reply = try await client.ask(.verifyCredential, question, VerifyCredentialReply.self)
      await client.close()
    } catch {
      let outcome = VerifyOutcome(error)
      Output.line(options.json ? JSONText.object(outcome.json).text : outcome.text)
      // That it was not there or not allowed is no "no", whatever the status is elsewhere.
      var trouble = CLIError(of: error) ?? CLIError("\(error)")
      trouble.status = outcome.status
      throw trouble
    }
    let outcome = VerifyOutcome(reply)
    if options.json {
      Output.line(JSONText.object(outcome.json + (try JSONText.members(of: reply))).text)
    } else {
      Output.line(outcome.text + "\n" + TextOutput.verification(reply))
    }
    if outcome.status != .answered { throw ExitCode(outcome.status.rawValue) }
  }

  private func verify(file: String) async throws {
    let input = try InputFile(file)
    defer { input.close() }
    let list: VerifyList
    do {
      list = try VerifyList(
        try input.whole(max: VerifyList.lengthMax), on: on, atPosition: atPosition,
        holder: holder?.value)
    } catch let problem as FileFormatFailure {
      throw CLIError("\(file): \(problem.sentence)", cause: Cause(problem))
    }
    if !options.json { Output.line(list.head) }
    var worst = ExitStatus.answered
    let client = try options.client()
    try await list.ask(client) { row, answer in
      Output.line(options.json ? try row.json(answer) : row.cells(answer))
      let status = answer.outcome.status
      if status.rawValue > worst.rawValue { worst = status }
    }
    await client.close()
    if worst != .answered { throw ExitCode(worst.rawValue) }
  }
}

extension JSONText {
  static func members(
    of reply: VerifyCredentialReply
  ) throws -> [(name: String, value: JSONText)] {
    guard
      case .object(let members) = try JSONMapping.text(
        of: "VerifyCredentialReply", Codec.encode(reply))
    else { return [] }
    return members
  }
}
