import Messages
import NIOCore
import Synchronization
import Wire

/// A call before, while and after it has an id on the wire.
///
/// What is not atomic belongs to the connection's loop, once the call was handed to it.
final class OutgoingCall: @unchecked Sendable {
  typealias Source = NIOThrowingAsyncSequenceProducer<
    [UInt8], any Error, AsMuchAsCreditAllows, StreamBack
  >.Source

  enum Waiting {
    case unary((Result<Answer, any Error>) -> Void)
    case stream(Source)
    /// Answered, or given up.
    case nobody
  }

  /// A message that waits for credit.
  struct Upload {
    var message: [UInt8]
    var isEnd: Bool
    var done: (Result<Void, any Error>) -> Void
  }

  private let cancelled = Atomic(false)
  let kind: ClientConnection.Kind
  var waiting = Waiting.nobody
  /// Of an exchange, in their order.
  var uploads: CircularBuffer<Upload> = []
  /// How the call ended; nothing more is sent in it.
  var ended: (any Error)?
  var id: UInt32 = 0
  /// When the caller stops waiting, whatever the server does.
  var deadline = NIODeadline.distantFuture

  init(_ kind: ClientConnection.Kind) { self.kind = kind }

  /// May come before the call has reached the loop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Ends the wait; later answers are let go.
  func finish(_ result: Result<Answer, any Error>) {
    let before = waiting
    waiting = .nobody
    let said: any Error =
      switch result {
      case .success: CallStatus(.ok, "The exchange has ended.")
      case .failure(let error): error
      }
    let end = ended ?? said
    ended = end
    let unsent = uploads
    uploads = []
    for upload in unsent { upload.done(.failure(end)) }
    switch before {
    case .unary(let complete): complete(result)
    case .stream(let source):
      switch result {
      case .success: source.finish()
      case .failure(let error): source.finish(error)
      }
    case .nobody: break
    }
  }
}

/// The server sends no more than it was given credit for: that is the back pressure.
struct AsMuchAsCreditAllows: NIOAsyncSequenceProducerBackPressureStrategy {
  func didYield(bufferDepth: Int) -> Bool { true }
  func didConsume(bufferDepth: Int) -> Bool { true }
}

/// What a stream's reader tells the connection.
final class StreamBack: NIOAsyncSequenceProducerDelegate, Sendable {
  private let eventLoop: any EventLoop
  private let handler: NIOLoopBound<ClientHandler>
  private let call: OutgoingCall

  init(_ eventLoop: any EventLoop, _ handler: NIOLoopBound<ClientHandler>, _ call: OutgoingCall) {
    self.eventLoop = eventLoop
    self.handler = handler
    self.call = call
  }

  func produceMore() {}

  /// The loop over the stream was left, or the stream has ended.
  func didTerminate() {
    call.cancel()
    eventLoop.execute { [handler, call] in handler.value.cancel(call) }
  }

  func consumed(_ bytes: Int) {
    eventLoop.execute { [handler, call] in handler.value.consumed(bytes, of: call) }
  }
}

/// The messages of a stream, in order; one loop may read them.
public struct MessageStream: AsyncSequence, Sendable {
  typealias Sequence = NIOThrowingAsyncSequenceProducer<
    [UInt8], any Error, AsMuchAsCreditAllows, StreamBack
  >

  private let sequence: Sequence
  private let back: StreamBack
  private let step: Int

  /// - Parameter step: bytes read between two words to the connection.
  init(_ sequence: Sequence, _ back: StreamBack, step: Int) {
    self.sequence = sequence
    self.back = back
    self.step = step
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var messages: Sequence.AsyncIterator
    fileprivate let back: StreamBack
    fileprivate let step: Int
    /// Bytes read that the connection does not know of yet.
    fileprivate var owed = 0

    /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away.
    public mutating func next() async throws -> [UInt8]? {
      guard let message = try await messages.next() else {
        // The producer ends quietly for a cancelled task; its reader shall not take that for the
        // whole of the stream.
        try Task.checkCancellation()
        return nil
      }
      owed += message.count
      if owed >= step {
        back.consumed(owed)
        owed = 0
      }
      return message
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(messages: sequence.makeAsyncIterator(), back: back, step: step)
  }
}
