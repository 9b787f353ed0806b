import LMDB
import Messages
import Projections
import Registry

/// The events that cite a document, in the order of the log, with what became of each.
struct CitingEvents: PagedAnswer {
  static let pageLinesMax = 200

  private let question: CitedByRequest
  var moment: Moment
  private var from: LogPosition = 0
  private var isOver = false

  init(_ question: CitedByRequest) {
    self.question = question
    moment = Moment(on: nil, atPosition: nil, atLeast: question.atLeast)
  }

  var weight: JobWeight { .light }

  mutating func next(from desk: ReadDesk) throws -> [UInt8]? {
    guard !isOver else { return nil }
    let records = desk.records
    let (_, position) = try moment.fix(desk)
    var found: [LogPosition] = []
    try records.snapshot.scan(
      records.views[.documents], from: .key(ViewKey.document(question.document, from)),
      prefix: question.document
    ) { key, _ in
      let at = ViewKey.position(of: key)
      guard at < position else { return false }
      found.append(at)
      return found.count < Self.pageLinesMax
    }
    var page = CitedByPage(asOf: position)
    for at in found {
      page.lines.append(try desk.historyLine(at, knownAt: position))
    }
    isOver = found.count < Self.pageLinesMax
    from = (found.last ?? 0) + 1
    return Codec.encode(page, arena: desk.arena)
  }
}

extension ReadDesk {
  /// An event as the log keeps it, with what became of it by what was known before a position.
  func historyLine(_ at: LogPosition, knownAt position: LogPosition) throws -> HistoryLine {
    let stored = try records.stored(at)
    let standing = try records.standing(of: stored.stream, knownAt: position)
    let fate = standing.index(of: stored.proposal.eventID).map(standing.fate) ?? .stands
    return HistoryLine(
      event: try records.log.read(at) { Splice.bytes($0) } ?? [], standing: fate.standing.standing,
      by: fate.standing.by)
  }
}
