import Messages
import NIOCore

/// The answer to a question that was sent.
public struct PendingReply: Sendable {
  enum Source: Sendable {
    case future(EventLoopFuture<Answer>)
    case task(Task<Answer, any Error>)
  }

  let source: Source

  /// - Throws: as the call's.
  public func bytes() async throws -> [UInt8] {
    switch source {
    case .future(let future): try await future.get().message
    case .task(let task): try await task.value.message
    }
  }

  public func decoded<A: Message>(as type: A.Type) async throws -> A {
    try Codec.decode(A.self, from: try await bytes())
  }
}

extension Connection {
  /// Sends a question and gives what its answer will be.
  ///
  /// Questions that one task sends so leave in the order of its calls, without waiting for one
  /// another's answers; requests to record are decided in that order, so that each may rely on
  /// those before it.
  public func send(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init()
  ) -> PendingReply {
    let call = OutgoingCall(.unary, on: eventLoop)
    let promise = eventLoop.makePromise(of: Answer.self)
    begin(call, EncodedCall(method, request, options)) { .unary { promise.completeWith($0) } }
    return PendingReply(source: .future(promise.futureResult))
  }
}

extension RegistryClient {
  /// Asks without waiting for the answer; several questions so asked are answered in any order.
  /// Each is asked again where that is safe.
  public func send(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init()
  ) -> PendingReply {
    PendingReply(source: .task(Task { try await answer(method, request, options) }))
  }
}
