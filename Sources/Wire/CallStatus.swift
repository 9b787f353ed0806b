import Failures

/// gRPC's status codes, with gRPC's meanings.
public enum StatusCode: UInt32, CaseIterable, Sendable {
  /// It was answered.
  case ok = 0
  /// The caller took the call back.
  case cancelled
  /// Whether it happened is not known: of a recording, ask again with the same event ids.
  case unknown
  /// The question itself is wrong; `field` names where.
  case invalidArgument
  /// Its time was over before it was answered; what was begun may still happen.
  case deadlineExceeded
  /// What was asked about is not there.
  case notFound
  /// It is there already. No method answers so yet.
  case alreadyExists
  /// The principal has no role that may call this.
  case permissionDenied
  /// A limit was reached; `rule` names it. With `not_processed` it may be asked again later.
  case resourceExhausted
  /// The registry is not in a state in which this can be done.
  case failedPrecondition
  /// It was given up halfway, and may be begun again. No method answers so yet.
  case aborted
  /// A position lies beyond the end of the log, or too far behind it.
  case outOfRange
  /// There is no such method, or not in this revision or shape.
  case unimplemented
  /// The server or the protocol went wrong.
  case `internal`
  /// The server is not there, is ending the connection, or cannot record now: try again.
  case unavailable
  /// What the answer needs is damaged where it is kept; `message` names it.
  case dataLoss
  /// The server does not know who asks: the certificate is missing, refused or has no principal.
  case unauthenticated

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
  /// The rule or limit that said no, as `ProtocolRule` spells those that this version knows.
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

  /// - Parameter rule: what said no; the code is the one that goes with it.
  public init(
    _ code: StatusCode, _ message: String, field: String = "", rule: ProtocolRule,
    state: String = "", retryAfterMs: UInt32 = 0, notProcessed: Bool = false
  ) {
    assert(code == rule.code, "\(rule) is said with \(rule.code)")
    self.init(
      code, message, field: field, rule: rule.rawValue, state: state, retryAfterMs: retryAfterMs,
      notProcessed: notProcessed)
  }

  /// With what gRPC calls it, and the field that is meant.
  public var sentence: String {
    "\(message) (\(code.name)\(field.isEmpty ? "" : ", field \(field)"))"
  }

  public var mayRetry: Bool { notProcessed || retryAfterMs > 0 }
}
