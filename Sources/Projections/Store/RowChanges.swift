import LMDB
import Messages
import Registry

/// Updates the tables' digests with the changes of a transaction. Rows are expanded into lanes by a
/// helper thread, a chunk at a time; what is left when the transaction ends the writer expands
/// itself.
///
/// A piece is records of rows, numbers big-endian:
/// ```
/// 0         1                    2               4                 8
/// table u8  1 added, 0 removed   key length u16  value length u32  key, value
/// ```
final class RowChanges: RowObserver {
  private static let pieceBytes = 16 << 10

  private let views: Views
  /// Number of a table of the environment → `ViewTable.index`.
  private let indices: [Int: Int]
  private var piece: [UInt8] = []
  private let sum = DigestDelta()
  /// For those who follow; nil where nobody does.
  private(set) var pieces: [[UInt8]]?

  init(_ views: Views, keepsPieces: Bool = false) {
    self.views = views
    indices = Dictionary(
      uniqueKeysWithValues: views.tables.enumerated().map { ($1.number, $0) })
    pieces = keepsPieces ? [] : nil
  }

  func removed(_ table: Table, _ key: RawSpan, _ value: RawSpan) { note(table, 0, key, value) }
  func added(_ table: Table, _ key: RawSpan, _ value: RawSpan) { note(table, 1, key, value) }

  private func note(_ table: Table, _ change: UInt8, _ key: RawSpan, _ value: RawSpan) {
    guard let index = indices[table.number] else { return }
    piece.append(UInt8(truncatingIfNeeded: index))
    piece.append(change)
    piece.append(bigEndian: UInt16(truncatingIfNeeded: key.byteCount))
    piece.append(bigEndian: UInt32(truncatingIfNeeded: value.byteCount))
    RawFields.append(key, to: &piece)
    RawFields.append(value, to: &piece)
    guard piece.count >= Self.pieceBytes else { return }
    pieces?.append(piece)
    views.digestWorker.add(piece, to: sum)
    piece = []
    piece.reserveCapacity(Self.pieceBytes + 1024)
  }

  /// Writes the digests of the tables that changed. Nothing may be changed after it.
  func write(_ transaction: WriteTransaction) throws {
    transaction.observer = nil
    if !piece.isEmpty {
      pieces?.append(piece)
      sum.add(piece)
      piece = []
    }
    views.digestWorker.finish(sum)
    for table in ViewTable.allCases {
      guard let change = sum.digests[table.index] else { continue }
      var digest = try views.kept(table, transaction)
      digest.add(change)
      try transaction.put(views.digestTable, Array(table.rawValue.utf8), digest.encoded)
    }
  }

  /// Lends the changes of a piece.
  static func forEach(
    in piece: [UInt8],
    _ body: (_ table: Int, _ isAdded: Bool, _ key: RawSpan, _ value: RawSpan) -> Void
  ) {
    let bytes = unsafe piece.span.bytes
    var at = 0
    while at < bytes.byteCount {
      let keyLength = Int(bytes.bigEndian(at: at + 2, bytes: 2))
      let valueLength = Int(bytes.bigEndian(at: at + 4, bytes: 4))
      let key = at + 8
      let value = key + keyLength
      body(
        Int(bytes[at]), bytes[at + 1] == 1, bytes.extracting(key..<value),
        bytes.extracting(value..<(value + valueLength)))
      at = value + valueLength
    }
  }
}

extension Views {
  /// Lends a write transaction that keeps the tables' digests up to date. See `Environment.write`.
  public func write<R>(_ body: (WriteTransaction) throws -> R) throws -> R {
    let recorder = recorders.begin()
    defer { recorders.end(of: recorder) }
    let changes = RowChanges(self, keepsPieces: recorder != nil)
    var transactionID: UInt64 = 0
    let result = try environment.write { transaction in
      transactionID = transaction.transactionID
      transaction.observer = changes
      let result = try body(transaction)
      try changes.write(transaction)
      return result
    }
    recorder?.note(changes.pieces ?? [], by: transactionID)
    return result
  }
}
