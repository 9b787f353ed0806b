import ArgumentParser
import Messages

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
        throw CLIError("\(text) is no SHA-256: it has 64 hexadecimal digits.")
      }
      digest = bytes
    default: throw CLIError("Give a file, or its --sha256.")
    }
    var events = 0
    try await options.pages(
      .citedBy, CitedByRequest(document: digest), CitedByPage.self,
      cut: { page in
        events += page.lines.count
        return true
      }
    ) { page in
      for line in page.lines {
        Output.line(try TextOutput.event(line.event) + TextOutput.disposition(line))
      }
    }
    if !options.json {
      Output.line("\(events) events cite sha256 \(Hex.text(digest))")
    }
    if events == 0 { throw ExitCode.negative }
  }
}
