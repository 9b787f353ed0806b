import Messages
import NIOCore
import Wire

/// A stream of requests, and beside it a stream of answers.
///
/// One task sends while another reads: a server gives credit for more requests only as it takes
/// them, and it may wait for its answers to be read before that.
public struct Exchange: Sendable {
  /// In order; they end when the server has answered everything.
  public let replies: MessageStream
  let call: OutgoingCall
  let eventLoop: any EventLoop
  let handler: NIOLoopBound<ClientHandler>

  /// Sends a message; waits while the server gives no credit.
  ///
  /// - Throws: what ended the exchange, when it has ended: the `CallStatus` is OK when the server
  ///   needs no more.
  public func send(_ message: [UInt8]) async throws {
    // An empty message is told from none by a frame without END.
    try await upload(message, isEnd: false)
  }

  /// Says that no further message comes.
  public func finish() async throws { try await upload([], isEnd: true) }

  /// Gives the exchange up; what the server had begun may still happen.
  public func cancel() {
    call.cancel()
    eventLoop.execute { [handler, call] in handler.value.cancel(call) }
  }

  private func upload(_ message: [UInt8], isEnd: Bool) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        eventLoop.execute { [handler, call] in
          handler.value.upload(
            OutgoingCall.Upload(message: message, isEnd: isEnd) { continuation.resume(with: $0) },
            in: call)
        }
      }
    } onCancel: {
      cancel()
    }
  }
}
