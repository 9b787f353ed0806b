import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// Point lookups (a credential by its key, an officer's profile), answered from rows that hold the
/// encoded reply. Where there is no such row, the reply is computed.
extension ReadSession {
  package func verify(_ request: RawSpan, into reply: inout [UInt8]) throws {
    if try verifyPlainly(request, into: &reply) { return }
    let question = try decode(VerifyCredentialRequest.self, request)
    Codec.encode(try verify(question), into: &reply, arena: arena)
  }

  /// The hot path: the request is not decoded, and the reply is copied from the map. False, with
  /// nothing appended, where no stored row answers.
  private func verifyPlainly(_ request: RawSpan, into reply: inout [UInt8]) throws -> Bool {
    guard let question = PointLookup(request), let snapshot, question.atLeast <= asOf else {
      return false
    }
    let (start, key) = (reply.count, request.extracting(question.key))
    let day = question.on == 0 ? today.number : question.on
    let cache = ReplyCache.Question(.credential, key, on: day)
    let isKnown = remembered(key, cache, into: &reply)
    if !isKnown {
      let hit = try views.copyVerifyRow(key, on: day, snapshot, into: &reply) { cohort, day in
        let place = recognised.place(cohort, day)
        return recognised.find(cohort, day, at: place) ?? recognise(cohort, day, place)
      }
      guard hit else { return false }
      // A record that was ever merged is found under different ids on different days.
      guard !hasMerges || !isMerged(holderIn: reply, from: start) else {
        reply.removeSubrange(start...)
        return false
      }
      guard try !hasLeft(holderIn: reply, from: start, snapshot) else {
        reply.removeSubrange(start...)
        return false
      }
      remember(key, cache, unsafe reply.span.bytes.extracting(start...))
    }
    // Rows and kept replies say nothing of it, so that they need not follow the holders' records.
    if hasUnregistered, try isUnregistered(holderIn: reply, from: start, snapshot) {
      reply.removeSubrange(start...)
      return false
    }
    VerifyCredentialReply.append(.asOf, asOf, to: &reply)
    return true
  }

  private func isUnregistered(
    holderIn reply: [UInt8], from start: Int, _ snapshot: Snapshot
  ) throws -> Bool {
    let answer = unsafe reply.span.bytes.extracting(start...)
    guard let range = VerifyCredentialReply.find(.holder, in: answer) else { return false }
    return try views.isUnregistered(answer.extracting(range), snapshot)
  }

  /// Appends the cached reply where it is still valid.
  private func remembered(
    _ key: RawSpan, _ question: ReplyCache.Question, into reply: inout [UInt8]
  ) -> Bool {
    guard let answers else { return false }
    return answers.copy(
      key, question, sharedStreams: sharedStreamsChangedAt, views.marks, asOf: asOf, into: &reply)
  }

  private func remember(_ key: RawSpan, _ question: ReplyCache.Question, _ reply: RawSpan) {
    answers?.keep(key, question, sharedStreams: sharedStreamsChangedAt, asOf: asOf, reply)
  }

  private func isMerged(holderIn reply: [UInt8], from start: Int) -> Bool {
    let answer = unsafe reply.span.bytes.extracting(start...)
    guard let range = VerifyCredentialReply.find(.holder, in: answer),
      let holder = Identifier(answer.extracting(range))
    else { return false }
    return readModel.sharedStreams.merges.concerns(holder)
  }

  private func hasLeft(
    holderIn reply: [UInt8], from start: Int, _ snapshot: Snapshot
  ) throws -> Bool {
    let answer = unsafe reply.span.bytes.extracting(start...)
    guard let range = VerifyCredentialReply.find(.holder, in: answer) else { return false }
    return try views.everLeft(answer.extracting(range), snapshot)
  }

  private func recognise(_ cohort: RawSpan, _ day: UInt32, _ place: Int) -> Bool {
    guard let id = Identifier(cohort), let completedOn = Day(yyyymmdd: day) else { return false }
    let answer = readModel.sharedStreams.isRecognised(cohort: id, completedOn: completedOn)
    recognised.keep(cohort, day, answer, at: place)
    return answer
  }

  package func profile(_ request: RawSpan, into reply: inout [UInt8]) throws {
    if let plain = PointLookup(request), plain.atLeast <= asOf {
      let day = plain.on == 0 ? today : Day(yyyymmdd: plain.on)
      if let day, try keptProfile(request.extracting(plain.key), on: day, into: &reply) { return }
    }
    let question = try decode(GetProfileRequest.self, request)
    try check(atLeast: question.atLeast, at: question.atPosition)
    let (day, position) = (question.on ?? today, question.atPosition ?? readModel.asOf)
    if let into = question.into {
      try readModel.sharedStreams.expect(.framework, into, "into", knownAt: position)
    }
    guard let officer = try who(question.who, on: day, knownAt: position) else {
      return Codec.encode(
        GetProfileReply(
          policyVersion: readModel.sharedStreams.policy(on: day).version,
          asOf: question.atPosition ?? readModel.asOf), into: &reply, arena: arena)
    }
    guard question.atPosition == nil, question.into == nil else {
      let position = question.atPosition ?? readModel.asOf
      let profile = try Profile(of: officer, on: day, knownAt: position, from: readModel)
      return Codec.encode(
        profile.reply(asOf: position, into: question.into), into: &reply, arena: arena)
    }
    let key = officer.bytes
    if try keptProfile(unsafe key.span.bytes, on: day, into: &reply) { return }
    let profile = try Profile(of: officer, on: day, knownAt: readModel.asOf, from: readModel)
    let start = reply.count
    Codec.encode(profile.reply(asOf: 0), into: &reply, arena: arena)
    if profile.isKnown {
      store.profiles.keep(
        reply[start...], of: officer,
        ProfileCache.Stamp(
          touched: try lastTouch(of: officer), sharedStreams: readModel.sharedStreams.changedAt,
          day: day),
        asOf: readModel.asOf)
    }
    GetProfileReply.append(.asOf, readModel.asOf, to: &reply)
  }

  /// Appends the cached profile where it is still valid.
  private func keptProfile(
    _ officer: RawSpan, on day: Day, into reply: inout [UInt8]
  ) throws -> Bool {
    let start = reply.count
    let cache = ReplyCache.Question(.profile, officer, on: day.number)
    if remembered(officer, cache, into: &reply) {
      GetProfileReply.append(.asOf, asOf, to: &reply)
      return true
    }
    guard
      let kept = try profiles?.copy(
        officer, day: day.number, sharedStreams: sharedStreamsChangedAt, into: &reply)
    else { return false }
    // Of the same position it is right whatever happened; else unless something touched the
    // officer.
    if kept.asOf != asOf {
      guard let id = Identifier(officer), try lastTouch(of: id) == kept.touched else {
        reply.removeSubrange(start...)
        return false
      }
    }
    if !hasMerges || Identifier(officer).map(readModel.sharedStreams.merges.concerns) == false {
      remember(officer, cache, unsafe reply.span.bytes.extracting(start...))
    }
    GetProfileReply.append(.asOf, asOf, to: &reply)
    return true
  }

  /// The position of the last event that touched an officer, or a record that was ever merged with
  /// the officer's.
  private func lastTouch(of officer: Identifier) throws -> LogPosition {
    var touched: LogPosition = 0
    for record in readModel.sharedStreams.merges.related(to: officer) {
      touched = max(touched, try views.lastTouch(of: record, readModel.snapshot))
    }
    return touched
  }
}
