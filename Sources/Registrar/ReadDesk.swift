import EventLog
import Foundation
import LMDB
import Messages
import Projections
import Registry
import Wire

/// Reads the registry for one thread: renewed for each batch of questions, at rest between them.
public final class ReadDesk {
  let store: RegistryStore
  private let views: Views
  private let reader: Reader
  private let log: LogReader
  let arena = Arena()
  /// For requests that are decoded off the loop.
  public var scratch: Arena { arena }
  private var current: RegistryReader?
  private var todayUntil: Double = 0
  private var todayCached = Day.distantPast
  private var recognised: [RecognitionKey: Bool] = [:]
  private var recognisedFor: LogPosition = .max
  private var profiles = ProfileCache()

  private struct RecognitionKey: Hashable {
    var cohort: UInt64
    var day: UInt32
  }

  public init(_ store: RegistryStore) throws {
    self.store = store
    views = unsafe store.views
    reader = try views.environment.makeReader()
    log = try unsafe store.log.makeReader()
  }

  /// Frees the desk's places in the stores; nothing may follow.
  public func end() {
    reader.end()
    log.end()
  }

  public func beginBatch() throws {
    precondition(current == nil)
    // The shared streams are published before the views that go with them, so that a second look
    // always finds a pair.
    for _ in 0..<1000 {
      let snapshot = try reader.begin()
      let asOf = try views.position(snapshot)
      if let catalogue = store.catalogue(for: asOf) {
        current = RegistryReader(
          views: views, snapshot: snapshot, catalogue: catalogue, log: log, arena: arena,
          asOf: asOf)
        if recognisedFor != catalogue.changedAt {
          recognised.removeAll(keepingCapacity: true)
          recognisedFor = catalogue.changedAt
          todayUntil = 0
        }
        return
      }
      reader.rest()
    }
    throw CallStatus(.unavailable, "The registry is too busy to be read.", retryAfterMs: 100)
  }

  public func endBatch() {
    current = nil
    reader.rest()
  }

  /// Answers from one fresh snapshot.
  public func read<R>(_ body: (RegistryReader) throws -> R) throws -> R {
    try beginBatch()
    defer { endBatch() }
    return try body(current!)
  }

  var records: RegistryReader {
    guard let current else { preconditionFailure("a batch is begun before it is asked") }
    return current
  }

  /// Today in the registry's time zone, computed once a minute.
  var today: Day {
    let now = Date().timeIntervalSince1970
    if now >= todayUntil {
      todayCached = RegistryStore.today(in: records.catalogue)
      todayUntil = (now / 60).rounded(.down) * 60 + 60
    }
    return todayCached
  }

  // MARK: answers on the loop

  public func answer(
    _ method: UInt32, _ request: RawSpan, into reply: inout [UInt8]
  ) -> CallStatus? {
    do {
      switch Method(rawValue: method) {
      case .check:
        Codec.encode(
          HealthReply(serving: .yes, asOf: records.asOf), into: &reply, arena: arena)
      case .verifyCredential: try verify(request, into: &reply)
      case .getProfile: try profile(request, into: &reply)
      case .hasSkill: try hasSkill(request, into: &reply)
      case .resolveOfficer: try resolve(request, into: &reply)
      default: return CallStatus(.unimplemented, "There is no such method.", notProcessed: true)
      }
      return nil
    } catch {
      return CallStatus(of: error)
    }
  }

  func decode<M: Message>(_ type: M.Type, _ request: RawSpan) throws(Refusal) -> M {
    try Codec.decode(type, from: request, arena: arena, unknownFields: .ignored)
  }

  /// Read your own writes: what is asked for must be known here.
  func check(atLeast: UInt64, at position: UInt64? = nil) throws(CallStatus) {
    guard atLeast <= records.asOf else {
      throw CallStatus(
        .unavailable, "This server knows \(records.asOf) events, not \(atLeast) yet.",
        field: "at_least", retryAfterMs: 20, notProcessed: true)
    }
    guard position ?? 0 <= records.asOf else {
      throw CallStatus(
        .outOfRange, "The log has \(records.asOf) events.", field: "at_position")
    }
  }

  private func verify(_ request: RawSpan, into reply: inout [UInt8]) throws {
    // The hot path: no value is made of the request, and the reply is copied from the map.
    let plain = try VerifyQuestion(request, arena: arena)
    if let key = plain.credential, !plain.needsMore, plain.atLeast <= records.asOf {
      let day = plain.on == 0 ? today.number : plain.on
      let start = reply.count
      let hit = try views.copyVerifyRow(key, on: day, records.snapshot, into: &reply) {
        isRecognised($0, $1, completedOn: $2)
      }
      // A record that was ever merged is found under different ids on different days.
      if hit, !isMerged(holderIn: reply, from: start) {
        Splice.append(15, records.asOf, to: &reply)
        return
      }
      reply.removeSubrange(start...)
    }
    let question = try decode(VerifyCredentialRequest.self, request)
    Codec.encode(try verify(question), into: &reply, arena: arena)
  }

  private func isMerged(holderIn reply: [UInt8], from start: Int) -> Bool {
    let merges = records.catalogue.merges
    guard !merges.isEmpty else { return false }
    let answer = Array(reply[start...])
    return Splice.find(3, in: unsafe answer.span.bytes).map { range in
      Identifier(String(decoding: answer[range], as: UTF8.self)).map(merges.concerns) ?? false
    } ?? false
  }

