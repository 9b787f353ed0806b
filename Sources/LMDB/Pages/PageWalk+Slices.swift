import CLMDB
import Glibc

/// Goes over a table of an environment that is in use, a slice at a time, each slice by a snapshot
/// of its own: pages and rows are checked as `PageWalk` does it. Of what only a whole snapshot can
/// tell, a slice sees its part: that no page of it is used twice or listed as free.
public final class TableScan {
  /// How far the rows are read, and by the snapshot of which transaction.
  public struct Slice: Sendable {
    /// Rows before this key were read; nil: all of them.
    public var end: [UInt8]?
    public var transaction: UInt64
    public var damages: [PageDamage]
    public var rows: Int
    public var bytes: Int
    /// Rows that the table counts, all together; nil where its record could not be read.
    public var entries: UInt64?
  }

  private let environment: Environment
  private let reader: Reader
  private let file: DataFile
  private let table: Table

  public init(_ environment: Environment, _ table: Table) throws {
    (self.environment, self.table) = (environment, table)
    file = try DataFile(folder: environment.folder)
    do {
      reader = try environment.makeReader()
    } catch {
      file.close()
      throw error
    }
  }

  public func end() {
    reader.end()
    file.close()
  }

  /// Reads rows from a key on until there are none or the time is up.
  ///
  /// - Parameters:
  ///   - key: nil: from the first.
  ///   - isTimeUp: asked after each leaf page.
  ///   - body: lent each row that is whole.
  public func slice(
    from key: [UInt8]?, isTimeUp: @escaping () -> Bool, _ body: @escaping PageWalk.RowBody
  ) throws -> Slice {
    let snapshot = try reader.begin()
    defer { reader.rest() }
    let transaction = UInt64(mdb_txn_id(snapshot.txn))
    guard let meta = try meta(of: transaction) else {
      // Two commits passed meanwhile: the next try is later.
      return Slice(end: key ?? [], transaction: transaction, damages: [], rows: 0, bytes: 0)
    }
    let file = self.file
    let walk = PageWalk(
      meta, options: .init(rowChecksums: table.checksumSeed != nil), body: body
    ) { file.read($0, $1) }
    walk.start = key.map { $0.isEmpty ? nil : $0 } ?? nil
    walk.isTimeUp = isTimeUp
    try walk.run(table: table.name)
    return Slice(
      end: walk.stoppedBefore, transaction: transaction, damages: walk.report.damages,
      rows: walk.report.rows, bytes: walk.report.bytes, entries: walk.entries)
  }

  /// The meta page of a transaction whose snapshot is held; nil when it may have been written over.
  private func meta(of transaction: UInt64) throws(StoreFailure) -> MetaPage? {
    let number = Int(transaction % 2)
    var bytes = [UInt8](repeating: 0, count: PageLayout.metaEnd)
    func read(_ number: Int) throws(StoreFailure) {
      let code = bytes.withUnsafeMutableBytes { file.read(number * file.meta.pageBytes, $0) }
      guard code == 0 else { throw StoreFailure(code, doing: "reading \(file.path)") }
    }
    try read(number)
    let found = bytes.withUnsafeBytes { raw in
      Result { () throws(PageDamage) in try MetaPage(raw, number: number) }
    }
    // The page is written by every other transaction, after the one between has written the other.
    try read(1 - number)
    guard bytes.withUnsafeBytes({ $0.u64(144) }) < transaction else { return nil }
    switch found {
    case .success(let meta): return meta.transaction == transaction ? meta : nil
    case .failure(let damage):
      throw StoreFailure(.damagedFile(damage.sentence), doing: "reading \(file.path)")
    }
  }
}

extension PageWalk {
  /// Pages of the list of free pages that are read for a slice: a longer one, as after much was
  /// deleted at once, would take the slice's time.
  private static let freeListPagesMax: UInt64 = 256

  /// Walks one table from `start` on, as far as time allows.
  func run(table name: String) throws {
    use(0)
    use(1)
    let (from, timeUp) = (start, isTimeUp)
    (start, isTimeUp) = (nil, nil)
    // What is free in a snapshot is in none of its trees, and no page of either is written over
    // while it is held.
    if meta.free.leafPages + meta.free.overflowPages <= Self.freeListPagesMax {
      var free = TreeWalk(table: nil, record: meta.free, kind: .free)
      try walk(&free)
    }
    let before = report.damageCount
    var main = TreeWalk(table: nil, record: meta.main, kind: .main)
    try visitRoot(&main)
    (start, isTimeUp) = (from, timeUp)
    guard report.damageCount == before else { return }
    guard let table = found.first(where: { $0.name == name }) else {
      return damage(PageDamage(page: meta.main.root, table: name, problem: "the table is missing"))
    }
    if let problem = table.record.problem(lastPage: meta.lastPage) {
      return damage(PageDamage(page: table.page, table: name, problem: problem))
    }
    entries = table.record.entries
    var tree = TreeWalk(table: name, record: table.record, kind: .table)
    tree.seed = options.rowChecksums ? RowChecksum.seed(table: name) : nil
    try visitRoot(&tree)
  }
}
