/// Why bytes are not a valid message of the schema: returned to their sender.
public struct DecodeFailure: Error, Hashable, Sendable {
  public enum Problem: String, Hashable, Sendable {
    case malformed, truncated, unknownField, duplicate, wrongType, notText, missing, unknownValue
    case outOfRange, tooLong, tooMany, tooDeep, tooLarge
  }

  public var problem: Problem
  /// The schema's path of the field, such as `officer.posted.posting.organisation`.
  public var path: String
  /// What is wrong, without the path.
  public var reason: String

  public init(_ problem: Problem, _ path: String, _ reason: String) {
    self.problem = problem
    self.path = path
    self.reason = reason
  }

  init(missing path: String) { self.init(.missing, path, "is missing") }

  public init(damaged table: String) {
    self.init(.malformed, table, "holds a row that this build did not write")
  }

  /// The same, seen from the message or the list that holds this one. A place in a list, such as
  /// `[3]`, follows its list without a dot.
  func under(_ name: String) -> DecodeFailure {
    let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return DecodeFailure(problem, name + joint + path, reason)
  }

  /// A sentence for a person.
  public var sentence: String {
    path.isEmpty ? "The message \(reason)." : "The field \(path) \(reason)."
  }
}
