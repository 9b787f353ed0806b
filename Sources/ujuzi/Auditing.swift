import ArgumentParser
import Foundation
import Messages
import Registry

struct ExceptionsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exceptions",
    abstract: "What does not fit: unrecognised trainings, authority that did not stand, …",
    discussion: """
      Example: ujuzi exceptions --on 2024-12-31 --csv > exceptions.csv
               ujuzi exceptions --kind evidence_withdrawn --kind voided
      """)

  @Option(help: "The day asked about (default: today).") var on: Day?
  @Option(
    help: """
      unrecognised_training, authority_not_standing, evidence_withdrawn, corrected, voided or \
      key_damaged; several may be given (default: all).
      """)
  var kind: [ExceptionKind] = []
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
  var atPosition: UInt64?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = ExceptionsRequest(kinds: kind, on: on, atPosition: atPosition)
    var counts: [ExceptionKind: Int] = [:]
    var asOf: UInt64 = 0
    if csv, !options.json {
      Output.line(
        CSVOutput.line([
          "kind", "stream", "event_id", "position", "effective", "officer", "by", "sentence",
        ]))
    }
    try await options.stream(.exceptions, question, ExceptionsPage.self) { page in
      asOf = page.asOf
      Output.progress(page.progress)
      for line in page.lines {
        counts[line.exceptionKind, default: 0] += 1
        Output.line(csv ? Self.cells(line) : Self.text(line))
      }
    }
    guard !options.json, !csv else { return }
    for kind in ExceptionKind.allCases where kinds.contains(kind) {
      Output.line("\(kind.name): \(counts[kind] ?? 0)")
    }
    Output.line("as of \(asOf) events")
  }

  private var kinds: [ExceptionKind] { kind.isEmpty ? ExceptionKind.allCases : kind }

  private static func cells(_ line: ExceptionLine) -> String {
    CSVOutput.line([
      line.exceptionKind.name, line.stream.text, line.eventID.text, "\(line.position)",
      line.effective.text, line.officer?.text, line.by?.text, line.sentence,
    ])
  }

  private static func text(_ line: ExceptionLine) -> String {
    "\(line.exceptionKind.name)  \(line.position)  \(line.effective.text)  \(line.stream.text)  "
      + Output.plain(line.sentence)
      + (line.officer.map { "  (officer \($0.text))" } ?? "") + "  (id \(line.eventID.text))"
  }
}

extension ExceptionKind: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }

  public init?(argument: String) {
    guard let found = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = found
  }
}

struct Document: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Which events cite a file: by its SHA-256, which is computed here.",
    discussion: """
      Example: ujuzi document mou-signed.pdf
               ujuzi document --sha256 9f86d081…
      """)

  @Argument(help: "The file; it is not sent anywhere.") var file: String?
  @Option(help: "Its SHA-256 in hexadecimal, instead of the file.") var sha256: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let digest: [UInt8]
    switch (file, sha256) {
    case (let file?, nil): digest = try Digest.sha256(file: file)
    case (nil, let text?):
      guard let bytes = Hex.bytes(text), bytes.count == 32 else {
        throw Trouble("\(text) is no SHA-256: it has 64 hexadecimal digits.")
      }
      digest = bytes
    default: throw Trouble("Give a file, or its --sha256.")
    }
    var events = 0
    try await options.stream(
      .citedBy, CitedByRequest(document: digest), CitedByPage.self
    ) { page in
      for line in page.lines {
        events += 1
        Output.line(try Describe.event(line.event) + Describe.fate(line))
      }
    }
    guard !options.json else { return }
    Output.line("\(events) events cite sha256 \(Hex.text(digest))")
    if events == 0 { throw ExitCode(1) }
  }
}

struct DiffVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What the answers say at one position and not at another.",
    discussion: """
      Example: ujuzi diff 1000 1200
               ujuzi diff 1000 1200 --on 2023-01-01 --csv
      """)

  @Argument(help: "The log had so many events.") var from: UInt64
  @Argument(help: "And then so many (0: all there are).") var to: UInt64
  @Option(help: "The day asked about (default: today).") var on: Day?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var lines = 0
    if csv, !options.json {
      Output.line(CSVOutput.line(["stream", "what", "before", "after", "positions"]))
    }
    try await options.stream(
      .diff, DiffRequest(from: from, to: to, on: on), DiffPage.self
    ) { page in
      Output.progress(page.progress)
      for line in page.lines {
        lines += 1
        let positions = line.positions.map(String.init).joined(separator: " ")
        if csv {
          Output.line(
            CSVOutput.line([line.stream.text, line.what, line.before, line.after, positions]))
        } else {
          Output.line(
            "\(line.stream.text)  \(line.what): \(line.before.isEmpty ? "–" : line.before) → "
              + "\(line.after.isEmpty ? "–" : line.after)  (by \(positions))")
        }
      }
    }
    if !options.json, !csv { Output.line("\(lines) lines differ") }
  }
}
