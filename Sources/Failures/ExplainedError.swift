/// An error that explains itself to a person and keeps what lay behind it.
///
/// Every error type of the sources adopts it, so that a program prints and a log line holds any of
/// them in the same way.
public protocol ExplainedError: Error, CustomStringConvertible {
  /// What happened, to what, and what to do.
  var sentence: String { get }
  /// The error of a lower layer that led to this one; nil where it began here.
  var cause: Cause? { get }
  /// Whether the same thing may succeed later without anything else being done.
  var mayRetry: Bool { get }
}

extension ExplainedError {
  public var cause: Cause? { nil }
  public var mayRetry: Bool { false }
  public var description: String { sentence }
}

/// An error as the cause of another, equal to one of the same type that says the same: errors of
/// libraries are not comparable, and those that hold them are.
public struct Cause: Hashable, Sendable {
  public let error: any Error

  public init(_ error: any Error) { self.error = error }

  public var sentence: String { ErrorSentence.of(error) }

  public static func == (a: Cause, b: Cause) -> Bool {
    type(of: a.error) == type(of: b.error) && a.sentence == b.sentence
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(sentence) }
}