  private func isRecognised(_ hash: UInt64, _ cohort: () -> Identifier?, completedOn day: UInt32)
    -> Bool
  {
    let key = RecognitionKey(cohort: hash, day: day)
    if let known = recognised[key] { return known }
    var answer = false
    if let cohort = cohort(), let completedOn = Day(yyyymmdd: day) {
      answer = records.catalogue.isRecognised(cohort: cohort, completedOn: completedOn)
    }
    if recognised.count > 100_000 { recognised.removeAll(keepingCapacity: true) }
    recognised[key] = answer
    return answer
  }

  func verify(_ question: VerifyCredentialRequest) throws -> VerifyCredentialReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let records = self.records
    let position = question.atPosition ?? records.asOf
    let day = question.on ?? today
    let key: Identifier?
    switch question.which {
    case .credential(let given): key = given
    case .certificate(let given):
      key = try views.credential(issuer: given.issuer, number: given.number, records.snapshot)
    }
    var reply = VerifyCredentialReply(status: .unknown, credential: key, asOf: position)
    guard let key,
      let state = try records.state(
        of: StreamID(.credential, key), on: day, knownAt: position)?.credential
    else { return reply }
    let evidence = try records.evidence(of: key, state, on: day, knownAt: position)
    let holder = records.catalogue.merges.owner(
      of: StreamID(.credential, key), naming: state.terms.holder, on: day, knownAt: position)
    reply = VerifyRow.reply(state, key, on: day, evidence: evidence, holder: holder)
    reply.asOf = position
    reply.unrecognised = evidence.trainings.contains {
      !records.catalogue.isRecognised(
        cohort: $0.cohort, completedOn: $0.completedOn, knownAt: position)
    }
    if let holder = question.holder {
      let presented = try officer(holder).map {
        records.catalogue.merges.survivor(of: $0, on: day, knownAt: position)
      }
      reply.holderMatches = presented == reply.holder ? .yes : .no
    }
    return reply
  }

  func officer(_ identifier: SchemeValue) throws -> Identifier? {
    let blind = store.vault.blindIndex(scheme: identifier.scheme.text, value: identifier.value)
    return try views.officer(blind: blind, records.snapshot)
  }

  private func resolve(_ request: RawSpan, into reply: inout [UInt8]) throws {
    let question = try decode(ResolveOfficerRequest.self, request)
    try check(atLeast: question.atLeast)
    Codec.encode(
      ResolveOfficerReply(
        officer: try officer(question.identifier).map {
          records.catalogue.merges.survivor(of: $0, on: today)
        }, asOf: records.asOf),
      into: &reply, arena: arena)
  }

  private func profile(_ request: RawSpan, into reply: inout [UInt8]) throws {
    let question = try decode(GetProfileRequest.self, request)
    try check(atLeast: question.atLeast, at: question.atPosition)
    guard let officer = try who(question.who) else {
      return Codec.encode(
        GetProfileReply(
          policyVersion: records.catalogue.policy(on: question.on ?? today).version,
          asOf: records.asOf), into: &reply, arena: arena)
    }
    let day = question.on ?? today
    let position = question.atPosition ?? records.asOf
    if question.atPosition == nil, question.into == nil {
      var touched: LogPosition = 0
      for record in records.catalogue.merges.related(to: officer) {
        touched = max(touched, try views.lastTouch(of: record, records.snapshot))
      }
      let stamp = ProfileCache.Stamp(
        touched: touched, catalogue: records.catalogue.changedAt, day: day)
      if let known = profiles[officer, stamp] {
        reply += known
        Splice.append(15, position, to: &reply)
        return
      }
      let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
      let start = reply.count
      Codec.encode(profile.reply(asOf: 0), into: &reply, arena: arena)
      profiles[officer, stamp] = Array(reply[start...])
      Splice.append(15, position, to: &reply)
      return
    }
    let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
    Codec.encode(
      profile.reply(asOf: position, into: question.into), into: &reply, arena: arena)
  }

  private func who(_ who: GetProfileRequest.Who) throws -> Identifier? {
    switch who {
    case .officer(let id): id
    case .identifier(let given): try officer(given)
    }
  }

  private func hasSkill(_ request: RawSpan, into reply: inout [UInt8]) throws {
    let question = try decode(HasSkillRequest.self, request)
    try check(atLeast: question.atLeast, at: question.atPosition)
    let position = question.atPosition ?? records.asOf
    var answer = HasSkillReply(asOf: position)
    let id: Identifier? =
      switch question.who {
      case .officer(let id): id
      case .identifier(let given): try officer(given)
      }
    if let id {
      let profile = try Profile(
        of: id, on: question.on ?? today, knownAt: position, from: records)
      let held = profile.skills.first {
        $0.skill.framework == question.skill.framework && $0.skill.skill == question.skill.skill
          && $0.skill.level >= question.skill.level && $0.holding != .lapsed
      }
      answer.has = held != nil
      answer.evidence = held?.evidence ?? []
    }
    Codec.encode(answer, into: &reply, arena: arena)
  }
}

extension CallStatus {
  /// What a caller is told of an error, whatever its kind.
  public init(of error: any Error) {
    switch error {
    case let status as CallStatus: self = status
    case let refusal as Refusal:
      self.init(
        .invalidArgument, refusal.sentence, field: refusal.path, rule: refusal.problem.rawValue)
    case let failure as StoreFailure:
      self.init(
        failure.mayRetry ? .unavailable : .internal, failure.sentence,
        retryAfterMs: failure.mayRetry ? 1000 : 0)
    default: self.init(.internal, "The answer could not be computed: \(error).")
    }
  }
}
