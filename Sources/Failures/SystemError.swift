import Glibc

/// What the system answered to a call, as the cause of an error that says what the call was for.
public struct SystemError: ExplainedError, Hashable {
  /// The call's errno.
  public var code: Int32

  public init(_ code: Int32) { self.code = code }

  /// As `strerror` says it, with the number: two that read alike are told apart.
  public var sentence: String { unsafe "\(String(cString: strerror(code))), errno \(code)" }
}
