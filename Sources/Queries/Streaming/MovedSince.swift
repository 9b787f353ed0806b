import EventLog
import Messages
import Projections
import Registry
import RegistryStorage

/// Enrolments that events from a position on may have moved, looked for in the log in slices: the
/// tables have them elsewhere by now.
struct MovedSince: Sendable {
  /// The next event to be looked at.
  private var next: LogPosition
  /// Those that were found and not taken yet.
  var found: [Identifier] = []

  init(_ position: LogPosition) { next = position }

  /// Looks on to an end; true when it is there.
  mutating func look(
    until end: LogPosition, _ readModel: RegistryReader, _ slice: TimeSlice
  ) throws -> Bool {
    guard next < end else { return true }
    var (position, moved) = (next, [Identifier]())
    try readModel.log.read(next..<end) { at, event in
      if let stream = EventFields.stream(of: event), stream.kind == .enrolment,
        EventFields.movesEnrolment(event)
      {
        moved.append(stream.key)
      }
      position = at + 1
      return position % 64 != 0 || !slice.isOver
    }
    next = position
    found += moved
    return next == end
  }
}
