import EventLog
import Files
import Foundation
import LMDB
import Locking
import Messages
import OrderedCollections
import Registry

/// The folder of computed tables: one generation of `data/views`.
public final class Views {
  /// Names what wrote the rows: another one has them rebuilt.
  public static let fingerprint = "11 rules \(rulesRevision) schema \(Schema.revision)"

  public let environment: Environment
  public let folder: String
  /// Of credentials and officers.
  public let marks = InvalidationStamps()
  /// In the order of `ViewTable.index`.
  let tables: [Table]
  /// Table's name → `RowSetDigest` of its rows, written in each commit that changes them.
  let digestTable: Table
  let recorders = ChangeRecorders()
  let digestWorker = DigestWorker()

  /// The tables of the environment.
  public static let tableNames = ViewTable.allCases.map(\.rawValue) + ["digests"]

  /// - Parameter isReadOnly: nothing is written, and what is missing is not begun.
  public init(
    folder: String, mapSizeBytes: Int = 256 << 30, isReadOnly: Bool = false
  ) throws {
    if !isReadOnly { _ = try File.makeFolder(folder) }
    self.folder = folder
    environment = try Environment(
      folder: folder,
      options: .init(
        tables: Self.tableNames, durability: .unsynced, mapSizeBytes: mapSizeBytes,
        rowChecksums: true, isReadOnly: isReadOnly))
    let environment = self.environment
    digestTable = environment.table("digests")
    tables = ViewTable.allCases.sorted { $0.index < $1.index }.map {
      environment.table($0.rawValue)
    }
  }

  public subscript(_ table: ViewTable) -> Table { tables[table.index] }

  /// The number of events that the views know.
  public func position(_ snapshot: Snapshot) throws(StoreFailure) -> LogPosition {
    try snapshot.get(self[.meta], ViewKey.position) { $0.bigEndian(at: 0, bytes: 8) } ?? 0
  }

  /// Whether what they say of their position fits what they hold: an id for each event.
  ///
  /// Rows have checksums, but a row that was written wrong has a right one; views caught up from
  /// another position than theirs would have events twice, or not at all.
  public func problem(_ snapshot: Snapshot) throws(StoreFailure) -> String? {
    let (position, ids) = (try position(snapshot), UInt64(try snapshot.count(self[.ids])))
    return position == ids
      ? nil : "they say that they know \(position) events, and have the ids of \(ids)"
  }

  func write(position: LogPosition, _ transaction: WriteTransaction) throws(StoreFailure) {
    var value: [UInt8] = []
    value.append(bigEndian: position)
    try transaction.put(self[.meta], ViewKey.position, value)
  }

  /// Nobody may be reading or writing.
  public func close() {
    digestWorker.stop()
    environment.close()
  }
}

extension Views {
  /// A stream's head and positions, as stored.
  public func headRow(
    _ stream: StreamID, _ snapshot: Snapshot, arena: Arena
  ) throws -> HeadRow? {
    let found = try snapshot.get(self[.heads], ViewKey.of(stream)) { row in
      Result { () throws(DecodeFailure) in try HeadRow(row, arena: arena) }
    }
    do { return try found?.get() } catch { throw unreadable(stream) }
  }

  /// Of a head whose checksum is right and that says nothing that can be.
  func unreadable(_ stream: StreamID) -> StoreFailure {
    StoreFailure(
      .corruptRow(table: ViewTable.heads.rawValue, row: "key \"\(stream.text)\""),
      doing: "reading \(folder)")
  }

  /// The positions of a stream's events, oldest first.
  public func positions(
    of stream: StreamID, _ row: HeadRow, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [LogPosition] {
    guard row.chunks > 0 else { return row.positions }
    var positions: [LogPosition] = []
    try snapshot.scan(self[.chunks], prefix: ViewKey.prefix(stream)) { _, value in
      for at in stride(from: 0, to: value.byteCount, by: 8) {
        positions.append(value.bigEndian(at: at, bytes: 8))
      }
      return true
    }
    return positions + row.positions
  }

  /// Every stream that touches an officer, with the position of its last event that does.
  public func streams(
    touching officer: Identifier, before position: LogPosition = .max, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [StreamID] {
    var streams: OrderedSet<StreamID> = []
    let prefix = ViewKey.prefix(officer)
    try snapshot.scan(self[.subjects], prefix: prefix) { key, value in
      guard key.bigEndian(at: key.byteCount - 8, bytes: 8) < position else { return false }
      if let stream = StreamID(value) { streams.append(stream) }
      return true
    }
    return streams.elements
  }

  /// The position and the proposal's digest of an event.
  public func event(
    _ id: EventID, _ snapshot: Snapshot
  ) throws(StoreFailure) -> (position: LogPosition, digest: [UInt8])? {
    try snapshot.get(self[.ids], id.bytes) { row in
      // Of a row that is cut, a position that there is not.
      row.byteCount < 8
        ? (.max, []) : (row.bigEndian(at: 0, bytes: 8), row.bytes(8..<row.byteCount))
    }
  }

  /// Officers after one of whom something was ever sealed, in their order, each with the position
  /// of the first event with which it was.
  public func sealed(
    after officer: Identifier?, limit: Int, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [(officer: Identifier, position: LogPosition)] {
    var found: [(officer: Identifier, position: LogPosition)] = []
    try snapshot.scan(self[.sealed], from: officer.map { .key(ViewKey.of($0)) } ?? .first) {
      key, value in
      guard let id = Identifier(key), id != officer else { return true }
      found.append((id, value.bigEndian(at: 0, bytes: 8)))
      return found.count < limit
    }
    return found
  }

  public func sealedCount(_ snapshot: Snapshot) throws(StoreFailure) -> Int {
    try snapshot.count(self[.sealed])
  }

  public func credential(
    issuer: Identifier, number: String, _ snapshot: Snapshot
  ) throws(StoreFailure) -> Identifier? {
    try identifier(.certificates, ViewKey.parts(issuer, number), snapshot)
  }

  func identifier(
    _ table: ViewTable, _ key: [UInt8], _ snapshot: Snapshot
  ) throws(StoreFailure) -> Identifier? {
    try snapshot.get(self[table], key) { row in
      Identifier(row)
    } ?? nil
  }
}
