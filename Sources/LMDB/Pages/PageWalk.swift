import Glibc

/// Visits every page that a data file's newest snapshot uses, without LMDB: for each page it
/// decides whether LMDB may safely read it, and whether each row is what was written.
///
/// What is checked: of a page its number, kind, bounds, the offsets and lengths of its nodes; that
/// keys ascend and stay between those of the branch above; that long values have their pages; that
/// all leaves are equally deep; that rows and pages are as many as the tree says; that no page is
/// used twice, and none that is listed as free; each row's checksum, where rows have one.
public final class PageWalk {
  public struct Options: Sendable {
    /// Rows of every table have checksums; see `Environment.Options`.
    public var rowChecksums = true
    /// The tables that there are; nil: whichever.
    public var tables: Set<String>?
    /// The tables of an older format, whose rows have no checksums.
    public var olderTables: Set<String>?
    /// Tables whose numbers begin with 0 and leave none out.
    public var contiguousTables: Set<String> = []
    /// Damages that are kept; those beyond are only counted.
    public var damagesMax = 64

    public init(
      rowChecksums: Bool = true, tables: Set<String>? = nil, olderTables: Set<String>? = nil,
      contiguousTables: Set<String> = []
    ) {
      self.rowChecksums = rowChecksums
      self.tables = tables
      self.olderTables = olderTables
      self.contiguousTables = contiguousTables
    }
  }

  public struct Report: Sendable {
    public var pages = 0
    public var rows = 0
    public var pageBytes = 0
    public var damages: [PageDamage] = []
    public var damageCount = 0
    /// A page itself is damaged: LMDB must not open the file. Otherwise only rows are damaged.
    public var isStructural = false
    /// The tables are those of the older format.
    public var isOlder = false
    /// Rows that were read, of each table.
    public var tables: [String: Int] = [:]

    public var isWhole: Bool { damageCount == 0 }
    public var bytes: Int { pages * pageBytes }

    /// The first damages in a sentence, and how many there are.
    public var sentence: String {
      let first = damages.prefix(5).map(\.sentence).joined(separator: "; ")
      return damageCount > 5 ? "\(first); and \(damageCount - 5) more" : first
    }
  }

  public typealias RowBody = (_ table: String, _ key: RawSpan, _ value: RawSpan) throws -> Void

  let read: (Int, UnsafeMutableRawBufferPointer) -> Int32
  let meta: MetaPage
  let options: Options
  let body: RowBody?
  var report = Report()
  var used: [UInt64]
  /// One page for each level that the walk is at.
  var buffers: [UnsafeMutableRawBufferPointer] = []
  /// The pages of a long value.
  var long: UnsafeMutableRawBufferPointer
  /// Tables as the main tree names them.
  private(set) var found: [(name: String, record: TreeRecord, page: UInt64)] = []

  /// Of a slice (see `TableScan`): what the table counts.
  var entries: UInt64?
  /// Rows before this key are passed over.
  var start: [UInt8]?
  var isTimeUp: (() -> Bool)?
  /// The first row that was not read.
  var stoppedBefore: [UInt8]?

  /// - Parameter body: lent each row that is whole, in the order of the keys, the value without its
  ///   checksum.
  init(
    _ meta: MetaPage, options: Options, body: RowBody? = nil,
    read: @escaping (Int, UnsafeMutableRawBufferPointer) -> Int32
  ) {
    (self.read, self.meta, self.options, self.body) = (read, meta, options, body)
    used = [UInt64](repeating: 0, count: Int(meta.lastPage / 64) + 1)
    long = .allocate(byteCount: 1 << 16, alignment: 16)
    report.pageBytes = meta.pageBytes
  }

  deinit {
    long.deallocate()
    for buffer in buffers { buffer.deallocate() }
  }

  /// Walks the newest snapshot of a file that nobody writes to meanwhile.
  ///
  /// - Parameter body: lent each row that is whole; what it throws ends the walk.
  /// - Throws: `CancellationError` soon after the task that it runs in is cancelled.
  public static func run(
    _ file: DataFile, options: Options = .init(), body: RowBody? = nil
  ) throws -> Report {
    file.expectAllToBeRead()
    let walk = PageWalk(file.meta, options: options, body: body) { file.read($0, $1) }
    return try walk.run()
  }

