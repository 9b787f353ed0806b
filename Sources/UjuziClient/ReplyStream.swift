import Messages
import Wire

/// The answers of a stream, decoded one by one. It is asked for when its reader asks for the first
/// answer, asked again only while none has come, and ends at the server when the loop over it is
/// left; the server sends on as answers are read.
public struct ReplyStream<Reply: Message>: AsyncSequence, Sendable {
  fileprivate let answers: AnswerStream

  /// Belongs to one task.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var answers: AnswerStream.AsyncIterator

    /// The next answer; nil when the stream is at its end.
    ///
    /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away,
    ///   `CancellationError` when the task was cancelled, `DecodeFailure` where an answer is not
    ///   what the schema says.
    public mutating func next() async throws -> Reply? {
      guard let bytes = try await answers.next() else { return nil }
      return try Codec.decode(Reply.self, from: bytes)
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(answers: answers.makeAsyncIterator())
  }
}

extension RegistryClient {
  /// What the typed calls of the streaming methods are made of.
  func replies<Question: Message, Reply: Message>(
    _ method: Method, _ question: Question, _ options: CallOptions
  ) -> ReplyStream<Reply> {
    ReplyStream(answers: stream(method.rawValue, Codec.encode(question), options))
  }
}
