import Failures
import Registry
import Wire

/// Why a command failed, as one sentence, and with which exit status it ends.
struct CLIError: ExplainedError {
  var sentence: String
  var cause: Cause?
  var status = ExitStatus.unanswered

  init(_ sentence: String, cause: Cause? = nil) {
    self.sentence = sentence
    self.cause = cause
  }

  /// An error of ours, as the end of a command; nil for errors that others print better.
  init?(of error: any Error) {
    if let error = error as? CLIError {
      self = error
      return
    }
    guard let error = error as? any ExplainedError else { return nil }
    sentence = error.sentence
    cause = Cause(error)
    if (error as? CallStatus)?.code == .notFound { status = .negative }
  }

  /// There is no such thing: an answer, and a negative one.
  static func noSuch(_ sentence: String) -> CLIError {
    var error = CLIError(sentence)
    error.status = .negative
    return error
  }

  /// There is no such thing among those that there are: the nearest are named, or all of a few.
  static func noSuch(_ what: String, _ name: String, among known: [String]) -> CLIError {
    let sentence = NearestNames.sentence(noSuch: what, name, among: known)
    guard known.count <= 20, NearestNames.of(name, among: known).isEmpty else {
      return noSuch(sentence)
    }
    return noSuch("\(sentence) There are \(known.joined(separator: ", ")).")
  }

  /// What is called so.
  ///
  /// - Throws: `CLIError` where nothing is.
  static func named<Value>(
    _ name: String, _ what: String, _ all: [Value], _ spelled: (Value) -> String
  ) throws -> Value {
    guard let found = all.first(where: { spelled($0) == name }) else {
      throw noSuch(what, name, among: all.map(spelled))
    }
    return found
  }
}
