import Messages
import Registry

/// A stream's head with the positions of its events, as a row of `heads`.
///
/// ```
/// 0        4          8         16      17           19
/// events   effective  rank      flags   n            n × position (u64)   state (StreamState)
/// u32      u32        u64       u8      u16
/// ```
/// Flags: 1 = amended, 2 = an event stands (so that effective, rank and state are meaningful). At
/// most 64 positions stand in the row; each 64 older ones fill a row of `chunks`. The row of a
/// shared stream has no state: it is folded from the log at each start, since a row that grows with
/// its stream would be written anew with every event of it.
public struct HeadRow: Hashable, Sendable {
  public static let positionsMax = 64

  public var head: StreamHead
  /// The positions of the last events, oldest first.
  public var positions: [LogPosition]

  public init(head: StreamHead, positions: [LogPosition]) {
    self.head = head
    self.positions = positions
  }

  /// The number of full rows of `chunks` before `positions`.
  public var chunks: UInt32 { head.events / UInt32(Self.positionsMax) }

  /// Adds the position of an event that is now the head's last; gives the chunk that it filled.
  public mutating func append(_ position: LogPosition) -> (number: UInt32, row: [UInt8])? {
    positions.append(position)
    guard positions.count == Self.positionsMax else { return nil }
    var row: [UInt8] = []
    row.reserveCapacity(positions.count * 8)
    for position in positions { row.append(bigEndian: position) }
    positions.removeAll(keepingCapacity: true)
    return (head.events / UInt32(Self.positionsMax) - 1, row)
  }

  public func encoded(of stream: StreamID, arena: Arena) -> [UInt8] {
    var row: [UInt8] = []
    row.reserveCapacity(320)
    row.append(bigEndian: head.events)
    row.append(bigEndian: head.last?.effective.number ?? 0)
    row.append(bigEndian: head.last?.rank ?? 0)
    row.append((head.amended ? 1 : 0) | (head.last == nil ? 0 : 2))
    row.append(bigEndian: UInt16(positions.count))
    for position in positions { row.append(bigEndian: position) }
    if !stream.kind.isShared, let state = head.state {
      Codec.encode(state, into: &row, arena: arena)
    }
    return row
  }

  /// - Throws: `DecodeFailure` when the row is not what this build wrote.
  public init(_ row: RawSpan, arena: Arena) throws(DecodeFailure) {
    guard row.byteCount >= 19 else { throw DecodeFailure(damaged: "heads") }
    let flags = row[16]
    let count = Int(row.bigEndian(at: 17, bytes: 2))
    let stateAt = 19 + count * 8
    let events = UInt32(row.bigEndian(at: 0, bytes: 4))
    // Older positions fill rows of `chunks`: what stands here is the rest.
    guard row.byteCount >= stateAt, count == Int(events) % Self.positionsMax else {
      throw DecodeFailure(damaged: "heads")
    }
    positions = (0..<count).map { row.bigEndian(at: 19 + $0 * 8, bytes: 8) }
    var state: StreamState?
    if row.byteCount > stateAt {
      state = try Codec.decode(
        StreamState.self, from: row.extracting(droppingFirst: stateAt), arena: arena,
        unknownFields: .ignored, limits: .stored)
    }
    var last: FoldOrder?
    if flags & 2 != 0, let day = Day(yyyymmdd: UInt32(row.bigEndian(at: 4, bytes: 4))) {
      last = FoldOrder(effective: day, rank: row.bigEndian(at: 8, bytes: 8))
    }
    head = StreamHead(
      state: state, events: events, last: last,
      amended: flags & 1 != 0)
  }
}

extension SharedStreams {
  /// A stored row with the state that the row of a shared stream leaves out.
  func completed(_ row: HeadRow, of stream: StreamID) -> HeadRow {
    guard stream.kind.isShared, let head = head(of: stream) else { return row }
    return HeadRow(head: head, positions: row.positions)
  }
}

/// The kinds of streams that are few and shared: their states and histories stay in memory, and
/// what depends on them is joined at read.
extension StreamKind {
  public var isShared: Bool {
    switch self {
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      true
    case .officer, .enrolment, .submission, .credential, .skillClaim, .duty: false
    }
  }
}
