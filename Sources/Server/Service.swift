import Access
import NIOCore
import Wire

/// What a call is about, besides its message.
public struct CallContext: Sendable {
  /// Who is connected.
  public var principal: String
  public var deadline: NIODeadline
  public var cancelled: Cancellation

  public init(principal: String, deadline: NIODeadline, cancelled: Cancellation) {
    self.principal = principal
    self.deadline = deadline
    self.cancelled = cancelled
  }
}

/// How a method is answered.
public enum Shape: Sendable { case onLoop, deferred, stream }

/// What a server serves; the transport knows nothing of it but this.
public protocol Service: Sendable {
  /// Nil: there is no such method.
  func shape(of method: UInt32) -> Shape?
  /// What people call it.
  func name(of method: UInt32) -> String
  /// Whose principals may call it.
  func roles(of method: UInt32) -> Roles
  /// A desk for one event loop, used by that loop alone.
  func makeDesk() throws -> any Desk
  /// Unary work off the loop. `complete` is called once, from any thread.
  func begin(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext,
    complete: @escaping @Sendable (Result<[UInt8], CallStatus>) -> Void)
  /// A stream of answers, pulled while the socket is writable and credit remains.
  func open(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext
  ) throws(CallStatus) -> any Pages
}

/// Answers what is answered at once, from one snapshot for all frames of a read.
public protocol Desk: AnyObject {
  func beginBatch() throws
  /// - Returns: nil when `reply` holds the answer.
  func answer(_ method: UInt32, _ request: RawSpan, into reply: inout [UInt8]) -> CallStatus?
  func endBatch()
}

/// One open stream; `next` is called on a pool's thread, one call at a time.
public protocol Pages: AnyObject, Sendable {
  func next() -> Page
  /// Calls back once there is more than at the last `idle`.
  func whenMore(_ wake: @escaping @Sendable () -> Void)
  func close()
}

public enum Page: Sendable {
  case message([UInt8])
  /// Nothing now: more may come.
  case idle
  case end
  case failed(CallStatus)
}
