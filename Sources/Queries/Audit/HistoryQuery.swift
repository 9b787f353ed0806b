import EventLog
import Messages
import Projections
import Registry
import RegistryStorage

/// `StreamHistory`: a stream's events with what became of each, all as known at the first slice.
package struct HistoryQuery: Query {
  static let pageLinesMax = 500

  private let question: StreamHistoryRequest
  private var asOf: AsOf
  private var dispositions: DispositionScan?
  /// Events that were told.
  private var told = 0

  package init(_ question: StreamHistoryRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (_, position) = try asOf.pin(session)
    let readModel = session.readModel
    if self.dispositions == nil {
      try readModel.expect(question.stream, "stream", knownAt: position)
    }
    var dispositions =
      try self.dispositions ?? DispositionScan(of: question.stream, knownAt: position, readModel)
    self.dispositions = nil
    defer { self.dispositions = dispositions }
    guard try dispositions.read(readModel, slice) else { return .working }
    var page = StreamHistoryPage(asOf: position)
    var budget = PageBudget(slice)
    for at in dispositions.positions.dropFirst(told).prefix(Self.pageLinesMax) {
      let event = try readModel.bytes(of: at)
      guard budget.hasRoom(for: event.count) else { break }
      budget.add(event.count)
      let disposition = dispositions.disposition(at: at).standing
      page.lines.append(
        HistoryLine(event: event, standing: disposition.standing, by: disposition.by))
      told += 1
      if told % 16 == 0, slice.isOver { break }
    }
    let bytes = Codec.encode(page, arena: session.arena)
    return told < dispositions.positions.count ? .message(bytes) : .end(bytes)
  }
}

extension RegistryReader {
  /// An event as the log keeps it.
  func bytes(of position: LogPosition) throws -> [UInt8] {
    guard let bytes = try log.read(position, { RawFields.bytes($0) }) else {
      throw LogFailure(missing: position)
    }
    return bytes
  }
}
