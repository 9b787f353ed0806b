import EventLog
import Messages
import Projections
import Registry
import RegistryStorage

/// The officers changed by events after a position: only for them do the views' rows know more than
/// was known at that position.
struct ChangedSince: Sendable {
  let position: LogPosition
  private(set) var officers: Set<Identifier> = []
  private var seen: LogPosition
  private var streams: Set<StreamID> = []

  init(_ position: LogPosition) {
    self.position = position
    seen = position
  }

  /// Reads on to the session's snapshot; true when it has caught up.
  ///
  /// - Throws: `QueryFailure` out of range when that is too far.
  mutating func catchUp(_ session: ReadSession, _ slice: TimeSlice) throws -> Bool {
    let readModel = session.readModel
    let most = session.store.eventsBehindMax
    guard readModel.asOf - position <= most else {
      throw QueryFailure.outOfRange(
        "More than \(most) events were recorded since position \(position), which this "
          + "list is as of: ask anew without a resume token, or with at_position \(position).",
        field: "resume_after", rule: .eventsBehindMax)
    }
    while seen < readModel.asOf {
      var found: [StreamID] = []
      var failure: (any Error)?
      let start = seen
      try readModel.log.read(start..<min(start + 256, readModel.asOf)) { _, bytes in
        do {
          found.append(try StoredEvent(bytes, arena: readModel.arena).stream)
        } catch {
          failure = error
          return false
        }
        return true
      }
      if let failure { throw failure }
      for stream in found where streams.insert(stream).inserted { try note(stream, readModel) }
      seen += UInt64(found.count)
      if slice.isOver { break }
    }
    return seen == readModel.asOf
  }

  private mutating func note(_ stream: StreamID, _ readModel: RegistryReader) throws {
    if stream.kind == .cohort { return try note(cohort: stream, readModel) }
    guard !stream.kind.isShared else { return }
    // A correction may have moved the stream from somebody to somebody else.
    for known in [position, readModel.asOf] {
      let state = try readModel.state(of: stream, on: .distantFuture, knownAt: known)
      guard let named = state?.subject(of: stream) else { continue }
      officers.formUnion(readModel.sharedStreams.merges.related(to: named))
    }
    if stream.kind == .officer {
      officers.formUnion(readModel.sharedStreams.merges.related(to: stream.key))
    }
  }

  /// Where a cohort teaches another course now, its completions stand in other rows.
  private mutating func note(cohort: StreamID, _ readModel: RegistryReader) throws {
    let sharedStreams = readModel.sharedStreams
    guard
      sharedStreams.state(of: cohort, knownAt: position)?.cohort?.terms.course
        != sharedStreams.state(of: cohort)?.cohort?.terms.course
    else { return }
    let prefix = ViewKey.prefix(cohort.key.text)
    var found: [Identifier] = []
    try readModel.snapshot.scan(readModel.views[.rolls], prefix: prefix) { key, _ in
      let rest = ViewKey.text(key.extracting(droppingFirst: prefix.count))
      if let officer = Identifier(rest.prefix { $0 != "\0" }) { found.append(officer) }
      return true
    }
    for officer in found { officers.formUnion(sharedStreams.merges.related(to: officer)) }
  }
}
