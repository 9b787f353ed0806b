import Messages
import Registry
import Server
import Wire

@testable import Queries
@testable import RegistryStorage

/// Asks the registry through the doors that callers have, and writes its answers out in the words
/// of the oracle.
final class Asker {
  private let session: ReadSession
  private let sessions: ReadSessionPool
  private let streams: QueryDispatcher
  private let store: RegistryStore

  /// - Parameter remembering: answers that were given are kept, as the server keeps them.
  init(_ registry: OracleRegistry, remembering: Bool) throws {
    store = registry.store
    session = try ReadSession(store, answerBytes: remembering ? 1 << 20 : 0)
    sessions = ReadSessionPool(store)
    streams = QueryDispatcher(
      sessions, commits: CommitSignal(), notifier: SubscriptionNotifier(store),
      memory: QueryMemory())
  }

  func end() {
    session.end()
    sessions.end()
  }

  func onLoop<Q: Message, A: Message>(_ method: Method, _ question: Q, _ type: A.Type) throws -> A {
    try session.read { _ in
      var reply: [UInt8] = []
      let request = Codec.encode(question)
      if let status = session.answer(method.rawValue, unsafe request.span.bytes, into: &reply) {
        throw status
      }
      return try Codec.decode(A.self, from: reply)
    }
  }

  func deferred<Q: Message, A: Message>(_ method: Method, _ question: Q, _ type: A.Type) throws -> A
  {
    if case .inSlices = method.handler {
      guard let answer = try pages(method, question, type).last else {
        throw NoAnswer(text: method.name)
      }
      return answer
    }
    guard case .deferred(let answer) = method.handler else { throw NoAnswer(text: method.name) }
    do {
      return try session.read { _ in
        try Codec.decode(A.self, from: try answer(session, Codec.encode(question)))
      }
    } catch {
      throw CallStatus(of: error)
    }
  }

  func pages<Q: Message, P: Message>(_ method: Method, _ question: Q, _ type: P.Type) throws -> [P]
  {
    let stream = try streams.open(method, Codec.encode(question))
    defer { stream.close() }
    var pages: [P] = []
    while true {
      switch try stream.next(TimeSlice()) {
      case .message(let bytes): pages.append(try Codec.decode(P.self, from: bytes))
      case .working: continue
      case .idle: return pages
      case .end(let bytes):
        if let bytes { pages.append(try Codec.decode(P.self, from: bytes)) }
        return pages
      }
    }
  }

  struct NoAnswer: Error { var text: String }
}

/// When a question is about: the day, and what was known.
struct Moment {
  var day: Day
  /// Nil: all that is known.
  var position: UInt64?
}

extension Asker {
  func verified(
    _ which: VerifyCredentialRequest.Which, holder: SchemeValue? = nil, _ at: Moment
  ) throws -> [String] {
    let reply = try onLoop(
      .verifyCredential,
      VerifyCredentialRequest(
        which: which, holder: holder, on: at.day, atPosition: at.position),
      VerifyCredentialReply.self)
    guard reply.status != .unknown else { return ["status unknown"] }
    var lines = [
      "status \(reply.status.name)", "since \(Words.day(reply.since))",
      "holder \(reply.holder?.text ?? "-")", "issuer \(reply.issuer?.text ?? "-")",
      "number \(reply.number)", "courses \(Words.list(reply.courses))",
      "skills \(Words.list(reply.skills))", "awarded \(Words.day(reply.awardedOn))",
      "from \(Words.day(reply.validFrom))", "until \(Words.day(reply.validUntil))",
      "by event \(reply.position)", "reason \(reply.reason?.text ?? "none")",
    ]
    if reply.holderVoided { lines.append("holder voided") }
    if reply.evidenceWithdrawn { lines.append("evidence withdrawn") }
    if reply.unrecognised { lines.append("unrecognised") }
    if let by = reply.recognisedBy { lines.append("recognised by \(by.text)") }
    if let by = reply.supersededBy { lines.append("superseded by \(by.text)") }
    if let matches = reply.holderMatches { lines.append("holder matches \(matches.name)") }
    return lines
  }

  func line(_ skill: SkillLine) -> String {
    "\(skill.framework.text)/\(skill.skill.text) level \(skill.level) \(skill.holding.name) "
      + "\(skill.strength.name) since \(Words.day(skill.since)) lapsed "
      + "\(Words.day(skill.lapsedOn)) by \(Words.list(skill.evidence))"
      + (skill.unrecognised ? " unrecognised" : "")
  }

  func profile(_ officer: Identifier, _ at: Moment) throws -> [String] {
    let reply = try onLoop(
      .getProfile,
      GetProfileRequest(who: .officer(officer), on: at.day, atPosition: at.position),
      GetProfileReply.self)
    guard let person = reply.officer else { return ["nobody"] }
    var lines = [
      "officer \(person.text)", "standing \(reply.standing?.name ?? "-")",
      "posting \(Words.posting(reply.posting))", "merged \(Words.list(reply.merged))",
      "policy \(reply.policyVersion)",
    ]
    lines += reply.skills.map { "skill " + line($0) }
    for training in reply.trainings {
      let completed = training.completion.map {
        "\($0.day.text) event \($0.position) \($0.result.name) \($0.score.map(String.init) ?? "-")"
      }
      lines.append(
        "training \(training.enrolment.text) in \(training.cohort.text) of "
          + "\(training.course?.text ?? "-") \(training.edition) by "
          + "\(training.organisation?.text ?? "-") \(training.status.name) since "
          + "\(Words.day(training.since)) completed \(completed ?? "no") awards "
          + "\(Words.list(training.awards)) under \(Words.list(training.agreements))"
          + (training.unrecognised ? " unrecognised" : ""))
    }
    for credential in reply.credentials {
      lines.append(
        "credential \(credential.credential.text) \(credential.status.name) since "
          + "\(Words.day(credential.since)) \(credential.issuer?.text ?? "-") \(credential.number) "
          + "until \(Words.day(credential.validUntil)) recognised by "
          + "\(credential.recognisedBy?.text ?? "nobody")"
          + (credential.evidenceWithdrawn ? " evidence withdrawn" : ""))
    }
    for paper in reply.submissions {
      lines.append(
        "paper \(paper.submission.text) \(paper.status.name) since \(Words.day(paper.since))")
    }
    for claim in reply.claims {
      lines.append(
        "claim \(claim.claim.text) \(claim.status.name) \(claim.skill.map(Words.skill) ?? "-") since "
          + Words.day(claim.since))
    }
    return lines
  }

  func has(_ officer: Identifier, _ skill: SkillLevel, _ at: Moment) throws -> [String] {
    let reply: HasSkillReply
    do {
      reply = try onLoop(
        .hasSkill,
        HasSkillRequest(
          who: .officer(officer), skill: skill, on: at.day, atPosition: at.position),
        HasSkillReply.self)
    } catch let status as CallStatus where status.code == .notFound {
      return ["there is no officer"]
    }
    return [reply.has ? "yes by \(Words.list(reply.evidence))" : "no"]
  }
}
