import Access
import Logging
import Messages
import NIOCore
import Queries
import ServiceContextModule
import Wire

/// What a call is about, besides its message.
package struct CallContext: Sendable {
  /// Who is connected.
  package var principal: String
  package var deadline: NIODeadline
  package var cancelled: Cancellation
  /// What the caller said about the call, beside its trace.
  package var metadata: [MetadataEntry]
  /// The trace that the call belongs to, as the span of the call sees it.
  package var trace: ServiceContext

  package init(
    principal: String, deadline: NIODeadline, cancelled: Cancellation,
    metadata: [MetadataEntry] = [], trace: ServiceContext = .topLevel
  ) {
    self.principal = principal
    self.deadline = deadline
    self.cancelled = cancelled
    self.metadata = metadata
    self.trace = trace
  }
}

/// How calls of a method are executed.
package enum ExecutionMode: Sendable {
  /// At once.
  case onLoop
  /// Off the loop, so many of one connection at a time.
  case deferred
  /// Off the loop, in slices: opened as a stream is, which has one message. So many of one
  /// connection at a time.
  case sliced
  /// Off the loop; the service has a queue of its own, in the order in which the calls came.
  case queued
  case stream
  case exchange
}

/// The answer of a unary call.
package struct Reply: Sendable {
  package var message: [UInt8]
  /// What is said about it, not in it.
  package var metadata: [MetadataEntry]

  package init(_ message: [UInt8], metadata: [MetadataEntry] = []) {
    self.message = message
    self.metadata = metadata
  }
}

/// What a server serves; the transport knows nothing of it but this.
package protocol RPCService: Sendable {
  /// Whose log this is, for the greeting; empty where there is none.
  var logID: [UInt8] { get }
  /// Nil: there is no such method.
  func mode(of method: UInt32) -> ExecutionMode?
  /// The revision of the method that is served; asked about methods that there are.
  func revision(of method: UInt32) -> UInt32
  /// For people, such as Registry.GetProfile; asked about methods that there are.
  func name(of method: UInt32) -> String
  /// Whose principals may call it.
  func roles(of method: UInt32) -> Roles
  /// Where a request asks for more than all of the method's roles may have: those that may make it.
  ///
  /// Asked of calls that are not answered on the loop, whose method the caller's roles open.
  func roles(of method: UInt32, asking request: [UInt8]) -> NarrowedRoles?
  /// Makes a session for one event loop, used by that loop alone.
  func makeSession() throws -> any LoopSession
  /// Unary work: of a method that is deferred called off the loop, and it may work there; of one
  /// that is queued on the loop. `complete` is called once, from any thread.
  func begin(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext,
    complete: @escaping @Sendable (Result<Reply, CallStatus>) -> Void)
  /// A stream of answers, asked for its next message while the socket is writable and credit
  /// remains; of a method that is sliced its one answer, asked for until it is there. Called on the
  /// loop, so that it computes nothing.
  func open(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext
  ) throws(CallStatus) -> any ResponseStream
  /// A stream of requests, beside a stream of answers.
  ///
  /// - Parameter taken: to be told, from any thread, how many bytes of messages the service has
  ///   done with: their sender is given that credit again.
  func exchange(
    _ method: UInt32, _ context: CallContext, taken: @escaping @Sendable (Int) -> Void
  ) throws(CallStatus) -> any Exchange
}

/// The roles that may make one request of a method that is open to others too.
package struct NarrowedRoles: Sendable {
  package var opens: Roles
  /// What the others are to do, for a person.
  package var advice: String
}

/// Answers calls inline on the event loop, from one snapshot for all frames of a read.
package protocol LoopSession: AnyObject {
  func beginBatch() throws
  /// - Returns: nil when `reply` holds the answer.
  func answer(_ method: UInt32, _ request: RawSpan, into reply: inout [UInt8]) -> CallStatus?
  func endBatch()
}

/// A streamed answer, from what computes it to the connection that sends it.
///
/// Whoever sends asks for one step after the other, and only while the peer takes what was sent: so
/// a stream holds at most one message that is not sent, and nothing is computed for who does not
/// read. One thread at a time asks.
package protocol ResponseStream: AnyObject, Sendable {
  /// What the next step weighs.
  var cost: QueryCost { get }
  /// Works until there is a message or the slice is over; each call makes progress.
  ///
  /// - Throws: why the stream ends before its end.
  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep
  /// Calls back, from any thread, once there may be more than at the last `idle`; before this
  /// returns, where there is already. Not after `close`.
  func whenReady(_ wake: @escaping @Sendable () -> Void)
  /// Nobody asks for more, whether the stream ended or was left: frees what was gathered. Called
  /// while no step is under way.
  func close()
}

/// One open exchange: the stream of its answers, which ends when all was taken and answered.
package protocol Exchange: ResponseStream {
  /// A message, in its order; called on the connection's loop.
  func take(_ message: [UInt8])
  /// No further message comes.
  func takeEnd()
}

extension RPCService {
  package var logID: [UInt8] { [] }
  package func roles(of method: UInt32, asking request: [UInt8]) -> NarrowedRoles? { nil }
}
