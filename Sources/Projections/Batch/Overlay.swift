import OrderedCollections
import Registry

/// The batch's uncommitted changes over the committed views, besides the streams themselves.
struct Overlay {
  /// The position of the batch's first event.
  let start: LogPosition
  /// The ids of the batch's events, in the order of their positions.
  var events: [EventID] = []
  var ids: [EventID: (position: LogPosition, digest: [UInt8], stream: StreamID)] = [:]
  /// Set by the log's first event.
  var registryStream: StreamID?
  var chunks: [(stream: StreamID, number: UInt32, row: [UInt8])] = []
  var subjects: [(officer: Identifier, position: LogPosition, stream: StreamID)] = []
  /// Issuer and number → the credentials that got it in the batch (true) or lost it (false).
  var certificates: [[UInt8]: [Identifier: Bool]] = [:]
  /// Rows of `rolls` and `duties` that rules ask for; nil: gone.
  var seats: [SeatKey: Identifier?] = [:]
  var duties: [DutyKey: Identifier?] = [:]
  var seatsTaken: [Identifier: Int] = [:]
  var documents: [(sha256: [UInt8], position: LogPosition)] = []
  /// Rows of `relied`.
  var relied: [RelianceRow] = []
  var identifiers = AddedIdentifiers()
  /// Keys of `renumbered`.
  var renumbered: OrderedSet<[UInt8]> = []
  /// Officers whose record was merged into another.
  var merged: Set<Identifier> = []
  /// Officers of whom something was sealed for the first time.
  var sealed: [Identifier: LogPosition] = [:]

  init(start: LogPosition) { self.start = start }

  struct DutyKey: Hashable {
    var mandate: Identifier
    var officer: Identifier
  }

  struct SeatKey: Hashable {
    var cohort: Identifier
    var officer: Identifier
  }
}

/// A stream loaded by a batch: its committed head and the batch's own events.
final class LoadedStream {
  let stream: StreamID
  let committed: HeadRow?
  /// As it is now.
  var row: HeadRow?
  /// The batch's own events, in the order of their positions.
  var added: [StreamEvent] = []
  /// With what the batch has added; read once, when a rule or a late fact first asks.
  var history: ChunkedArray<StreamEvent>?
  /// The same with what became of each.
  var standing: EffectiveHistory?

  init(_ stream: StreamID, _ committed: HeadRow?) {
    self.stream = stream
    self.committed = committed
    row = committed
  }

  func add(_ event: StreamEvent) {
    added.append(event)
    history?.append(event)
    standing?.append(event)
  }

  func forgetLast() {
    added.removeLast()
    history?.removeLast()
    standing = nil
  }
}

/// The undo log of a unit of work: a rollback truncates lists to their old length and restores
/// other values one by one, newest first.
struct UndoLog {
  enum Step {
    case row(LoadedStream, HeadRow?)
    case certificate([UInt8], [Identifier: Bool]?)
    case seat(Overlay.SeatKey, Identifier??)
    case duty(Overlay.DutyKey, Identifier??)
    case seatsTaken(Identifier, Int?)
    case merged(Identifier)
    case sealed(Identifier)
    case registryStream(StreamID?)
  }

  /// A savepoint.
  struct Mark {
    var steps: Int
    var events: Int
    var chunks: Int
    var subjects: Int
    var documents: Int
    var relied: Int
    var identifiers: Int
    var renumbered: Int
  }

  var steps: [Step] = []
  /// Open savepoints; steps are logged only while there is one.
  var open = 0

  mutating func begin(_ layer: Overlay) -> Mark {
    open += 1
    return Mark(
      steps: steps.count, events: layer.events.count, chunks: layer.chunks.count,
      subjects: layer.subjects.count, documents: layer.documents.count,
      relied: layer.relied.count, identifiers: layer.identifiers.count,
      renumbered: layer.renumbered.count)
  }

  /// Releases the latest savepoint; its changes stay.
  mutating func end() {
    precondition(open > 0, UnitOfWork.Invariant.savepointsNest.rawValue)
    open -= 1
    if open == 0 { steps.removeAll(keepingCapacity: true) }
  }

  mutating func note(_ step: @autoclosure () -> Step) {
    if open > 0 { steps.append(step()) }
  }

  /// Rolls back to a savepoint.
  mutating func undo(to mark: Mark, _ layer: inout Overlay) {
    while steps.count > mark.steps {
      switch steps.removeLast() {
      case .row(let stream, let row):
        stream.row = row
        stream.forgetLast()
      case .certificate(let key, let old): layer.certificates[key] = old
      case .seat(let key, let old): layer.seats[key] = old
      case .duty(let key, let old): layer.duties[key] = old
      case .seatsTaken(let cohort, let old): layer.seatsTaken[cohort] = old
      case .merged(let officer): layer.merged.remove(officer)
      case .sealed(let officer): layer.sealed[officer] = nil
      case .registryStream(let old): layer.registryStream = old
      }
    }
    for id in layer.events[mark.events...] { layer.ids[id] = nil }
    layer.events.removeSubrange(mark.events...)
    layer.chunks.removeSubrange(mark.chunks...)
    layer.subjects.removeSubrange(mark.subjects...)
    layer.documents.removeSubrange(mark.documents...)
    layer.relied.removeSubrange(mark.relied...)
    layer.identifiers.truncate(to: mark.identifiers)
    layer.renumbered.removeLast(layer.renumbered.count - mark.renumbered)
  }
}
