import NIOCore

/// The answer of a unary call that was begun and is not waited for yet.
public struct PendingAnswer: Sendable {
  fileprivate let future: EventLoopFuture<[UInt8]>

  /// Waits for the answer.
  ///
  /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away.
  public func get() async throws -> [UInt8] { try await future.get() }
}

extension UjuziClient {
  /// Begins a unary call at once. Calls that one task begins go out in that order, so that several
  /// requests to record may be in flight and each rely on those before it.
  public func begin(
    _ method: UInt32, _ request: [UInt8], timeoutMs: UInt32 = 30_000
  ) -> PendingAnswer {
    let promise = eventLoop.makePromise(of: [UInt8].self)
    let call = OutgoingCall()
    call.waiting = .unary { promise.completeWith($0) }
    begin(call, method, request, timeoutMs)
    return PendingAnswer(future: promise.futureResult)
  }
}
