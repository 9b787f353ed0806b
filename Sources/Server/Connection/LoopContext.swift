import Messages
import NIOCore

/// The state shared by the connections of one event loop; used on that loop only.
final class LoopContext {
  let clock: DeadlineQueue
  /// For what belongs to no one's service: greetings, metadata and statuses.
  let arena = Arena(budget: 256 << 10)
  private var opened: (any LoopSession)?

  init(_ eventLoop: any EventLoop) { clock = DeadlineQueue(eventLoop) }

  /// The loop's read session, which its first connection opens.
  var session: any LoopSession {
    guard let opened else { preconditionFailure("a connection opens the desk before it asks") }
    return opened
  }

  func openSession(of service: any RPCService) throws {
    if opened == nil { opened = try service.makeSession() }
  }

  /// Nil when the bytes are no such message.
  func decode<M: Message>(_ type: M.Type, from bytes: [UInt8]) -> M? {
    try? Codec.decode(type, from: unsafe bytes.span.bytes, arena: arena, unknownFields: .ignored)
  }
}
