import ArgumentParser
import Foundation
import Messages
import Registry
import UjuziClient

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take over what other systems keep: officers, learning platforms, frameworks.",
    discussion: """
      Spreadsheets of completions and credentials, and files of events, are read by `record`.
      """,
    subcommands: [
      ImportOfficers.self, ImportStatements.self, ImportFramework.self, ImportCrosswalks.self,
    ])
}

extension RegistryClient {
  /// The registry's time zone: its days are that zone's.
  ///
  /// - Throws: `CLIError` when there is no registry yet.
  func timeZone() async throws -> TimeZone {
    var first: [UInt8]?
    for try await bytes in stream(
      Method.readLog.rawValue, Codec.encode(ReadLogRequest(from: 0, limit: 1)))
    {
      first = try first ?? Codec.decode(ReadLogPage.self, from: bytes).events.first
    }
    guard let first else {
      throw CLIError("The log has no registry yet: record its `established` first.")
    }
    let recorded = try Codec.decode(Recorded.self, from: first)
    let stream = try Codec.decode(Proposal.self, from: recorded.proposal).stream
    let state = try await ask(
      .getStream, GetStreamRequest(stream: stream, inParts: true), GetStreamReply.self
    ).state
    guard let name = state?.establishment?.timeZone else {
      throw CLIError("The log does not begin with a registry.")
    }
    // A log from before zones were checked may name one that there is not: then the server's days
    // are Greenwich's, and so must these be.
    return TimeZone(identifier: name) ?? .gmt
  }
}
