import Messages
import NIOCore

/// What the connections of one event loop share; used on that loop alone.
final class LoopShare {
  let clock: AlarmClock
  /// For what belongs to no one's service: greetings, metadata and statuses.
  let arena = Arena(budget: 256 << 10)
  private var opened: (any Desk)?

  init(_ eventLoop: any EventLoop) { clock = AlarmClock(eventLoop) }

  /// The loop's desk, which its first connection opens.
  var desk: any Desk {
    guard let opened else { preconditionFailure("a connection opens the desk before it asks") }
    return opened
  }

  func openDesk(of service: any Service) throws {
    if opened == nil { opened = try service.makeDesk() }
  }

  /// Nil when the bytes are no such message.
  func decode<M: Message>(_ type: M.Type, from bytes: [UInt8]) -> M? {
    try? Codec.decode(type, from: unsafe bytes.span.bytes, arena: arena, unknownFields: .ignored)
  }
}
