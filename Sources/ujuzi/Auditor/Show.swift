import ArgumentParser
import JSON
import Messages
import Registry

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A stream as it was on a day, as known at a position.",
    discussion: """
      Example: ujuzi show programme/pilot
               ujuzi show agreement/gok-huawei-2022 --on 2022-03-31 --at-position 1200
      """)

  @Argument(help: "The stream, KIND/ID.") var stream: StreamArgument
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let stream = try stream.known()
    let client = try await options.connect()
    let reply = try await client.state(of: stream, on: on, atPosition: atPosition)
    let missing = reply.state == nil ? await client.missing(stream) : nil
    await client.close()
    try options.show(reply, of: .getStream) { reply in
      guard let state = reply.state else { return nil }
      let json = try? JSONMapping.text(
        of: "StreamState", Codec.encode(state), limits: .stored)
      var lines = ["\(stream.text): \(state.statusName)"]
      if case .object(let members)? = json, let inner = members.first?.value {
        lines += TextOutput.fields(inner, "")
      }
      return lines.joined(separator: "\n")
        + "\n\(reply.events) events, as of \(reply.asOf) events"
    }
    if let missing { throw missing }
  }
}

extension TextOutput {
  /// The fields of a JSON form, a line each, named by their path.
  static func fields(_ json: JSONText, _ path: String) -> [String] {
    switch json {
    case .object(let members):
      members.flatMap { fields($0.value, path.isEmpty ? $0.name : path + "." + $0.name) }
    case .array(let items):
      items.enumerated().flatMap { fields($0.element, "\(path)[\($0.offset)]") }
    case .string(let text): ["  \(path)  \(Output.plain(text))"]
    case .number(let text): ["  \(path)  \(text)"]
    case .bool(let value): ["  \(path)  \(value)"]
    case .null: []
    }
  }

  static func authorisation(_ line: AuthorisationLine, of course: Identifier?) -> String {
    let state = line.state
    var text = "authorisation/\(line.authorisation.text): \(state.status.name) since "
    text += state.since.day.text
    if let from = state.validFrom { text += ", from \(from.text)" }
    if let until = state.validUntil { text += " until \(until.text)" }
    if !state.certificate.isEmpty { text += ", certificate \(Output.plain(state.certificate))" }
    if let instrument = state.instrument { text += ", by \(instrument.text)" }
    text += line.stands ? ": may be relied on" : ": may not be relied on, since it \(line.whyNot)"
    if let course { text += line.coversCourse ? ", covers \(course.text)" : ", not \(course.text)" }
    let scope = state.scope
    if let scope, !scope.courses.isEmpty {
      text += "\n  courses " + scope.courses.map(\.text).joined(separator: ", ")
    }
    if let scope, !scope.tracks.isEmpty {
      text += "\n  tracks  " + scope.tracks.map(\.name).joined(separator: ", ")
    }
    if let scope, !scope.skills.isEmpty {
      let skills = scope.skills.map { "\($0.framework.text)/\($0.skill.text) level \($0.level)" }
      text += "\n  skills  " + skills.joined(separator: ", ")
    }
    if let scope, scope.maxLevel > 0 { text += "\n  up to rung \(scope.maxLevel)" }
    return text
  }

  static func disposition(_ line: HistoryLine) -> String {
    switch line.standing {
    case .stands: ""
    case .voided: "  VOIDED by \(line.by.map(String.init) ?? "?")"
    case .corrected: "  CORRECTED by \(line.by.map(String.init) ?? "?")"
    }
  }
}
