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
  @Option(help: "The day asked about (default: today).")
  var on: Day?
  @Option(help: "Also what crosswalks carry over to this framework.") var into: Identifier?
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
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
    ) { csv ? ProfileCSV.text($0) : Describe.profile($0) }
    if reply.officer == nil { throw ExitCode(1) }
  }
}

struct Person: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find a person by an identifier, as a registrar.",
    discussion: "Example: ujuzi person pn 2022-000001")

  @Argument(help: "The identifier's scheme.") var scheme: Identifier
  @Argument(help: "Its value.") var value: String
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = ResolveOfficerRequest(identifier: SchemeValue(scheme: scheme, value: value))
    let reply = try await options.ask(.findPerson, question, FindPersonReply.self) { reply in
      guard let officer = reply.officer else {
        return "Nobody is registered with \(scheme.text) \(value)."
      }
      var lines = ["officer   \(officer.text)"]
      if let name = reply.personal?.name { lines.append("name      \(Output.plain(name))") }
      for identifier in reply.personal?.identifiers ?? [] {
        lines.append("known as  \(identifier.scheme.text) \(Output.plain(identifier.value))")
      }
      if let state = reply.state {
        let into = state.mergedInto.map { " into \($0.text)" } ?? ""
        lines.append("standing  \(state.status.name)\(into) since \(state.since.day.text)")
        lines.append("posting   \(Describe.posting(state.posting))")
      }
      return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
    }
    if reply.officer == nil { throw ExitCode(1) }
  }
}

struct AgreementVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: "An agreement: people and completions against targets, claims side by side.",
    discussion: "Example: ujuzi agreement gok-huawei-2022")

  @Argument(help: "The agreement's id.") var agreement: Identifier
  @Option(help: "The day asked about (default: today).") var on: Day?
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = GetAgreementRequest(agreement: agreement, on: on, atPosition: atPosition)
    let client = try await options.connect()
    let reply = try await client.agreement(question)
    await client.close()
    try options.show(reply, of: .getAgreement, Describe.agreement)
    if reply.state == nil { throw ExitCode(1) }
  }
}

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every event of a stream, and what became of it.",
    discussion: "Example: ujuzi history agreement/gok-huawei-2022")

  @Argument(help: "The stream, KIND/ID.") var stream: StreamID
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var events = 0
    try await options.stream(
      .streamHistory, StreamHistoryRequest(stream: stream), StreamHistoryPage.self
    ) { page in
      for line in page.lines {
        events += 1
        Output.line(try Describe.event(line.event) + Describe.fate(line))
      }
    }
    if events == 0, !options.json {
      Output.line("\(stream.text) has no events.")
      throw ExitCode(1)
    }
  }
}

struct Log: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The log, event by event.",
    discussion: """
      Example: ujuzi log --from 0 --limit 20
               ujuzi log --follow --kind credential --json
               ujuzi log --actor loopback --recorded-later-than 30
      """)

  @Option(help: "The first position.") var from: UInt64 = 0
  @Option(help: "At most so many events (0: all).") var limit: UInt64 = 0
  @Option(help: "Only streams of this kind.") var kind: Identifier?
  @Option(help: "Only what this actor recorded.") var actor: String?
  @Option(
    name: .customLong("recorded-later-than"),
    help: "Only what was recorded more than so many days after it took effect.")
  var laterThan: UInt32 = 0
  @Flag(help: "Stay, and print what is recorded as it comes.") var follow = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = ReadLogRequest(
      from: from, follow: follow, streamKind: kind, limit: limit, actor: Array((actor ?? "").utf8),
      recordedLaterThanDays: laterThan)
    do {
      try await options.stream(.readLog, question, ReadLogPage.self) { page in
        for event in page.events { Output.line(try Describe.event(event)) }
      }
    } catch is CancellationError where follow {
      // Interrupted, which is how it ends.
    }
  }
}

struct StatusVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "What the server holds and how it is.", discussion: "Example: ujuzi status")

  @OptionGroup var options: ServerOptions

  func run() async throws {
    _ = try await options.ask(.status, StatusRequest(), StatusReply.self) { reply in
      """
      version      \(reply.version)
      registry     \(reply.jurisdiction.isEmpty ? "not established" : reply.jurisdiction)
      events       \(reply.events)
      officers     \(reply.officers)
      credentials  \(reply.credentials)
      log          \(reply.logBytes / 1024) KiB
      views        \(reply.viewsBytes / 1024) KiB, \(reply.viewsState)
      connections  \(reply.connections)
      batches      \(reply.batches)
      up           \(reply.uptimeMs / 1000) s
      scrub        \(Self.scrub(reply.scrub))
      """
        + (reply.damagedKeys == 0
          ? ""
          : "\nkeys         of \(reply.damagedKeys) officers are damaged or missing: ask exceptions "
            + "--kind key_damaged")
    }
  }

  /// How the stored data was read again, and what was found.
  static func scrub(_ scrub: ScrubStatus?) -> String {
    guard let scrub else { return "none" }
    var words: [String] = []
    if scrub.running {
      words.append("reading \(scrub.reading), \(scrub.bytes >> 20) MiB so far")
    }
    if scrub.rounds > 0 {
      let finished = Date(timeIntervalSince1970: Double(scrub.finishedAtMs) / 1000)
      words.append("\(scrub.rounds) done, the last at \(finished.formatted(.iso8601))")
    }
    if scrub.bytesPerSecond > 0 {
      words.append("\(scrub.bytesPerSecond >> 20) MiB/s while it reads")
    }
    if words.isEmpty { words.append("not begun") }
    words.append(
      scrub.findings.isEmpty
        ? "no damage found" : "DAMAGE: \(scrub.findings.joined(separator: "; "))")
    if !scrub.notCompared.isEmpty {
      words.append(
        "changed too fast to be compared: \(scrub.notCompared.joined(separator: " "))")
    }
    return words.joined(separator: ", ")
  }
}
