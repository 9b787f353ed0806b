import EventLog
import LMDB
import Messages
import Projections
import Recording
import Registry
import RegistryStorage

/// What the disk gives back is read or refused, whatever it is: rows of the views and events of the
/// log are changed, then decoded, folded and asked about. An answer may be wrong here, or say that
/// something is damaged; the process goes on.
enum StoredFuzz {
  private static let rowsMax = 3

  static func run(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let half = 1 + bytes.count / 2
    var maker = MessageMaker(Choices(bytes.dropFirst().prefix(half)))
    let context = try FuzzFixture()
    var failure: (any Error)?
    do {
      maker.events = try context.begin()
      try decode(context.store, &maker.choices)
      // A start reads the shared streams' rows, and whether the views' position can be; where it
      // refuses them, there is nothing to ask.
      let starts = first & 3 == 0
      // Some of the time nothing but the position, which is one row of many.
      let tables = first & 0x0C == 0x0C ? [ViewTable.meta] : ViewTable.allCases
      try change(context.store, tables, &maker.choices)
      if !starts || (try? context.reopen(rebuild: false)) != nil {
        maker.choices = Choices(bytes.dropFirst(1 + half))
        try Asker(context.store, mayFail: true).askEverything(&maker)
      }
    } catch { failure = error }
    try? context.close()
    if let failure { throw failure }
  }

  // MARK: rows

  private static func change(
    _ store: RegistryStore, _ tables: [ViewTable], _ choices: inout Choices
  ) throws {
    let views = unsafe store.views
    try views.environment.write { transaction in
      for _ in 0..<(1 + choices.of(rowsMax)) {
        let table = choices.one(tables)
        var rows: [(key: [UInt8], value: [UInt8])] = []
        try transaction.scan(views[table], from: .first) { key, value in
          rows.append((RawFields.bytes(key), RawFields.bytes(value)))
          return true
        }
        guard !rows.isEmpty else { continue }
        let row = choices.one(rows)
        switch choices.of(8) {
        case 0: try transaction.delete(views[table], row.key)
        case 1:
          // Under a key that nobody wrote.
          let key = changed(row.key, &choices).prefix(WriteTransaction.keyLengthMax)
          if !key.isEmpty { try transaction.put(views[table], Array(key), row.value) }
        case 2: try transaction.put(views[table], row.key, choices.one(rows).value)
        default: try transaction.put(views[table], row.key, changed(row.value, &choices))
        }
      }
    }
  }

  /// Bytes changed in one to four places.
  private static func changed(_ bytes: [UInt8], _ choices: inout Choices) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 + choices.of(4)) {
      let at = bytes.isEmpty ? 0 : Int(choices.byte()) % bytes.count
      switch choices.of(7) {
      case 0 where !bytes.isEmpty: bytes[at] ^= 1 << (choices.byte() & 7)
      case 1 where !bytes.isEmpty: bytes[at] = choices.one([0, 0xFF, 0x7F, 0x80, 1])
      case 2 where !bytes.isEmpty: bytes.removeSubrange(at...)
      case 3: bytes.append(contentsOf: choices.take(choices.of(12)))
      case 4:
        // A number of four or eight bytes at its greatest.
        for end in at..<min(bytes.count, at + choices.one([4, 8])) { bytes[end] = 0xFF }
      case 5 where !bytes.isEmpty: bytes.removeSubrange(..<at)
      default:
        if !bytes.isEmpty { bytes[at] = choices.byte() }
      }
    }
    return bytes
  }

  // MARK: events

  /// Decodes changed events and rows, and folds what is still an event.
  private static func decode(_ store: RegistryStore, _ choices: inout Choices) throws {
    let arena = Arena()
    let log = try unsafe store.log.makeReader()
    defer { log.end() }
    let end = unsafe store.log.end
    var events: [StreamEvent] = []
    for _ in 0..<4 {
      let position = UInt64(choices.byte()) % max(end, 1)
      let bytes = changed(try log.read(position) { RawFields.bytes($0) } ?? [], &choices)
      let span = unsafe bytes.span.bytes
      _ = EventHeader(span)
      _ = EventFields.stream(of: span)
      _ = EventFields.kind(of: span)
      _ = EventFields.effective(of: span)
      _ = EventFields.movesEnrolment(span)
      _ = EventFields.recordedAt(span)
      if let stored = try? StoredEvent(span, arena: arena) { events.append(stored.event) }
      _ = try? HeadRow(span, arena: arena)
    }
    _ = EffectiveHistory(events).fold(until: .distantFuture)
    for row in [
      choices.take(choices.of(40)), choices.take(CompletedRow.byteCount), choices.take(9),
    ] {
      let span = unsafe row.span.bytes
      _ = CompletedRow(span)
      _ = DutyRow(span)
      _ = RollRow(span)
      _ = RosterRow.spans(span)
      _ = VerifyRow.span(span)
      _ = try? HeadRow(span, arena: arena)
    }
  }
}
