import Failures

/// Why a command failed, as one sentence.
struct CLIError: ExplainedError {
  var sentence: String
  var cause: Cause?

  init(_ sentence: String, cause: Cause? = nil) {
    self.sentence = sentence
    self.cause = cause
  }
}
