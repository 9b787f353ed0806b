import Failures
import JSON

// Here, since `Tools/conformance` builds the validator's files without the package's modules.
extension DecodeFailure: ExplainedError {
  /// Of a message's JSON form that is no JSON.
  public init(_ failure: JSONFailure) {
    let problem: Problem =
      switch failure.kind {
      case .cut: .truncated
      case .duplicate: .duplicate
      case .tooDeep: .tooDeep
      case .tooLong: .tooLarge
      case .notUTF8: .notText
      case .unexpected, .controlCharacter, .escape: .malformed
      }
    self.init(problem, "", failure.reason)
  }
}
