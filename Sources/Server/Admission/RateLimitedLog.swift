import Locking
import Logging
import NIOCore

/// Logs refused connections, with a rate limit.
final class RateLimitedLog: Sendable {
  /// Lines in one second; what is beyond is counted.
  static let linesMax = 10

  private struct State {
    var second: UInt64 = 0
    var lines = 0
    var left = 0
  }

  private let logger: Logger
  private let state = Mutex(State())

  init(_ logger: Logger) { self.logger = logger }

  /// - Parameter did: what became of the connection.
  func log(_ why: String, from address: SocketAddress?, did: String = "refused") {
    let second = NIODeadline.now().uptimeNanoseconds / 1_000_000_000
    let left: Int? = state.withLock { state in
      if state.second != second { (state.second, state.lines) = (second, 0) }
      state.lines += 1
      guard state.lines <= Self.linesMax else {
        state.left += 1
        return nil
      }
      defer { state.left = 0 }
      return state.left
    }
    guard let left else { return }
    var metadata: Logger.Metadata = ["from": "\(address?.ipAddress ?? "?")"]
    if left > 0 { metadata["more"] = "\(left)" }
    logger.notice("connection \(did): \(why)", metadata: metadata)
  }
}
