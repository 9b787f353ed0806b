import EventLog
import Foundation
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// A read session for one thread: its snapshot is renewed for each batch of requests and released
/// between batches.
package final class ReadSession {
  let store: RegistryStore
  let views: Views
  private let reader: Reader
  let log: LogReader
  /// What its requests are decoded with, and its answers encoded.
  package let arena = Arena()
  /// Of the latest batch. Kept, so that a batch without new commits reuses it.
  private var latest: RegistryReader?
  /// Of the latest batch too, by themselves: to copy a reader costs more than to copy an answer.
  package private(set) var asOf: LogPosition = 0
  private(set) var snapshot: Snapshot?
  private(set) var sharedStreamsChangedAt: LogPosition = 0
  private var isReading = false
  var hasMerges = false
  /// Somebody's registration was voided.
  var hasUnregistered = false
  /// The minute for which today is known, in milliseconds since 1970; empty: none.
  private var todayWhile: Range<Int64> = 0..<0
  private var todayCached = Day.distantPast
  /// The clock was looked at in this batch.
  private var todayIsSure = false
  var recognised = RecognitionCache()
  private var recognisedFor: LogPosition = .max
  var profiles: ProfileCacheReader?
  let answers: ReplyCache?

  /// - Parameter answerBytes: for answers that were given before; 0: none are remembered.
  package init(_ store: RegistryStore, answerBytes: Int = 0) throws {
    self.store = store
    answers = ReplyCache(bytes: answerBytes)
    views = unsafe store.views
    reader = try views.environment.makeReader()
    log = try unsafe store.log.makeReader()
    profiles = store.profiles.makeReader()
  }

  /// Frees the session's reader slots in the stores; the session must not be used after it.
  package func end() {
    reader.end()
    log.end()
    profiles?.end()
  }

  package func beginBatch() throws {
    precondition(!isReading)
    // Shared streams are published before the matching views, so that a retry always finds a
    // matching pair.
    for _ in 0..<1000 {
      let snapshot = try reader.begin()
      let asOf = try views.position(snapshot)
      // The reader gives the same object each time, renewed.
      if self.snapshot != nil, self.asOf == asOf { return begun() }
      if let sharedStreams = store.sharedStreams(for: asOf) {
        do {
          try checkLog(reaches: asOf)
        } catch {
          reader.rest()
          throw error
        }
        latest = RegistryReader(
          views: views, snapshot: snapshot, sharedStreams: sharedStreams, log: log, arena: arena,
          asOf: asOf)
        self.snapshot = snapshot
        self.asOf = asOf
        sharedStreamsChangedAt = sharedStreams.changedAt
        hasMerges = !sharedStreams.merges.isEmpty
        hasUnregistered = try views.hasUnregistered(snapshot)
        if recognisedFor != sharedStreams.changedAt {
          recognised.removeAll()
          recognisedFor = sharedStreams.changedAt
          todayWhile = 0..<0
        }
        return begun()
      }
      reader.rest()
    }
    throw QueryFailure.unavailable("The registry is too busy to be read.", retryAfterMs: 100)
  }

  /// Views that know more than there is would have every question that goes through the log go on
  /// for ever. The log is committed first, so that whole views are never ahead of it.
  private func checkLog(reaches asOf: LogPosition) throws {
    let end = try log.endPosition()
    guard asOf > end else { return }
    throw QueryFailure.damaged(
      "The views say that they know \(asOf) events, and the log has \(end): their row "
        + "\"position\" is damaged. Stop the server and start it again: they are then computed anew.",
      rule: .viewsAhead)
  }

  private func begun() {
    isReading = true
    todayIsSure = false
  }

  package func endBatch() {
    isReading = false
    reader.rest()
    profiles?.rest()
  }

  /// Answers from one fresh snapshot.
  package func read<R>(_ body: (RegistryReader) throws -> R) throws -> R {
    try beginBatch()
    defer { endBatch() }
    return try body(readModel)
  }

  var readModel: RegistryReader {
    guard isReading, let latest else { preconditionFailure("a batch is begun before it is asked") }
    return latest
  }

  /// Today in the registry's time zone, computed once a minute; the same in a whole batch.
  var today: Day {
    if todayIsSure { return todayCached }
    let now = store.clock.nowMs()
    // A clock may also be set back.
    if !todayWhile.contains(now) {
      todayCached = TimeSource.day(of: now, in: RegistryStore.timeZone(in: readModel.sharedStreams))
      let minute = now - now % 60_000
      todayWhile =
        (0...TimeSource.lastMs).contains(now) ? minute..<(minute + 60_000) : 0..<0
    }
    todayIsSure = true
    return todayCached
  }

  // MARK: answers on the loop

  package func health(_ request: RawSpan, into reply: inout [UInt8]) throws {
    _ = try decode(HealthRequest.self, request)
    let word = store.readiness.word
    Codec.encode(
      HealthReply(serving: word.serving, detail: word.detail, asOf: readModel.asOf),
      into: &reply, arena: arena)
  }

  package func decode<M: Message>(
    _ type: M.Type, _ request: RawSpan
  ) throws(DecodeFailure) -> M {
    try Codec.decode(type, from: request, arena: arena, unknownFields: .ignored)
  }

  /// Read your own writes: what is asked for must be known here.
  func check(atLeast: UInt64, at position: UInt64? = nil) throws(QueryFailure) {
    guard atLeast <= readModel.asOf else {
      throw .behind(
        "This server knows \(readModel.asOf) events, not \(atLeast) yet.", field: "at_least")
    }
    guard position ?? 0 <= readModel.asOf else {
      throw .outOfRange("The log has \(readModel.asOf) events.", field: "at_position")
    }
  }

  func verify(_ question: VerifyCredentialRequest) throws -> VerifyCredentialReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let readModel = self.readModel
    let position = question.atPosition ?? readModel.asOf
    let day = question.on ?? today
    let key: Identifier?
    switch question.which {
    case .credential(let given): key = given
    case .certificate(let given):
      key = try readModel.credential(
        issuer: given.issuer, number: given.number, knownAt: position)
    }
    var reply = VerifyCredentialReply(status: .unknown, credential: key, asOf: position)
    guard let key,
      let state = try readModel.state(
        of: StreamID(.credential, key), on: day, knownAt: position)?.credential
    else { return reply }
    let evidence = try readModel.evidence(of: key, state, on: day, knownAt: position)
    let holder = readModel.sharedStreams.merges.owner(
      of: StreamID(.credential, key), naming: state.terms.holder, on: day, knownAt: position)
    reply = VerifyRow.reply(state, key, on: day, evidence: evidence, holder: holder)
    reply.asOf = position
    reply.holderVoided = try readModel.isUnregistered(holder, knownAt: position)
    if case .certificate(let given) = question.which, given.number != state.terms.number {
      reply.writtenAs = state.terms.number
    }
    reply.unrecognised = evidence.trainings.contains {
      !readModel.sharedStreams.isRecognised(
        cohort: $0.cohort, completedOn: $0.completedOn, knownAt: position)
    }
    let facts = RecordedFacts(readModel, knownAt: position, today: .distantFuture)
    let found = Plausibility.contradictions(
      of: state, StreamID(.credential, key), given: facts)
    if let failure = facts.failure { throw failure }
    reply.findings = readModel.sharedStreams.open(
      found, of: state.issuedEvent, on: day, knownAt: position)
    if let holder = question.holder {
      let presented = try officer(holder, on: day, knownAt: position).map {
        readModel.sharedStreams.merges.survivor(of: $0, on: day, knownAt: position)
      }
      reply.holderMatches = presented == reply.holder ? .yes : .no
    }
    return reply
  }

  /// Whose record an identifier finds: who has it on the day, by what was known at the position.
  func officer(
    _ identifier: SchemeValue, on day: Day, knownAt position: LogPosition
  ) throws -> Identifier? {
    let (readModel, vault) = (readModel, store.vault)
    return try readModel.officer(
      with: vault.blind(identifier), on: day, knownAt: position
    ) { place in
      let stored = try readModel.stored(place)
      let personal = try vault.personal(of: stored, in: readModel.log, arena: readModel.arena)
      return personal?.identifiers.contains(identifier) ?? false
    }
  }

  package func resolve(_ request: RawSpan, into reply: inout [UInt8]) throws {
    let question = try decode(ResolveOfficerRequest.self, request)
    try check(atLeast: question.atLeast, at: question.atPosition)
    let (day, position) = (question.on ?? today, question.atPosition ?? readModel.asOf)
    Codec.encode(
      ResolveOfficerReply(
        officer: try officer(question.identifier, on: day, knownAt: position).map {
          readModel.sharedStreams.merges.survivor(of: $0, on: day, knownAt: position)
        }, asOf: position),
      into: &reply, arena: arena)
  }

  func who(
    _ who: GetProfileRequest.Who, on day: Day, knownAt position: LogPosition
  ) throws -> Identifier? {
    switch who {
    case .officer(let id): id
    case .identifier(let given): try officer(given, on: day, knownAt: position)
    }
  }

  package func hasSkill(_ request: RawSpan, into reply: inout [UInt8]) throws {
    let question = try decode(HasSkillRequest.self, request)
    try check(atLeast: question.atLeast, at: question.atPosition)
    let position = question.atPosition ?? readModel.asOf
    let day = question.on ?? today
    var answer = HasSkillReply(asOf: position)
    let id: Identifier? =
      switch question.who {
      case .officer(let id): id
      case .identifier(let given): try officer(given, on: day, knownAt: position)
      }
    guard let id else { throw Self.nobody }
    let profile = try Profile(of: id, on: day, knownAt: position, from: readModel)
    // Who is not registered that day has none, whatever is recorded of earlier days.
    let held =
      profile.isKnown ? profile.held(question.skill, among: profile.grounds) : nil
    answer.has = held != nil
    answer.evidence = held?.evidence ?? []
    if held == nil {
      if !profile.isKnown {
        try readModel.expect(StreamID(.officer, id), "officer", knownAt: position)
      }
      try readModel.sharedStreams.expect(
        question.skill.framework, question.skill.skill, "skill", knownAt: position)
    }
    Codec.encode(answer, into: &reply, arena: arena)
  }
}
