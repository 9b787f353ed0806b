import LMDB
import Messages
import Queries
import Server
import Testing
import Vault
import Wire

/// What a caller is told of each failure of the read model.
struct FailureStatusTests {
  private struct Unheard: Error {}

  @Test func `Each failure of the read model has a status of its own`() {
    let rows: [(any Error, CallStatus)] = [
      (
        QueryFailure.invalid("No.", field: "kinds", rule: .streamKind),
        CallStatus(.invalidArgument, "No.", field: "kinds", rule: "stream_kind")
      ),
      (
        QueryFailure.invalid("No.", field: "from"),
        CallStatus(.invalidArgument, "No.", field: "from", rule: "question")
      ),
      (
        QueryFailure.notFound("No.", field: "mandate"),
        CallStatus(.notFound, "No.", field: "mandate", rule: "no_such_name")
      ),
      (
        QueryFailure.outOfRange("No.", field: "from"),
        CallStatus(.outOfRange, "No.", field: "from", rule: "log_end")
      ),
      (
        QueryFailure.otherLog("No.", field: "cursor"),
        CallStatus(.failedPrecondition, "No.", field: "cursor", rule: "cursor_log")
      ),
      (
        QueryFailure.behind("No.", field: "at_least"),
        CallStatus(
          .unavailable, "No.", field: "at_least", rule: "at_least", retryAfterMs: 20,
          notProcessed: true)
      ),
      (
        QueryFailure.tooMuch("No.", rule: .queryMemoryMax, retryAfterMs: 1000),
        CallStatus(.resourceExhausted, "No.", rule: "query_memory_max", retryAfterMs: 1000)
      ),
      (
        QueryFailure.unavailable("No.", retryAfterMs: 100),
        CallStatus(.unavailable, "No.", rule: "busy", retryAfterMs: 100)
      ),
      (
        QueryFailure.damaged("No.", rule: .viewsAhead),
        CallStatus(.dataLoss, "No.", rule: "views_ahead")
      ),
      (QueryFailure.damaged("No."), CallStatus(.dataLoss, "No.", rule: "damage")),
      (QueryFailure.broken("No."), CallStatus(.internal, "No.", rule: "failure")),
      (
        DecodeFailure(.missing, "who", "is missing"),
        CallStatus(
          .invalidArgument, "The field who is missing.", field: "who", rule: "missing")
      ),
      (
        DecodeFailure(.outOfRange, "within_days", "is 40000, outside 0 to 36600"),
        CallStatus(
          .invalidArgument, "The field within_days is 40000, outside 0 to 36600.",
          field: "within_days", rule: "out_of_bounds")
      ),
      (VaultFailure(.io, "No."), CallStatus(.internal, "No.", rule: "failure")),
      (
        Unheard(),
        CallStatus(
          .internal,
          "The answer could not be computed: something failed that there are no words for "
            + "(Unheard).", rule: "failure")
      ),
    ]
    for (failure, status) in rows { #expect(CallStatus(of: failure) == status, "\(failure)") }
  }

  @Test func `A failure of the store is damage, or passes, or neither`() {
    let kinds: [(StoreFailure.Kind, StatusCode, UInt32)] = [
      (.corrupt, .dataLoss, 0), (.readersFull, .unavailable, 1000), (.mapFull, .internal, 0),
    ]
    for (kind, code, retryAfterMs) in kinds {
      let status = CallStatus(of: StoreFailure(kind, doing: "Reading the views"))
      #expect(status.code == code && status.retryAfterMs == retryAfterMs, "\(kind)")
      #expect(status.message.hasPrefix("Reading the views: "))
    }
  }

  @Test func `What the read model gives whole, a frame holds`() {
    let limits = Limits()
    #expect(ReadSession.wholeBytesMax == limits.frameLengthMax)
    #expect(TimeSlice.bytesMax == limits.messageBytesMax)
  }
}
