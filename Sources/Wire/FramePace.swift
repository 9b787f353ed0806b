/// Whether a frame that was begun and has not ended still comes: a line may be slow, but not stand
/// still, and not for ever.
///
/// Bytes are counted as they arrive on the socket, since TLS hands on none of a record before all
/// of it is there. Times are milliseconds of one clock that does not go back.
public struct FramePace: Hashable, Sendable {
  public enum Late: Hashable, Sendable {
    /// Too little came of it for too long.
    case stalled
    /// It has taken too long altogether.
    case tooLong
  }

  private let begunMs: Int64
  /// When enough had come for the last time, and what had come by then.
  private var markMs: Int64
  private var markBytes: UInt64

  /// - Parameter received: bytes that have come on the connection so far.
  public init(atMs now: Int64, received: UInt64) {
    (begunMs, markMs, markBytes) = (now, now, received)
  }

  /// - Returns: nil while the frame comes fast enough.
  public mutating func look(atMs now: Int64, received: UInt64, limits: Limits) -> Late? {
    guard now - begunMs < limits.frameTimeoutMs else { return .tooLong }
    guard received &- markBytes < UInt64(limits.frameProgressBytes) else {
      (markMs, markBytes) = (now, received)
      return nil
    }
    return now - markMs >= limits.frameProgressMs ? .stalled : nil
  }
}

extension FramePace.Late {
  /// Why a connection ends for it.
  public func sentence(_ limits: Limits) -> String {
    switch self {
    case .stalled:
      "of a frame that was begun less than \(limits.frameProgressBytes) bytes came within "
        + "\(limits.frameProgressMs) ms"
    case .tooLong: "a frame was begun and not ended within \(limits.frameTimeoutMs) ms"
    }
  }
}
