import Failures
import Foundation
import Glibc
import Messages

/// What is printed where: every verb prints through here, so that what could not be written is
/// never taken for success.
enum Output {
  /// What was to be printed, and why it could not be.
  struct WriteFailure: ExplainedError {
    var code: Int32

    var sentence: String {
      unsafe "The output cannot be written: \(String(cString: strerror(code)))."
    }
  }

  /// A line on the standard output, unbuffered.
  ///
  /// Where it cannot be written the program ends: quietly by SIGPIPE where nobody reads any more,
  /// otherwise with a sentence and exit status 2.
  static func line(_ text: String) { self.text(text + "\n") }

  /// Text that has its own ends of lines.
  static func text(_ text: String) {
    do {
      try write(text)
    } catch {
      end(because: error)
    }
  }

  /// Writes to the standard output, for who has something to put away where it fails.
  static func write(_ text: String) throws(WriteFailure) {
    try write(text, to: STDOUT_FILENO)
  }

  static func end(because failure: WriteFailure) -> Never {
    if failure.code == EPIPE { Signals.end(by: SIGPIPE) }
    error("ujuzi: \(failure.sentence)")
    Foundation.exit(ExitStatus.unanswered.rawValue)
  }

  /// A line on the standard error. There is nobody to tell where that fails.
  static func error(_ text: String) { status(text + "\n") }

  /// Text on the standard error, as it is.
  static func status(_ text: String) { try? write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to file: Int32) throws(WriteFailure) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress, $0.count)
      }
      if written >= 0 {
        bytes = bytes.dropFirst(written)
        continue
      }
      let code = errno
      switch code {
      case EINTR: break
      case EAGAIN:
        // A terminal or pipe that somebody else made so that it does not wait.
        // fits: a flag of poll's, whose field has the type.
        var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wait, 1, -1)
      default: throw WriteFailure(code: code)
      }
    }
  }

  /// Gives the standard files that are closed to nothing: else the first file or socket that is
  /// opened would be one of them, and what is printed would go there.
  static func claim() {
    for file in STDIN_FILENO...STDERR_FILENO where fcntl(file, F_GETFD) == -1 {
      // Open for what they are not for, so that reading and writing fail.
      _ = unsafe open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// How far a long question has come, on the standard error for a person who watches.
  static func progress(_ progress: Messages.Progress?) {
    guard isTerminal, let progress, progress.of > 0 else { return }
    let end = progress.done == progress.of ? "\n" : ""
    status("\r\(progress.done) of \(progress.of)\(end)")
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Rows under heads, each column as wide as it must be.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    var widths = heads.map(\.count)
    for row in rows {
      for (at, cell) in row.enumerated() { widths[at] = max(widths[at], cell.count) }
    }
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    return ([line(heads)] + rows.map(line)).joined(separator: "\n")
  }

  /// Text from elsewhere, without what would steer a terminal.
  static func plain(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
  }
}
