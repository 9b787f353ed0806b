import ArgumentParser
import Failures
import Foundation
import Locking

/// Runs a command on a thread of its own, while the first thread waits for signals.
@main
enum Main {
  private static let running = Mutex<Task<Never, Never>?>(nil)

  static func main() {
    // Before anything is opened.
    Output.claim()
    // Before anything that may begin a thread.
    Signals.block()
    // Before the command, which may have them handled otherwise.
    Signals.handle { _ in
      running.withLock { $0 }?.cancel()
      return .ending(seconds: 2)
    }
    let command = Task.detached { await Main.run() }
    running.withLock { $0 = command }
    Signals.wait()
  }

  /// Says what went wrong in one line, and exits as `ExitStatus` has it.
  private static func run() async -> Never {
    do {
      var command = try Ujuzi.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      Foundation.exit(0)
    } catch {
      // What a verb has to say of a work that was cut short it has said.
      if let number = Signals.ending { Signals.end(by: number) }
      fail(error)
    }
  }

  private static func fail(_ error: any Error) -> Never {
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    guard Ujuzi.exitCode(for: error) != .success else {
      Output.line(Ujuzi.fullMessage(for: error))
      Foundation.exit(0)
    }
    if let failure = error as? Output.WriteFailure { Output.end(because: failure) }
    guard let trouble = error as? CLIError ?? CLIError(of: error) else {
      Output.error(Ujuzi.fullMessage(for: error))
      Foundation.exit(ExitStatus.unanswered.rawValue)
    }
    Output.error("ujuzi: \(trouble.sentence)")
    Foundation.exit(trouble.status.rawValue)
  }
}
