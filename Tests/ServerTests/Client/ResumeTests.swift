import Messages
import Testing
import UjuziClient
import Wire

/// Which errors a watcher goes on after.
struct ResumeTests {
  @Test func `A stream goes on after what passes, and after nothing else`() {
    let goesOn: [any Error] = [
      CallStatus(.unavailable, "The server is stopping."),
      CallStatus(.deadlineExceeded, "Late."), CallStatus(.cancelled, "Gone."),
      CallStatus(.resourceExhausted, "Too many.", retryAfterMs: 100),
      CallStatus(.resourceExhausted, "Too many.", notProcessed: true),
      ConnectionFailure(sentence: "The server closed the connection."),
    ]
    for error in goesOn { #expect(Retry.mayResume(after: error), "\(error)") }
    let ends: [StatusCode] = [
      .ok, .unknown, .invalidArgument, .notFound, .alreadyExists, .permissionDenied,
      .resourceExhausted, .failedPrecondition, .aborted, .outOfRange, .unimplemented, .internal,
      .dataLoss, .unauthenticated,
    ]
    for code in ends {
      #expect(!Retry.mayResume(after: CallStatus(code, "No.")), "\(code)")
    }
    #expect(
      Set(ends + [.unavailable, .deadlineExceeded, .cancelled]).count == StatusCode.allCases.count)
    #expect(
      !Retry.mayResume(after: ConnectionFailure(sentence: "Nobody knows you.", mayRetry: false)))
    #expect(!Retry.mayResume(after: CancellationError()))
    #expect(!Retry.mayResume(after: DecodeFailure(.missing, "changes", "is missing")))
  }
}
