import EventLog
import Failures
import LMDB
import Messages
import RegistryStorage
import Vault

/// Why the read model gives no answer.
///
/// Each says in a sentence what is wrong and what to do, and names the field of the question that
/// is meant, where there is one, and the rule that said no. Whoever serves the question says it in
/// the words of a protocol.
package enum QueryFailure: ExplainedError, Hashable, Sendable {
  /// The question means nothing, whatever is recorded.
  case invalid(String, field: String, rule: ProtocolRule = .question)
  /// Nothing that is known goes by that name.
  case notFound(String, field: String, rule: ProtocolRule = .noSuchName)
  /// A position beyond the end of the log, or too far before it.
  case outOfRange(String, field: String, rule: ProtocolRule = .logEnd)
  /// A cursor or a token of another log: one of another registry, or one that an older log has
  /// taken the place of.
  case otherLog(String, field: String)
  /// The caller has seen more than is known here yet: nothing was looked at, and soon it will be.
  case behind(String, field: String)
  /// More than a query or an answer may hold; with a time where others have it for the moment.
  case tooMuch(String, field: String = "", rule: ProtocolRule, retryAfterMs: UInt32 = 0)
  /// Not now.
  case unavailable(String, rule: ProtocolRule = .busy, retryAfterMs: UInt32)
  /// What is stored is not what was written.
  case damaged(String, rule: ProtocolRule = .damage)
  /// Anything else, which does not pass by itself.
  case broken(String)

  /// What is said of an error that was met on the way, whatever its kind.
  package init(of error: any Error) {
    self =
      switch error {
      case let failure as QueryFailure: failure
      case let refusal as DecodeFailure:
        .invalid(refusal.sentence, field: refusal.path, rule: refusal.problem.rule)
      case let failure as StoreFailure where failure.mayRetry:
        .unavailable(ClientSentence.of(failure), retryAfterMs: 1000)
      case let failure as StoreFailure:
        failure.isDamage
          ? .damaged(ClientSentence.of(failure)) : .broken(ClientSentence.of(failure))
      case let failure as LogFailure: .damaged(ClientSentence.of(failure))
      case let failure as VaultFailure: .broken(ClientSentence.of(failure))
      default: .broken("The answer could not be computed: \(ClientSentence.of(error))")
      }
  }

  package var sentence: String {
    switch self {
    case .invalid(let sentence, _, _), .notFound(let sentence, _, _),
      .outOfRange(let sentence, _, _), .otherLog(let sentence, _), .behind(let sentence, _),
      .tooMuch(let sentence, _, _, _), .unavailable(let sentence, _, _), .damaged(let sentence, _),
      .broken(let sentence):
      sentence
    }
  }

  package var mayRetry: Bool {
    switch self {
    case .behind, .unavailable, .tooMuch: true
    case .invalid, .notFound, .outOfRange, .otherLog, .damaged, .broken: false
    }
  }
}
