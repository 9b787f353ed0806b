import ArgumentParser
import Messages
import Registry

struct Person: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find a person by an identifier, as a registrar.",
    discussion: """
      Example: ujuzi person pn 2022-000001
               ujuzi person pn 2022-000001 --on 2023-01-01    (a number may be another's by now)
      """)

  @Argument(help: "The identifier's scheme.") var scheme: Identifier
  @Argument(help: "Its value.") var value: String
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = ResolveOfficerRequest(
      identifier: SchemeValue(scheme: scheme, value: value), on: on, atPosition: atPosition)
    let reply = try await options.ask(.findPerson, question, FindPersonReply.self) { reply in
      guard let officer = reply.officer else { return nil }
      var lines = ["officer   \(officer.text)"]
      if let name = reply.personal?.name { lines.append("name      \(Output.plain(name))") }
      for identifier in reply.personal?.identifiers ?? [] {
        lines.append("known as  \(identifier.scheme.text) \(Output.plain(identifier.value))")
      }
      if let state = reply.state {
        let into = state.mergedInto.map { " into \($0.text)" } ?? ""
        lines.append("standing  \(state.status.name)\(into) since \(state.since.day.text)")
        lines.append("posting   \(TextOutput.posting(state.posting))")
      } else {
        lines.append(
          "NO REGISTRATION stands that day: it was voided, or is of a later day. `ujuzi history "
            + "officer/\(officer.text)` says which")
      }
      return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
    }
    if reply.officer == nil {
      throw CLIError.noSuch(
        "Nobody is registered with \(scheme.text) \(value)\(on.map { " on \($0.text)" } ?? "").")
    }
  }
}
