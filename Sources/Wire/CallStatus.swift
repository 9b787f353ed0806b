import Failures

/// gRPC's status codes, with gRPC's meanings.
public enum StatusCode: UInt32, CaseIterable, Sendable {
  case ok = 0
  case cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists
  case permissionDenied, resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented
  case `internal`, unavailable, dataLoss, unauthenticated

  /// As gRPC spells it, such as DEADLINE_EXCEEDED.
  public var name: String {
    "\(self)".reduce(into: "") { name, character in
      if character.isUppercase { name += "_" }
      name += character.uppercased()
    }
  }

  /// Whether a transport may give it: the others come from the service alone, so that who reads
  /// one knows that the request was understood.
  public var isTransport: Bool {
    switch self {
    case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .aborted, .outOfRange,
      .dataLoss:
      false
    case .ok, .cancelled, .unknown, .deadlineExceeded, .permissionDenied, .resourceExhausted,
      .unimplemented, .internal, .unavailable, .unauthenticated:
      true
    }
  }
}

/// How a call ended, when not with its answer.
public struct CallStatus: ExplainedError, Hashable, Sendable {
  public var code: StatusCode
  /// For a person: what is wrong, and what to do.
  public var message: String
  /// The field that is meant.
  public var field: String
  /// The rule or limit that said no.
  public var rule: String
  /// The state that stood in the way.
  public var state: String
  public var retryAfterMs: UInt32
  /// The call was not begun: asking again is safe.
  public var notProcessed: Bool

  public init(
    _ code: StatusCode, _ message: String, field: String = "", rule: String = "",
    state: String = "", retryAfterMs: UInt32 = 0, notProcessed: Bool = false
  ) {
    self.code = code
    self.message = message
    self.field = field
    self.rule = rule
    self.state = state
    self.retryAfterMs = retryAfterMs
    self.notProcessed = notProcessed
  }

  /// With what gRPC calls it, and the field that is meant.
  public var sentence: String {
    "\(message) (\(code.name)\(field.isEmpty ? "" : ", field \(field)"))"
  }

  public var mayRetry: Bool { notProcessed || retryAfterMs > 0 }
}
