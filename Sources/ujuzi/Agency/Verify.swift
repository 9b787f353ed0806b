import Algorithms
import ArgumentParser
import Failures
import Files
import Foundation
import Imports
import Messages
import Registry

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Whether a credential stands.",
    discussion: """
      Example: ujuzi verify --issuer heta --number HETA/2022/0001 --holder pn:2022-000001
               ujuzi verify 1f0c… --on 2023-05-01
               ujuzi verify --file list.csv       (columns issuer, number, or credential)
      """)

  @Argument(help: "The credential's id.") var credential: Identifier?
  @Option(help: "Who issued it.") var issuer: Identifier?
  @Option(help: "Its number.") var number: String?
  @Option(help: "Whom the presenter says it belongs to, SCHEME:VALUE.") var holder: SchemeArgument?
  @Option(help: "The day asked about (default: today).") var on: Day?
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
  var atPosition: UInt64?
  @Option(help: "A CSV whose rows come back with status, since and reason.") var file: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    if let file { return try await verify(file: file) }
    let which: VerifyCredentialRequest.Which
    switch (credential, issuer, number) {
    case (let id?, nil, nil): which = .credential(id)
    case (nil, let issuer?, let number?):
      which = .certificate(CertificateNumber(issuer: issuer, number: number))
    default: throw CLIError("Name a credential, or --issuer and --number.")
    }
    let question = VerifyCredentialRequest(
      which: which, holder: holder?.value, on: on, atPosition: atPosition)
    let reply = try await options.ask(
      .verifyCredential, question, VerifyCredentialReply.self, TextOutput.verification)
    if reply.status != .valid { throw ExitCode(1) }
  }

  private func verify(file: String) async throws {
    let bytes = try File.contents(of: file)
    let csv: CSV
    do {
      csv = try CSV(bytes)
    } catch let problem as FileFormatFailure {
      throw CLIError("\(file): \(problem.sentence)", cause: Cause(problem))
    }
    guard let head = csv.rows.first?.cells.map({ $0.lowercased() }),
      head.contains("credential") || (head.contains("issuer") && head.contains("number"))
    else { throw CLIError("\(file) needs a column credential, or issuer and number.") }
    func cell(_ row: CSVRow, _ name: String) -> String? {
      head.firstIndex(of: name).flatMap { $0 < row.cells.count ? row.cells[$0] : nil }
    }
    var items: [Int: VerifyCredentialRequest] = [:]
    for (at, row) in csv.rows.enumerated().dropFirst() {
      if let id = cell(row, "credential").flatMap({ Identifier($0) }) {
        items[at] = VerifyCredentialRequest(which: .credential(id), on: on)
      } else if let issuer = cell(row, "issuer").flatMap({ Identifier($0) }),
        let number = cell(row, "number"), !number.isEmpty
      {
        items[at] = VerifyCredentialRequest(
          which: .certificate(CertificateNumber(issuer: issuer, number: number)), on: on)
      }
    }
    let client = try await options.connect()
    var answers: [Int: VerifyCredentialReply] = [:]
    for part in items.keys.sorted().chunks(ofCount: 1000) {
      let reply = try await client.ask(
        .verifyCredentials, VerifyCredentialsRequest(items: part.compactMap { items[$0] }),
        VerifyCredentialsReply.self)
      for (at, bytes) in zip(part, reply.items) {
        answers[at] = try Codec.decode(VerifyCredentialReply.self, from: bytes)
      }
    }
    await client.close()
    Output.line(CSV.line(csv.rows[0].cells + ["status", "since", "reason"]))
    var bad = false
    for (at, row) in csv.rows.enumerated().dropFirst() {
      let answer = answers[at]
      if answer?.status != .valid { bad = true }
      Output.line(
        CSV.line(
          row.cells + [
            answer?.status.name ?? "not_asked", answer?.since?.text ?? "",
            answer?.reason?.text ?? (answer == nil ? "the row names no credential" : ""),
          ]))
    }
    if bad { throw ExitCode(1) }
  }
}
