import EventLog
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// `StreamHistory`: a stream's events with what became of each, all as known at the first slice.
struct HistoryQuery: Query {
  static let pageLinesMax = 500

  private let question: StreamHistoryRequest
  private var asOf: AsOf
  private var fates: StreamFates?
  /// Events that were told.
  private var told = 0

  init(_ question: StreamHistoryRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  mutating func next(_ session: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    let (_, position) = try asOf.pin(session)
    let records = session.records
    var fates =
      try self.fates ?? StreamFates(of: question.stream, knownAt: position, records)
    self.fates = nil
    defer { self.fates = fates }
    guard try fates.read(records, slice) else { return .working }
    var page = StreamHistoryPage(asOf: position)
    var room = PageRoom(slice)
    for at in fates.positions.dropFirst(told).prefix(Self.pageLinesMax) {
      let event = try records.bytes(of: at)
      guard room.hasRoom(for: event.count) else { break }
      room.add(event.count)
      let fate = fates.fate(at: at).standing
      page.lines.append(HistoryLine(event: event, standing: fate.standing, by: fate.by))
      told += 1
      if told % 16 == 0, slice.isOver { break }
    }
    let bytes = Codec.encode(page, arena: session.arena)
    return told < fates.positions.count ? .message(bytes) : .end(bytes)
  }
}

extension RegistryReader {
  /// An event as the log keeps it.
  func bytes(of position: LogPosition) throws -> [UInt8] {
    guard let bytes = try log.read(position, { Splice.bytes($0) }) else {
      throw LogFailure(missing: position)
    }
    return bytes
  }
}
