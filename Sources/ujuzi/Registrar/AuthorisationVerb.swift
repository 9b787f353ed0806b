import ArgumentParser
import Messages
import Registry

struct AuthorisationVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authorisation",
    abstract: "What an organisation may teach on a day.",
    discussion: "Example: ujuzi authorisation heta --course cyber-basics --on 2022-06-30")

  @Argument(help: "The organisation's id.") var organisation: Identifier
  @Option(help: "Whether this course is covered.") var course: Identifier?
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = AuthorisationsRequest(
      organisation: organisation, course: course, on: on, atPosition: atPosition)
    let reply = try await options.ask(
      .authorisations, question, AuthorisationsReply.self
    ) { reply in
      var lines = reply.lines.map { TextOutput.authorisation($0, of: course) }
      if lines.isEmpty { lines = ["\(organisation.text) had no authorisation."] }
      if let course {
        lines.append("\(course.text) is \(reply.covered ? "covered" : "NOT covered")")
      }
      return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
    }
    let holds = course == nil ? reply.lines.contains(where: \.stands) : reply.covered
    if !holds { throw ExitCode.negative }
  }
}
