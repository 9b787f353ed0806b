import Messages
import Projections
import Registry

/// What there is now, and what there was as known at an earlier position: the difference is new.
struct ExceptionsSince {
  let now: ExceptionFinder
  private let before: ExceptionFinder?

  init(_ now: ExceptionFinder, since: LogPosition?) {
    self.now = now
    before = since.flatMap { $0 < now.position ? now.known(at: $0) : nil }
    isNothingNew = since.map { $0 >= now.position } ?? false
  }

  private let isNothingNew: Bool

  func add(
    to lines: inout [ExceptionLine],
    _ examine: (ExceptionFinder, inout [ExceptionLine]) throws -> Void
  ) throws {
    guard !isNothingNew else { return }
    var found: [ExceptionLine] = []
    try examine(now, &found)
    if let before, found.contains(where: { $0.position < before.position }) {
      var known: [ExceptionLine] = []
      try examine(before, &known)
      found.removeAll { line in
        known.contains { $0.exceptionKind == line.exceptionKind && $0.eventID == line.eventID }
      }
    }
    lines += found
  }

  /// - Returns: the position to go on from.
  func readLog(from: LogPosition, into lines: inout [ExceptionLine]) throws -> LogPosition {
    var next = now.position
    try add(to: &lines) { finder, found in
      guard finder.position != now.position else {
        next = try finder.readLog(from: from, until: finder.position, into: &found)
        return
      }
      // The same events as they were known then, in as many portions as that takes.
      var at = from
      while at < min(next, finder.position) {
        at = try finder.readLog(from: at, until: min(next, finder.position), into: &found)
      }
    }
    return next
  }
}
