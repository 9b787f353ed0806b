import JSON
import Messages
import UjuziClient
import Wire

/// What asking about a credential comes to, in words that stay the same: `valid`, `not_valid` or
/// `no_answer`, and why.
struct VerifyOutcome {
  enum Word: String {
    case valid
    case notValid = "not_valid"
    case noAnswer = "no_answer"
  }

  let word: Word
  /// Why it is not valid or was not answered, the gravest first; empty where it is valid.
  let causes: [String]

  /// Valid is what stands that day, rests on what stands, and is somebody's: the presenter's where
  /// one is named.
  init(_ reply: VerifyCredentialReply) {
    var causes: [String] = []
    if reply.status != .valid { causes.append(reply.status.name) }
    if reply.holderMatches == .no { causes.append("holder_differs") }
    if reply.holderVoided { causes.append("holder_voided") }
    if reply.evidenceWithdrawn { causes.append("evidence_withdrawn") }
    self.causes = causes
    word = causes.isEmpty ? .valid : .notValid
  }

  /// - Parameter error: why there is no answer.
  init(_ error: any Error) {
    word = .noAnswer
    causes = [Self.cause(error)]
  }

  /// What names no credential, or not as the registry could be asked.
  static let malformed = VerifyOutcome(DecodeFailure(.malformed, "", ""))

  private static func cause(_ error: any Error) -> String {
    switch error {
    case is ConnectionFailure: return "not_reached"
    case is DecodeFailure: return "malformed"
    case let status as CallStatus:
      switch status.code {
      case .unavailable, .deadlineExceeded, .cancelled: return "not_reached"
      case .invalidArgument: return "malformed"
      case .permissionDenied, .unauthenticated, .resourceExhausted, .failedPrecondition,
        .outOfRange, .notFound, .alreadyExists, .aborted, .unimplemented:
        return "refused"
      case .ok, .unknown, .internal, .dataLoss: return "failed"
      }
    default: return "failed"
    }
  }

  var status: ExitStatus {
    switch word {
    case .valid: .answered
    case .notValid: .negative
    case .noAnswer: .unanswered
    }
  }

  var text: String {
    "outcome    \(word.rawValue)"
      + (causes.isEmpty ? "" : ": \(causes.joined(separator: ", "))")
  }

  var json: [(name: String, value: JSONText)] {
    [
      ("outcome", .string(word.rawValue)),
      ("causes", .array(causes.map { .string($0) })),
    ]
  }
}
