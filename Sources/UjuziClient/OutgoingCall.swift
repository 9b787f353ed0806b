import NIOCore
import Synchronization

/// A call before, while and after it has an id on the wire.
///
/// What is not atomic belongs to the connection's loop, once the call was handed to it.
final class OutgoingCall: @unchecked Sendable {
  typealias Source = NIOThrowingAsyncSequenceProducer<
    [UInt8], any Error, AsMuchAsCreditAllows, StreamBack
  >.Source

  enum Waiting {
    case unary((Result<[UInt8], any Error>) -> Void)
    case stream(Source)
    /// Answered, or given up.
    case nobody
  }

  private let cancelled = Atomic(false)
  var waiting = Waiting.nobody
  var id: UInt32 = 0
  /// When the caller stops waiting, whatever the server does.
  var deadline = NIODeadline.distantFuture

  /// May come before the call has reached the loop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Ends the wait; later answers are let go.
  func finish(_ result: Result<[UInt8], any Error>) {
    let before = waiting
    waiting = .nobody
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

  func give(credit bytes: Int) {
    eventLoop.execute { [handler, call] in handler.value.give(credit: bytes, to: call) }
  }
}

/// The messages of a stream, in order; one loop may read them.
public struct MessageStream: AsyncSequence, Sendable {
  typealias Sequence = NIOThrowingAsyncSequenceProducer<
    [UInt8], any Error, AsMuchAsCreditAllows, StreamBack
  >

  private let sequence: Sequence
  private let back: StreamBack
  private let creditStep: Int

  init(_ sequence: Sequence, _ back: StreamBack, creditStep: Int) {
    self.sequence = sequence
    self.back = back
    self.creditStep = creditStep
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var messages: Sequence.AsyncIterator
    fileprivate let back: StreamBack
    fileprivate let creditStep: Int
    /// Bytes read that the server does not know of yet.
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
      if owed >= creditStep {
        back.give(credit: owed)
        owed = 0
      }
      return message
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(messages: sequence.makeAsyncIterator(), back: back, creditStep: creditStep)
  }
}
