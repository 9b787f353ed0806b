import Failures

/// Why bytes are not a valid message of the schema: returned to their sender.
public struct DecodeFailure: Error, Hashable, Sendable {
  public enum Problem: String, Hashable, Sendable {
    case malformed, truncated, unknownField, duplicate, wrongType, notText, missing, unknownValue
    case outOfRange, tooLong, tooMany, tooDeep, tooLarge

    /// What a status says of it.
    public var rule: ProtocolRule {
      switch self {
      case .malformed: .malformed
      case .truncated: .truncated
      case .unknownField: .unknownField
      case .duplicate: .duplicate
      case .wrongType: .wrongType
      case .notText: .notText
      case .missing: .missing
      case .unknownValue: .unknownValue
      case .outOfRange: .outOfBounds
      case .tooLong: .tooLong
      case .tooMany: .tooMany
      case .tooDeep: .tooDeep
      case .tooLarge: .tooLarge
      }
    }
  }

  public var problem: Problem
  /// The schema's path of the field, such as `officer.posted.posting.organisation`.
  public var path: String
  /// What is wrong, without the path.
  public var reason: String
  /// Of which one must be there, where the path is that of a choice (`oneof`).
  public var choices: [String] = []

  public init(_ problem: Problem, _ path: String, _ reason: String) {
    self.problem = problem
    self.path = path
    self.reason = reason
  }

  init(missing path: String) { self.init(.missing, path, "is missing") }

  init(missing choice: String, oneOf choices: [String]) {
    self.init(missing: choice)
    self.choices = choices
  }

  public init(damaged table: String) {
    self.init(.malformed, table, "holds a row that this build did not write")
  }

  /// The same, seen from the message or the list that holds this one. A place in a list, such as
  /// `[3]`, follows its list without a dot.
  func under(_ name: String) -> DecodeFailure {
    let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
    var outer = DecodeFailure(problem, name + joint + path, reason)
    outer.choices = choices
    return outer
  }

  /// A sentence for a person.
  public var sentence: String {
    if !choices.isEmpty {
      // The choice's own name is nothing that a sender writes.
      let parent = path.split(separator: ".").dropLast().joined(separator: ".")
      return "One of \(choices.joined(separator: ", ")) must be there"
        + (parent.isEmpty ? "." : ", in \(parent).")
    }
    return path.isEmpty ? "The message \(reason)." : "The field \(path) \(reason)."
  }
}
