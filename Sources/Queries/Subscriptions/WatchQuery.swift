import Messages
import Projections
import Registry
import RegistryStorage

/// A watcher's pages: where it is in the log, and what it wants. All else is read anew for each
/// page, a bounded piece of the log at a time.
package struct WatchQuery: Query {
  /// Changes on a page, beyond which no event is added.
  static let pageChangesMax = 500
  /// Milliseconds between pages that only say how far the log is read, once it is read to its end.
  static let quietMs = 1000

  enum Begin: Sendable {
    case now
    case from(LogPosition)
    case after(ChangeCursor)
    case cursor([UInt8])
  }

  let filter: WatchFilter
  private var begin: Begin
  private var isBegun = false
  /// Every change before it was given.
  private(set) var position: LogPosition = 0
  /// An event of which a slice saw a part.
  private var changes: ChangeBuilder?
  /// What the last page said it was read to.
  private(set) var told: LogPosition = 0
  private var toldAt = ContinuousClock.now
  /// The next page comes in any case, if only to say how far the log is read.
  private var mustTell = true
  /// The last page told of all that there was: whoever looks at commits for everybody says when
  /// there is more, so that a thousand who wait do not each look for themselves.
  private var hasTold = false

  package init(_ question: WatchRequest) throws {
    filter = try WatchFilter(question.what)
    guard question.cursor.isEmpty else {
      guard question.begin == nil else {
        throw QueryFailure.invalid(
          "A cursor stands in place of where to begin: give one of the two.",
          field: "cursor", rule: .cursor)
      }
      begin = .cursor(question.cursor)
      return
    }
    switch question.begin {
    case nil: begin = .now
    case .from(let position): begin = .from(position)
    case .after(let cursor): begin = .after(cursor)
    }
  }

  /// Goes on from a later place: somebody looked, and before it there is nothing to tell.
  mutating func skip(_ passed: SubscriptionIndex.ScanResult) {
    if let later = passed.to { position = max(position, later) }
    // Woken with nothing to read, or to read.
    (mustTell, hasTold) = (passed.isToBeTold, passed.isToBeTold)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let readModel = session.readModel
    if hasTold {
      hasTold = false
      // How far it was read for this watcher is known without a look at the views.
      guard mustTell else { return .idle }
      var page = WatchPage(asOf: position)
      try tell(&page, session, isAll: true)
      return .message(Codec.encode(page, arena: session.arena))
    }
    if !isBegun { try start(session) }
    var page = WatchPage(asOf: readModel.asOf)
    try fill(&page, session, slice)
    let gaveWay = position < readModel.asOf
    let isDue =
      position > told && ContinuousClock.now - toldAt >= .milliseconds(Self.quietMs)
    guard !page.changes.isEmpty || gaveWay || mustTell || isDue else { return .idle }
    try tell(&page, session, isAll: !gaveWay)
    return .message(Codec.encode(page, arena: session.arena))
  }

  private mutating func tell(
    _ page: inout WatchPage, _ session: ReadSession, isAll: Bool
  ) throws {
    page.readTo = position
    page.cursor = try LogCursor(position).bytes(of: session.readModel.log, id: session.store.logID)
    (told, toldAt, mustTell, hasTold) = (position, .now, false, isAll)
  }

  private mutating func start(_ session: ReadSession) throws {
    let end = session.readModel.asOf
    func check(_ position: LogPosition, _ field: String) throws(QueryFailure) {
      guard position <= end else {
        throw .outOfRange(
          "The log has \(end) events: the cursor is of another log.", field: field,
          rule: .logEnd)
      }
    }
    switch begin {
    case .now: position = end
    case .from(let given):
      try check(given, "from")
      position = given
    case .after(let cursor):
      try check(cursor.position, "after.position")
      position = cursor.position
    case .cursor(let bytes):
      let cursor = try LogCursor(
        bytes, of: session.readModel.log, id: session.store.logID, end: end, field: "cursor")
      position = cursor.position
      if let ordinal = cursor.ordinal {
        begin = .after(ChangeCursor(position: position, ordinal: ordinal))
      }
    }
    isBegun = true
  }

  private mutating func fill(
    _ page: inout WatchPage, _ session: ReadSession, _ slice: TimeSlice
  ) throws {
    let readModel = session.readModel
    var hasWorked = false
    if let begun = changes {
      guard try add(begun, to: &page, session, slice) else { return }
      hasWorked = true
    }
    while position < readModel.asOf {
      let ahead = try WatchCandidates(filter, from: position, until: readModel.asOf, readModel)
      for at in ahead.positions {
        position = at
        if page.changes.count >= Self.pageChangesMax || (hasWorked && slice.isOver) { return }
        hasWorked = true
        let changes = ChangeBuilder(try readModel.stored(at))
        guard try add(changes, to: &page, session, slice) else { return }
      }
      position = ahead.horizon
      if slice.isOver { return }
      hasWorked = true
    }
  }

  /// Adds an event's changes, once all are there.
  private mutating func add(
    _ event: ChangeBuilder, to page: inout WatchPage, _ session: ReadSession, _ slice: TimeSlice
  ) throws -> Bool {
    var event = event
    guard try event.work(filter, session.readModel, slice) else {
      changes = event
      return false
    }
    changes = nil
    var changes = event.changes[...]
    let at = event.event.recorded.position
    if case .after(let cursor) = begin, cursor.position == at {
      changes = changes.drop { $0.ordinal <= cursor.ordinal }
    }
    let head = changes.isEmpty ? [] : try LogCursor.head(of: at, session.readModel.log)
    for change in changes {
      var change = change
      change.cursor = LogCursor(at, ordinal: change.ordinal).bytes(
        head: head, id: session.store.logID)
      page.changes.append(change)
    }
    position = at + 1
    return true
  }
}