  func run() throws -> Report {
    use(0)
    use(1)
    var free = TreeWalk(table: nil, record: meta.free, kind: .free)
    try walk(&free)
    var main = TreeWalk(table: nil, record: meta.main, kind: .main)
    try walk(&main)
    let names = Set(found.map(\.name))
    report.isOlder = names == options.olderTables
    if let tables = options.tables, names != tables, !report.isOlder, report.isWhole {
      let expected = tables.sorted().joined(separator: ", ")
      let there = names.sorted().joined(separator: ", ")
      damage(
        PageDamage(
          page: meta.main.root, problem: "its tables are \(there), and should be \(expected)"))
    }
    let hasChecksums = options.rowChecksums && !report.isOlder
    for table in found {
      var tree = TreeWalk(table: table.name, record: table.record, kind: .table)
      tree.seed = hasChecksums ? RowChecksum.seed(table: table.name) : nil
      tree.isContiguous = options.contiguousTables.contains(table.name)
      if let problem = table.record.problem(lastPage: meta.lastPage) {
        damage(PageDamage(page: table.page, table: table.name, problem: problem))
        continue
      }
      try walk(&tree)
      report.tables[table.name] = tree.rows
    }
    return report
  }

  /// Marks a page as used; false when it was already.
  @discardableResult
  func use(_ page: UInt64) -> Bool {
    let (word, bit) = (Int(page / 64), UInt64(1) << (page % 64))
    if used[word] & bit != 0 { return false }
    used[word] |= bit
    return true
  }

  func damage(_ damage: PageDamage, isStructural: Bool = true) {
    report.damageCount += 1
    if isStructural { report.isStructural = true }
    if report.damages.count < options.damagesMax { report.damages.append(damage) }
  }

  func note(table name: String, _ record: TreeRecord, page: UInt64) {
    found.append((name, record, page))
  }

  func visitRoot(_ tree: inout TreeWalk) throws {
    guard tree.record.root != PageLayout.noPage else { return }
    try visit(tree.record.root, level: 1, &tree, lower: nil, upper: nil)
  }

  func walk(_ tree: inout TreeWalk) throws {
    let record = tree.record
    let before = report.damageCount
    try visitRoot(&tree)
    // What was left out is not counted twice.
    guard report.damageCount == before else { return }
    let counts = [
      ("rows", record.entries, UInt64(tree.rows)),
      ("branch pages", record.branchPages, tree.branchPages),
      ("leaf pages", record.leafPages, tree.leafPages),
      ("pages of long values", record.overflowPages, tree.overflowPages),
    ]
    for (what, said, found) in counts where said != found {
      damage(
        PageDamage(
          page: record.root == PageLayout.noPage ? 0 : record.root, table: tree.table,
          problem: "there are \(found) \(what) and it counts \(said)"))
    }
  }
}

/// The state of the walk through one tree.
struct TreeWalk {
  enum Kind { case free, main, table }

  /// Nil for LMDB's own trees.
  let table: String?
  let record: TreeRecord
  let kind: Kind
  var seed: UInt32?
  var isContiguous = false
  var rows = 0
  var branchPages: UInt64 = 0
  var leafPages: UInt64 = 0
  var overflowPages: UInt64 = 0
  /// Of a table of numbers without gaps.
  var expected: UInt64 = 0

  init(table: String?, record: TreeRecord, kind: Kind) {
    (self.table, self.record, self.kind) = (table, record, kind)
  }

  var integerKeys: Bool { record.flags & PageLayout.integerKeys != 0 }

  func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    if integerKeys {
      let (x, y) = (a.u64(0), b.u64(0))
      return x < y ? -1 : x == y ? 0 : 1
    }
    guard let x = a.baseAddress, let y = b.baseAddress else { return a.count - b.count }
    let order = memcmp(x, y, min(a.count, b.count))
    return order != 0 ? Int(order) : a.count - b.count
  }

  func describe(_ key: UnsafeRawBufferPointer) -> String {
    if integerKeys, key.count == 8 { return "position \(key.u64(0))" }
    return "key \"\(Table.printable(key))\""
  }

  /// The rows between two keys of a branch, for people.
  func describe(
    from lower: UnsafeRawBufferPointer?, to upper: UnsafeRawBufferPointer?
  ) -> String? {
    if integerKeys {
      guard let upper else { return "positions from \(lower?.u64(0) ?? 0) on" }
      return "positions \(lower?.u64(0) ?? 0) to \(upper.u64(0) &- 1)"
    }
    switch (lower, upper) {
    case (nil, nil): return nil
    case (let lower?, nil): return "rows from \(describe(lower)) on"
    case (nil, let upper?): return "rows before \(describe(upper))"
    case (let lower?, let upper?): return "rows from \(describe(lower)) to \(describe(upper))"
    }
  }
}
