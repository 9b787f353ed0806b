import ArgumentParser
import Foundation
import Imports
import JSON
import Messages
import Registry

struct ImportsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "imports",
    abstract: "Which files events came from: when, by whom, how many, and the file's SHA-256.",
    discussion: """
      Example: ujuzi imports
               ujuzi imports --since 120000 --json

      The log is read for what names a file by its digest as its source: rows of spreadsheets and
      extracts, statements, frameworks, crosswalks, and what else cites a document so. Of one file
      there is a line for each system and each sender. Events of JSON Lines name the source that
      they say themselves; old events of statements name no file. `ujuzi undo` takes the digest.
      """)

  @Option(
    parsing: .unconditional, help: "The first position that is read.",
    transform: WholeNumber.argument)
  var since: UInt64 = 0
  @OptionGroup var options: ServerOptions

  private struct File: Hashable {
    var digest: [UInt8]
    var system: Identifier?
    var actor: [UInt8]
  }

  private struct Found {
    var name: String
    var firstMs: UInt64
    var first: UInt64
    var last: UInt64
    var events: Int
  }

  /// Files that are told apart.
  private static let filesMax = 100_000

  func run() async throws {
    var files: [File: Found] = [:]
    let client = try await options.connect()
    var asOf: UInt64 = 0
    for try await page in client.readLog(ReadLogRequest(from: since)) {
      asOf = page.asOf
      for bytes in page.events {
        let recorded = try Codec.decode(Recorded.self, from: bytes)
        let proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
        guard let source = proposal.source, !source.sha256.isEmpty else { continue }
        let file = File(digest: source.sha256, system: source.system, actor: recorded.actor)
        if var found = files[file] {
          found.last = recorded.position
          found.events += 1
          files[file] = found
          continue
        }
        guard files.count < Self.filesMax else {
          throw CLIError("More than \(Self.filesMax) files are named: give --since POSITION.")
        }
        files[file] = Found(
          name: Self.name(source), firstMs: recorded.recordedAtMs, first: recorded.position,
          last: recorded.position, events: 1)
      }
    }
    await client.close()
    for (file, found) in files.sorted(by: { $0.value.first < $1.value.first }) {
      show(file, found)
    }
    if !options.json { Output.line("\(files.count) files, as of \(asOf) events") }
  }

  private static func name(_ source: Source) -> String {
    Statement.id(ofReference: source.reference) != nil || source.reference == Statement.implied
      ? "statements" : source.reference
  }

  private func show(_ file: File, _ found: Found) {
    let when = Date(timeIntervalSince1970: Double(found.firstMs) / 1000).formatted(.iso8601)
    let actor = String(decoding: file.actor, as: UTF8.self)
    if options.json {
      Output.line(
        JSONText.object([
          ("sha256", .string(Hex.text(file.digest))), ("file", .string(found.name)),
          ("system", file.system.map { .string($0.text) } ?? .null), ("recorded", .string(when)),
          ("actor", .string(actor)), ("events", .number("\(found.events)")),
          ("first", .number("\(found.first)")), ("last", .number("\(found.last)")),
        ]).text)
    } else {
      let from = file.system.map { " from \($0.text)" } ?? ""
      let places = found.first == found.last ? "\(found.first)" : "\(found.first)…\(found.last)"
      Output.line(
        "\(when)  \(Output.plain(found.name))\(from), by \(Output.plain(actor)): "
          + "\(found.events) events at \(places)  \(Hex.text(file.digest))")
    }
  }
}
