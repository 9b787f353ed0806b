import ArgumentParser
import Messages
import Registry

struct Credentials: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The credentials of an officer, or of an issuer.",
    discussion: """
      Example: ujuzi credentials pn:2022-000001
               ujuzi credentials --issuer heta --on 2023-01-01 --limit 20
      """)

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument?
  @Option(help: "Who issued them.") var issuer: Identifier?
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    parsing: .unconditional, help: "Print at most so many; all are counted.",
    transform: WholeNumber.argument) var limit = Int.max
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let whose: ListCredentialsRequest.Whose
    switch (officer, issuer) {
    case (let officer?, nil): whose = .officer(try await officer.resolved(options, on: on))
    case (nil, let issuer?): whose = .issuer(issuer)
    default: throw CLIError("Name an officer, or --issuer.")
    }
    var limited = LineLimit(limit)
    var asOf: UInt64 = 0
    try await options.pages(
      .listCredentials, ListCredentialsRequest(whose: whose, on: on), ListCredentialsPage.self,
      cut: { limited.cut(&$0.credentials) }
    ) { page in
      asOf = page.asOf
      for line in page.credentials { Output.line(TextOutput.credential(line)) }
    }
    limited.end(json: options.json)
    if !options.json { Output.line("\(limited.counted) credentials, as of \(asOf) events") }
  }
}
