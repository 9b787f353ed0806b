import ArgumentParser

/// How a verb ends. The one rule: whoever reads the status alone is never told yes where the
/// registry did not say so.
enum ExitStatus: Int32 {
  /// The question was answered, and with yes where it asks whether; or all was done.
  case answered = 0
  /// The registry answered no, rejected some of it, or has no such thing.
  case negative = 1
  /// There is no answer.
  case unanswered = 2
  /// It was computed, and there was nothing other than itself to compare it with.
  case notCompared = 3

  /// As `--help` prints it; the README has the same rows in a table.
  static let help = """
    Exit status:
      0  answered: yes, where the question is whether (verify, has-skill, authorisation, health),
         or all was done
      1  answered with no, some was rejected, something differs, or there is no such thing
      2  no answer: wrong use, the server not reached, refused, malformed, or the output could not
         be written
      3  rebuild alone: computed, and not compared with anything
    What SIGINT or SIGTERM cuts short ends by that signal (130, 143 to a shell), and what writes to
    a pipe that nobody reads by SIGPIPE (141); what runs until it is interrupted (serve, watch,
    log --follow) ends with 0.
    """
}

extension ExitCode {
  static let negative = ExitCode(ExitStatus.negative.rawValue)
  static let unanswered = ExitCode(ExitStatus.unanswered.rawValue)
}
