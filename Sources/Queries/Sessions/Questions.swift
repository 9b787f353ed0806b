import EventLog
import Foundation
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// Questions that are answered off the loop: they scan, or ask for much at once.
extension ReadSession {
  /// - Throws: `CallStatus`, or what `CallStatus(of:)` makes of it.
  package func answerDeferred(_ method: Method, _ request: [UInt8]) throws -> [UInt8] {
    let bytes = unsafe request.span.bytes
    switch method {
    case .verifyCredentials:
      return try verifyAll(decode(VerifyCredentialsRequest.self, bytes))
    case .getAgreement:
      return try whole(
        Codec.encode(try agreement(decode(GetAgreementRequest.self, bytes)), arena: arena))
    case .getStream:
      return try whole(
        Codec.encode(try stream(decode(GetStreamRequest.self, bytes)), arena: arena))
    case .authorisations:
      return Codec.encode(
        try authorisations(decode(AuthorisationsRequest.self, bytes)), arena: arena)
    case .findPerson:
      return Codec.encode(try person(decode(ResolveOfficerRequest.self, bytes)), arena: arena)
    case .findEvent:
      let question = try decode(FindEventRequest.self, bytes)
      var reply = FindEventReply(asOf: readModel.asOf)
      if let found = try unsafe store.views.event(question.eventID, readModel.snapshot) {
        reply.event = try readModel.log.read(found.position) { RawFields.bytes($0) } ?? []
      }
      return Codec.encode(reply, arena: arena)
    case .viewDigest: return Codec.encode(try viewDigest(), arena: arena)
    case .describe: return Codec.encode(Self.description, arena: arena)
    case .record, .preview, .check, .verifyCredential, .getProfile, .hasSkill, .resolveOfficer,
      .connections, .status, .cohortRoll, .duplicates, .officerRecord, .recordMany,
      .findOfficers, .listCredentials, .compliance, .complianceOfficers, .gap, .expiring,
      .watch, .readLog, .streamHistory, .explain, .exceptions, .citedBy, .diff:
      throw CallStatus(.unimplemented, "There is no such method.", notProcessed: true)
    }
  }

  static let description = DescribeReply(
    descriptorSet: Schema.descriptorSet,
    methods: Method.allCases.map {
      MethodLine(
        number: $0.rawValue, name: $0.name, request: $0.messages.request,
        reply: $0.messages.reply, shape: $0.shape.rawValue, revision: $0.revision,
        roles: $0.roles)
    }, schemaRevision: Schema.revision)

  private func verifyAll(_ question: VerifyCredentialsRequest) throws -> [UInt8] {
    try check(atLeast: question.atLeast)
    let reply = VerifyCredentialsReply(
      items: try question.items.map { Codec.encode(try verify($0), arena: arena) },
      asOf: readModel.asOf)
    return Codec.encode(reply, arena: arena)
  }

  private func authorisations(_ question: AuthorisationsRequest) throws -> AuthorisationsReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let position = question.atPosition ?? readModel.asOf
    let day = question.on ?? today
    // What is taught that day is the last edition published by then.
    let edition = question.course.flatMap { course in
      readModel.sharedStreams.state(of: StreamID(.course, course), on: day, knownAt: position)?
        .course?.editions.last
    }
    var reply = AuthorisationsReply(asOf: position)
    for (id, state) in readModel.sharedStreams.authorisations(
      of: question.organisation, on: day, knownAt: position)
    {
      var line = AuthorisationLine(
        authorisation: id, state: state, stands: state.stands(on: day))
      if let course = question.course, let edition {
        line.coversCourse = state.covers(course, edition, on: day)
      }
      reply.covered = reply.covered || line.coversCourse
      reply.lines.append(line)
    }
    return reply
  }

  private func person(_ question: ResolveOfficerRequest) throws -> FindPersonReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let (day, position) = (question.on ?? today, question.atPosition ?? readModel.asOf)
    var reply = FindPersonReply(asOf: position)
    guard let officer = try officer(question.identifier, on: day, knownAt: position) else {
      return reply
    }
    let stream = StreamID(.officer, officer)
    reply.officer = officer
    reply.state = try readModel.state(of: stream, on: day, knownAt: position)?.officer
    reply.personal = try personal(of: officer, on: day, knownAt: position)
    return reply
  }

  private func viewDigest() throws -> ViewDigestReply {
    let tables = try unsafe store.views.digests(readModel.snapshot)
    return ViewDigestReply(
      tables: tables.map {
        TableDigest(table: $0.table.rawValue, rows: UInt64($0.rows), digest: $0.sha256)
      }, digest: Views.digest(of: tables), asOf: readModel.asOf)
  }

  /// What the stores hold, for an operator.
  package func status() throws -> StatusReply {
    let usage = store.usage
    let establishment = readModel.sharedStreams.registryStream
      .flatMap { readModel.sharedStreams.state(of: $0) }?.establishment
    var officers: UInt64 = 0
    let views = unsafe store.views
    try readModel.snapshot.scan(views[.heads], prefix: Array("officer/".utf8)) { _, _ in
      officers += 1
      return true
    }
    return StatusReply(
      version: ujuziVersion, logID: store.logID,
      jurisdiction: establishment?.jurisdiction.text ?? "", events: readModel.asOf,
      logBytes: UInt64(usage.log), viewsBytes: UInt64(usage.views), mapBytes: UInt64(usage.map),
      officers: officers, credentials: UInt64(try readModel.snapshot.count(views[.credentials])),
      viewsState: store.viewsState, asOf: readModel.asOf, scrub: store.scrub?.status,
      damagedKeys: UInt64(store.vault.damagedOfficers.count))
  }
}

/// This program's version.
package let ujuziVersion = "0.1.0"

extension RegistryStore {
  func positions(
    of stream: StreamID, _ row: HeadRow, _ readModel: RegistryReader
  ) throws -> [LogPosition] {
    try unsafe views.positions(of: stream, row, readModel.snapshot)
  }
}
