import LMDB
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// `CitedBy`: the events that cite a document, in the order of the log, with what became of each.
struct CitedByQuery: Query {
  static let pageLinesMax = 200

  private let question: CitedByRequest
  private var asOf: AsOf
  private var from: LogPosition = 0
  private var fates = KnownFates()

  init(_ question: CitedByRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  mutating func next(_ session: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    let records = session.records
    let (_, position) = try asOf.pin(session)
    var found: [LogPosition] = []
    try records.snapshot.scan(
      records.views[.documents], from: .key(ViewKey.document(question.document, from)),
      prefix: question.document
    ) { key, _ in
      let at = ViewKey.position(of: key)
      guard at < position else { return false }
      found.append(at)
      return found.count <= Self.pageLinesMax
    }
    var page = CitedByPage(asOf: position)
    var room = PageRoom(slice)
    for at in found.prefix(Self.pageLinesMax) {
      let event = try records.bytes(of: at)
      guard room.hasRoom(for: event.count),
        let known = try fates.fates(
          of: try records.stored(at).stream, knownAt: position, records, slice)
      else { break }
      room.add(event.count)
      let fate = known.fate(at: at).standing
      page.lines.append(HistoryLine(event: event, standing: fate.standing, by: fate.by))
      from = at + 1
      if slice.isOver { break }
    }
    guard page.lines.count < found.count else {
      return .end(Codec.encode(page, arena: session.arena))
    }
    return page.lines.isEmpty ? .working : .message(Codec.encode(page, arena: session.arena))
  }
}
