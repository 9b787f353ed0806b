import ArgumentParser
import Files
import Foundation

/// Where something is computed that is to leave nothing behind.
struct ScratchOption: ParsableArguments {
  @Option(
    help: "An existing folder for what is computed and goes again (default: TMPDIR, or /tmp).")
  var scratch: String?

  /// - Throws: `CLIError` where there is no such folder.
  func folder() throws -> String {
    let path = scratch ?? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    guard try File.isThere(path) else {
      throw CLIError("There is no folder \(path): name one with --scratch.")
    }
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
