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
  /// Rejected rows are written to a file of their own.
  func read(
    _ body: (InputFile, RegistryClient, Report) async throws -> Void
  ) async throws {
    let input = try InputFile(file)
    defer { input.close() }
    let path = rejects ?? (file == "-" ? "rejected.txt" : file + ".rejected")
    guard !input.isAt(path) else {
      throw CLIError("--rejects \(path) is the file that is read: name another.")
    }
    let client = try await options.connect()
    let report = Report(
      json: options.json, quiet: quiet, dryRun: dryRun, rejects: path,
      isRejectsNameOurs: rejects == nil && file != "-")
    do {
      try await body(input, client, report)
    } catch let problem as FileFormatFailure {
      throw CLIError("\(file): \(problem.sentence)", cause: Cause(problem))
    } catch {
      if report.recorded + report.rejected > 0 {
        try? report.summary(isCut: true)
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
