import DequeModule
import Messages
import NIOCore
import Wire

/// Recording in bulk through one exchange, which is begun again where it was cut.
///
/// Requests are kept until they are answered. When the connection ends, or drains for its age,
/// those that are not are sent again on the next: their events have ids, and what was recorded
/// already is answered so. Belongs to one task.
public final class BulkRecording {
  private let client: RegistryClient
  private var exchange: Exchange?
  private var replies: MessageStream.AsyncIterator?
  /// Sent and not answered, in order.
  private var open: Deque<[UInt8]> = []
  /// Tries since the last answer.
  private var tries = 0

  public init(_ client: RegistryClient) { self.client = client }

  /// Requests that are sent and not answered.
  public var inFlight: Int { open.count }

  /// Sends a serialised `RecordRequest`; waits while the server gives no credit.
  ///
  /// - Throws: as `reply`.
  public func send(_ request: [UInt8]) async throws {
    open.append(request)
    do {
      if let exchange { try await exchange.send(request) } else { try await begin() }
    } catch {
      try await beginAgain(after: error)
    }
  }

  /// What became of the oldest request that is not answered.
  ///
  /// - Throws: `CallStatus` when the server refused it, `ConnectionFailure` when no server is there
  ///   for long, `CancellationError`. Requests behind it may have been decided.
  public func reply() async throws -> RecordReply {
    precondition(!open.isEmpty, "nothing is sent that would be answered")
    while true {
      do {
        guard let bytes = try await replies?.next() else {
          throw CallStatus(
            .unavailable, "The server ended the recording before its answer.",
            rule: .connectionLost)
        }
        open.removeFirst()
        tries = 0
        return try Codec.decode(RecordReply.self, from: bytes)
      } catch {
        try await beginAgain(after: error)
      }
    }
  }

  /// Ends the exchange; everything must have been answered.
  public func finish() async throws {
    precondition(open.isEmpty, "requests are not answered")
    try await exchange?.finish()
    while try await replies?.next() != nil {}
    exchange = nil
    replies = nil
  }

  private func begin() async throws {
    let begun = try await client.exchange(
      Method.recordMany.rawValue, CallOptions(timeoutMs: 0, waitForReady: false))
    exchange = begun
    replies = begun.replies.makeAsyncIterator()
    for request in open { try await begun.send(request) }
  }

  private func beginAgain(after error: any Error) async throws {
    var error = error
    exchange?.cancel()
    exchange = nil
    replies = nil
    while true {
      tries += 1
      try await client.wait(after: error, tries, isRepeatable: true, until: .distantFuture)
      do {
        return try await begin()
      } catch let next {
        error = next
      }
    }
  }
}
