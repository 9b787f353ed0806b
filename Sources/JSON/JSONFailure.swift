import Failures

/// Why bytes are not the JSON that was expected, and where.
public struct JSONFailure: ExplainedError, Hashable {
  public enum Kind: Hashable, Sendable {
    /// It ends before its value does.
    case cut
    /// Something else stands where a value, a name or a mark was expected.
    case unexpected
    /// A name is given twice in one object.
    case duplicate
    /// A text holds a control character, such as its line's end.
    case controlCharacter
    case escape
    case notUTF8
    case tooDeep
    case tooLong
  }

  /// Where in a file: all from 1, columns in bytes.
  public struct Place: Hashable, Sendable {
    public var byte: Int
    public var line: Int
    public var column: Int
  }

  public var kind: Kind
  /// What is wrong, such as "a comma or ] was expected".
  public var what: String
  public var place: Place
  /// The line on which the text begins.
  var firstLine: Int

  /// What is wrong, and where, without a subject.
  public var reason: String {
    if kind == .tooLong { return what }
    let at = "is no JSON: \(what), at byte \(place.byte)"
    // Where the text is one line its column is its byte.
    return place.line == firstLine ? at : at + " (line \(place.line), column \(place.column))"
  }

  public var sentence: String { "The text \(reason)." }
}
