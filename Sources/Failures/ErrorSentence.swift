/// Any error in words.
public enum ErrorSentence {
  /// The error's sentence; of an error that has none, what it prints.
  public static func of(_ error: any Error) -> String {
    (error as? any ExplainedError)?.sentence ?? "\(error)"
  }

  /// The sentence, and those of its causes that it does not hold already: for a log.
  public static func withCauses(of error: any Error) -> String {
    var words = of(error)
    var next = (error as? any ExplainedError)?.cause
    while let cause = next {
      if !words.contains(cause.sentence) { words += " (\(cause.sentence))" }
      next = (cause.error as? any ExplainedError)?.cause
    }
    return words
  }
}
