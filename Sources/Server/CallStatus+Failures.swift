import Messages
import Queries
import Recording
import Wire

/// What a caller is told of a failure: the one place where the failures of those who read and who
/// record become statuses of the protocol.
extension CallStatus {
  /// Of any error that an answer may end with.
  package init(of error: any Error) {
    self = error as? CallStatus ?? CallStatus(QueryFailure(of: error))
  }

  init(_ failure: QueryFailure) {
    switch failure {
    case .invalid(let sentence, let field, let rule):
      self.init(.invalidArgument, sentence, field: field, rule: rule)
    case .notFound(let sentence, let field, let rule):
      self.init(.notFound, sentence, field: field, rule: rule)
    case .outOfRange(let sentence, let field, let rule):
      self.init(.outOfRange, sentence, field: field, rule: rule)
    case .otherLog(let sentence, let field):
      self.init(.failedPrecondition, sentence, field: field, rule: .cursorLog)
    case .behind(let sentence, let field):
      self.init(
        .unavailable, sentence, field: field, rule: .atLeast, retryAfterMs: 20, notProcessed: true)
    case .tooMuch(let sentence, let field, let rule, let retryAfterMs):
      self.init(
        .resourceExhausted, sentence, field: field, rule: rule, retryAfterMs: retryAfterMs)
    case .unavailable(let sentence, let rule, let retryAfterMs):
      self.init(.unavailable, sentence, rule: rule, retryAfterMs: retryAfterMs)
    case .damaged(let sentence, let rule): self.init(.dataLoss, sentence, rule: rule)
    case .broken(let sentence): self.init(.internal, sentence, rule: .failure)
    }
  }

  init(_ failure: RecordFailure) {
    switch failure {
    case .refused(let refusal): self.init(of: refusal)
    case .notRecorded(_, let mayRetry):
      self.init(
        mayRetry ? .unavailable : .failedPrecondition, failure.sentence,
        rule: mayRetry ? .notRecorded : .notRecordable, retryAfterMs: mayRetry ? 1000 : 0,
        notProcessed: mayRetry)
    case .outcomeUnknown: self.init(.unknown, failure.sentence, rule: .outcomeUnknown)
    case .busy:
      self.init(
        .resourceExhausted, failure.sentence,
        rule: .queuedBytesMax, retryAfterMs: 100, notProcessed: true)
    case .closed:
      self.init(
        .unavailable, failure.sentence, rule: .recordingStopped, retryAfterMs: 5000,
        notProcessed: true)
    }
  }
}
