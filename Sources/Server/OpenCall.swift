import Access
import Messages
import NIOCore

/// A call whose handler has not returned; belongs to its connection's loop.
final class OpenCall {
  let id: UInt32
  let method: UInt32
  /// Whose principals may have it open.
  let opens: Roles
  let cancellation = Cancellation()
  let begun: NIODeadline
  /// When its time is out.
  var deadline: NIODeadline
  /// Asks the service; nil once that was done.
  var begin: ((ConnectionHandler) -> Void)?
  /// Is one of those of its connection that the service is asked at once.
  var isRunning = false
  var pages: (any Pages)?
  /// The same as `pages`, of an exchange.
  var exchange: (any Exchange)?
  var span: CallSpan?
  var metadata: Metadata?
  /// Bytes of an exchange's messages that its service has not done with.
  var untaken = 0
  /// A pool's thread is asking for the next page.
  var isPulling = false
  /// A message that was read while other streams took the connection's credit.
  var unsent: [UInt8]?
  /// The stream has nothing now, and calls back when it has.
  var isWaiting = false
  /// A STATUS was sent; what the handler still gives is dropped.
  var isAnswered = false

  init(_ id: UInt32, _ method: UInt32, for opens: Roles, timeoutMs: Int64) {
    begun = .now()
    deadline = begun + .milliseconds(timeoutMs)
    self.id = id
    self.method = method
    self.opens = opens
  }
}
