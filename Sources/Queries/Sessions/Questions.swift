import EventLog
import Foundation
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// Questions that are answered off the loop: they scan, or ask for much at once.
extension ReadSession {
  package func verifyAll(_ question: VerifyCredentialsRequest) throws -> VerifyCredentialsReply {
    try check(atLeast: question.atLeast)
    return VerifyCredentialsReply(
      items: try question.items.map { Codec.encode(try verify($0), arena: arena) },
      asOf: readModel.asOf)
  }

  package func authorisations(
    _ question: AuthorisationsRequest
  ) throws -> AuthorisationsReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let position = question.atPosition ?? readModel.asOf
    let day = question.on ?? today
    try readModel.sharedStreams.expect(
      .organisation, question.organisation, "organisation", knownAt: position)
    if let course = question.course {
      try readModel.sharedStreams.expect(.course, course, "course", knownAt: position)
    }
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
        authorisation: id, state: state, stands: state.stands(on: day),
        whyNot: state.whyNotReliedOn(on: day) ?? "")
      if let course = question.course, let edition {
        line.coversCourse = state.covers(course, edition, on: day)
      }
      reply.covered = reply.covered || line.coversCourse
      reply.lines.append(line)
    }
    return reply
  }

  package func person(_ question: ResolveOfficerRequest) throws -> FindPersonReply {
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

  /// An event as the log has it, by its id.
  package func event(_ question: FindEventRequest) throws -> FindEventReply {
    var reply = FindEventReply(asOf: readModel.asOf)
    if let found = try unsafe store.views.event(question.eventID, readModel.snapshot) {
      reply.event = try readModel.log.read(found.position) { RawFields.bytes($0) } ?? []
    }
    return reply
  }

  package func viewDigest() throws -> ViewDigestReply {
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
    let word = store.readiness.word
    return StatusReply(
      version: ujuziVersion, logID: store.logID,
      jurisdiction: establishment?.jurisdiction.text ?? "", events: readModel.asOf,
      logBytes: UInt64(usage.log), viewsBytes: UInt64(usage.views), mapBytes: UInt64(usage.map),
      officers: officers, credentials: UInt64(try readModel.snapshot.count(views[.credentials])),
      viewsState: ClientSentence.withoutPaths(store.viewsState), asOf: readModel.asOf,
      scrub: store.scrub?.status, damagedKeys: UInt64(store.vault.damagedOfficers.count),
      serving: word.serving, servingDetail: word.detail, disks: store.readiness.disks)
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
