import ArgumentParser
import Failures
import Imports
import Messages
import UjuziClient

/// What the verbs that read a file share.
struct FileOptions: ParsableArguments {
  @Argument(help: "The file; - for standard input.") var file: String
  @Option(help: "Where rejected rows are written (default: FILE.rejected).") var rejects: String?
  @Flag(name: .customLong("dry-run"), help: "Judge every row, record nothing.") var dryRun = false
  @Flag(help: "Print no line for each row, only the summary.") var quiet = false
  @OptionGroup var options: ServerOptions

  /// Reads the file with what the closure does, and sums up, also what an error cut short.
  ///
  /// - Parameter keepsRejects: rejected rows are written to a file of their own; a small file is
  ///   mended where it lies.
  func read(
    keepsRejects: Bool = true, _ body: (InputFile, RegistryClient, Report) async throws -> Void
  ) async throws {
    let input = try InputFile(file)
    defer { input.close() }
    let client = try await options.connect()
    let path = rejects ?? (file == "-" ? "rejected.txt" : file + ".rejected")
    let report = Report(
      json: options.json, quiet: quiet, dryRun: dryRun, rejects: keepsRejects ? path : nil)
    do {
      try await body(input, client, report)
    } catch let problem as FileFormatFailure {
      throw CLIError("\(file): \(problem.sentence)", cause: Cause(problem))
    } catch {
      if report.recorded + report.rejected > 0 {
        try? report.summary()
        Output.error("cut short: send the file again, what was recorded is not recorded twice")
      }
      throw error
    }
    report.progress(input.size, of: input.size)
    await client.close()
    try report.summary()
    if report.rejected > 0 { throw ExitCode.negative }
  }
}
