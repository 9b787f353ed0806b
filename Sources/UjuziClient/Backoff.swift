import Failures
import Wire

/// How long to wait before another try: longer each time, and never two clients alike.
///
/// gRPC's connection backoff, with shorter times: a registry that was restarted is back in seconds.
public struct Backoff: Hashable, Sendable {
  /// Milliseconds before the second try.
  public var firstMs: Double
  public var factor: Double
  /// Milliseconds.
  public var maxMs: Double
  /// The part of a wait that is left to chance, either way.
  public var jitter: Double

  public init(
    firstMs: Double = 100, factor: Double = 1.6, maxMs: Double = 10_000, jitter: Double = 0.2
  ) {
    self.firstMs = firstMs
    self.factor = factor
    self.maxMs = maxMs
    self.jitter = jitter
  }

  /// Milliseconds to wait after so many tries, the first being 1.
  public func waitMs(after tries: Int) -> Int64 {
    var wait = firstMs
    for _ in 1..<max(tries, 1) where wait < maxMs { wait *= factor }
    wait = min(wait, maxMs)
    return Int64(wait * Double.random(in: (1 - jitter)...(1 + jitter)))
  }
}

/// Keeps retries from making a server's trouble worse: when too many calls fail, none is asked
/// again. gRPC's retry throttling.
public struct RetryThrottle: Hashable, Sendable {
  private static let tokensMax = 10.0
  private static let perSuccess = 0.1

  private var tokens = RetryThrottle.tokensMax

  public init() {}

  public mutating func succeeded() { tokens = min(tokens + Self.perSuccess, Self.tokensMax) }

  /// - Returns: whether the call that failed may be asked again.
  public mutating func failed() -> Bool {
    tokens = max(tokens - 1, 0)
    return tokens > Self.tokensMax / 2
  }
}

/// Whether a call that failed is asked again, and when.
public enum Retry: Hashable, Sendable {
  case no
  /// After so many milliseconds, or the backoff's when that is longer; nil: the backoff's.
  case after(ms: UInt32?)

  /// Whether the call was not begun because its connection ended.
  static func isPassedOn(_ error: any Error) -> Bool {
    guard let status = error as? CallStatus else { return false }
    return status.notProcessed && status.code == .unavailable
      && [ProtocolRule.drain, .notSent].contains { $0.rawValue == status.rule }
  }

  /// Whether a stream that ended with this error, such as Watch, may go on when it is asked for
  /// again with the last cursor; otherwise the answer would be the same for ever: who may not, what
  /// there is not, a cursor of another log, what is malformed or damaged.
  public static func mayResume(after error: any Error) -> Bool {
    switch error {
    case let failure as ConnectionFailure: failure.mayRetry
    case let status as CallStatus:
      switch status.code {
      case .unavailable, .deadlineExceeded, .cancelled: true
      // Of what is too long, nothing is less another time.
      case .resourceExhausted: status.mayRetry
      case .ok, .unknown, .invalidArgument, .notFound, .alreadyExists, .permissionDenied,
        .failedPrecondition, .aborted, .outOfRange, .unimplemented, .internal, .dataLoss,
        .unauthenticated:
        status.retryAfterMs > 0
      }
    default: false
    }
  }

  /// - Parameters:
  ///   - isRepeatable: whether the call may safely happen twice.
  public init(after error: any Error, isRepeatable: Bool) {
    switch error {
    case let status as CallStatus where status.notProcessed:
      // Not begun; but who may not, or asks for what there is not, is not answered otherwise later.
      switch status.code {
      case .unavailable, .resourceExhausted: self = .after(ms: status.retryAfterMs)
      case .ok, .cancelled, .unknown, .invalidArgument, .deadlineExceeded, .notFound,
        .alreadyExists, .permissionDenied, .failedPrecondition, .aborted, .outOfRange,
        .unimplemented, .internal, .dataLoss, .unauthenticated:
        self = .no
      }
    case let status as CallStatus where status.code == .unavailable && isRepeatable:
      self = .after(ms: status.retryAfterMs)
    case let failure as ConnectionFailure where failure.mayRetry && isRepeatable:
      self = .after(ms: failure.retryAfterMs)
    default: self = .no
    }
  }
}
