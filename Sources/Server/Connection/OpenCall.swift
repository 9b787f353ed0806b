import Access
import Messages
import NIOCore
import Wire

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
  var stream: (any ResponseStream)?
  /// The same as `stream`, of an exchange.
  var exchange: (any Exchange)?
  var span: CallSpan?
  var metadata: Metadata?
  /// Bytes of an exchange's messages that its service has not done with.
  var untaken = 0
  /// The stream's next step was asked for and has not come back.
  var isPulling = false
  /// Which threads the next step needs; said when it is ready.
  var kind = FairScheduler.Kind.step
  /// Stands among those of its connection that are to be asked for their next step.
  var isReady = false
  /// Messages that were sent: who takes them is given longer ones.
  var messages = 0
  /// A message that was read while other streams took the connection's credit.
  var unsent: (message: [UInt8], isLast: Bool)?
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
