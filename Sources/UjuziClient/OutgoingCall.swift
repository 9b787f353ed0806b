import Locking
import Messages
import NIOCore
import Wire

/// A call before, while and after it has an id on the wire.
///
/// Its caller and whoever cancels it hold it on other threads; its state is touched on the
/// connection's loop alone, which is checked at each touch.
final class OutgoingCall: Sendable {
  typealias Source = NIOThrowingAsyncSequenceProducer<
    [UInt8], any Error, CreditStrategy, StreamBackpressure
  >.Source

  enum Waiting {
    case unary((Result<Answer, any Error>) -> Void)
    case stream(Source)
    /// Not begun, answered, or given up.
    case nobody
  }

  /// A message that waits for credit.
  struct Upload {
    var message: [UInt8]
    var isEnd: Bool
    var done: (Result<Void, any Error>) -> Void
  }

  final class State {
    fileprivate(set) var waiting = Waiting.nobody
    /// Of an exchange, in their order.
    var uploads: CircularBuffer<Upload> = []
    /// How the call ended; nothing more is sent in it.
    fileprivate(set) var ended: (any Error)?
    var id: UInt32 = 0
    /// When the caller stops waiting, whatever the server does.
    var deadline = NIODeadline.distantFuture
  }

  let kind: ClientConnection.Kind
  private let cancelled = Atomic(false)
  /// Nil until the call is first touched on the loop.
  private let box: NIOLoopBoundBox<State?>

  init(_ kind: ClientConnection.Kind, on eventLoop: any EventLoop) {
    self.kind = kind
    box = .makeEmptyBox(eventLoop: eventLoop)
  }

  /// Belongs to the loop.
  var state: State {
    if let state = box.value { return state }
    let state = State()
    box.value = state
    return state
  }

  /// May come before the call has reached the loop.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Says who waits: at once told how the call has ended, where it was given up before it came
  /// here.
  func wait(_ waiting: Waiting) {
    guard let ended = state.ended else { return state.waiting = waiting }
    Self.tell(waiting, .failure(ended))
  }

  /// Ends the wait; later answers are let go.
  func finish(_ result: Result<Answer, any Error>) {
    let state = state
    let (before, unsent) = (state.waiting, state.uploads)
    let ended: any Error
    switch result {
    case .success: ended = state.ended ?? CallStatus(.ok, "The exchange has ended.")
    case .failure(let error): ended = state.ended ?? error
    }
    state.waiting = .nobody
    state.uploads = []
    state.ended = ended
    for upload in unsent { upload.done(.failure(ended)) }
    Self.tell(before, result)
  }

  private static func tell(_ waiting: Waiting, _ result: Result<Answer, any Error>) {
    switch waiting {
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

/// The credit is the back pressure: the server sends no more than it was given.
struct CreditStrategy: NIOAsyncSequenceProducerBackPressureStrategy {
  func didYield(bufferDepth: Int) -> Bool { true }
  func didConsume(bufferDepth: Int) -> Bool { true }
}

/// Reports to the connection what a stream's reader has consumed.
final class StreamBackpressure: NIOAsyncSequenceProducerDelegate, Sendable {
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
    [UInt8], any Error, CreditStrategy, StreamBackpressure
  >

  private let sequence: Sequence
  private let back: StreamBackpressure
  private let step: Int

  /// - Parameter step: bytes read between two words to the connection.
  init(_ sequence: Sequence, _ back: StreamBackpressure, step: Int) {
    self.sequence = sequence
    self.back = back
    self.step = step
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var messages: Sequence.AsyncIterator
    fileprivate let back: StreamBackpressure
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
