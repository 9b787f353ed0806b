import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// `CitedBy`: the events that cite a document, in the order of the log, with what became of each.
package struct CitedByQuery: Query {
  static let pageLinesMax = 200

  private let question: CitedByRequest
  private var asOf: AsOf
  private var from: LogPosition = 0
  private var dispositions = DispositionCache()

  package init(_ question: CitedByRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let readModel = session.readModel
    let (_, position) = try asOf.pin(session)
    var found: [LogPosition] = []
    try readModel.snapshot.scan(
      readModel.views[.documents], from: .key(ViewKey.document(question.document, from)),
      prefix: question.document
    ) { key, _ in
      let at = ViewKey.position(of: key)
      guard at < position else { return false }
      found.append(at)
      return found.count <= Self.pageLinesMax
    }
    var page = CitedByPage(asOf: position)
    var budget = PageBudget(slice)
    for at in found.prefix(Self.pageLinesMax) {
      let event = try readModel.bytes(of: at)
      guard budget.hasRoom(for: event.count),
        let known = try dispositions.dispositions(
          of: try readModel.stored(at).stream, knownAt: position, readModel, slice)
      else { break }
      budget.add(event.count)
      let disposition = known.disposition(at: at).standing
      page.lines.append(
        HistoryLine(event: event, standing: disposition.standing, by: disposition.by))
      from = at + 1
      if slice.isOver { break }
    }
    guard page.lines.count < found.count else {
      return .end(Codec.encode(page, arena: session.arena))
    }
    return page.lines.isEmpty ? .working : .message(Codec.encode(page, arena: session.arena))
  }
}
