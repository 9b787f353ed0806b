import Failures

/// Where the fields of LMDB's pages stand (0.9.x on 64-bit machines, numbers in the machine's
/// order): `MDB_page`, `MDB_node`, `MDB_db` and `MDB_meta` of mdb.c.
///
/// ```
/// page   0 page number u64 | 8 pad u16 | 10 flags u16 | 12 lower u16 | 14 upper u16 | 16 offsets
///                                                     | 12 page count u32, of a long value
/// node   0 low u16 | 2 high u16 | 4 flags u16 | 6 key length u16 | 8 key, value
///        leaf: low and high are the value's length; branch: low, high, flags the child's number
/// meta   16 magic u32 | 20 version u32 | 24 address | 32 map size | 40 free tree | 88 main tree
///        136 last page u64 | 144 transaction u64
/// tree   0 pad u32 (page size) | 4 flags u16 | 6 depth u16 | 8 branch pages | 16 leaf pages
///        24 pages of long values | 32 entries | 40 root
/// ```
enum PageLayout {
  static let headerLength = 16
  static let pageCountOffset = 12
  static let nodeLength = 8
  static let treeLength = 48
  static let metaEnd = 152
  static let magic: UInt32 = 0xBEEF_C0DE
  static let version: UInt32 = 1
  /// LMDB's stack of pages in a cursor.
  static let depthMax = 32
  static let noPage = UInt64.max
  /// Our values are far shorter: a longer one is a damaged length.
  static let valueLengthMax = 256 << 20

  enum PageFlag {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let meta: UInt16 = 0x08
  }

  enum NodeFlag {
    static let longValue: UInt16 = 0x01
    static let tree: UInt16 = 0x02
  }

  static let integerKeys: UInt16 = 0x08
}

extension UnsafeRawBufferPointer {
  func u16(_ offset: Int) -> UInt16 { loadUnaligned(fromByteOffset: offset, as: UInt16.self) }
  func u32(_ offset: Int) -> UInt32 { loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
  func u64(_ offset: Int) -> UInt64 { loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
}

/// A tree as the meta page or its entry in the main tree describes it (`MDB_db`).
struct TreeRecord: Hashable {
  var pad: UInt32
  var flags: UInt16
  var depth: UInt16
  var branchPages: UInt64
  var leafPages: UInt64
  var overflowPages: UInt64
  var entries: UInt64
  var root: UInt64

  init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    pad = bytes.u32(offset)
    flags = bytes.u16(offset + 4)
    depth = bytes.u16(offset + 6)
    branchPages = bytes.u64(offset + 8)
    leafPages = bytes.u64(offset + 16)
    overflowPages = bytes.u64(offset + 24)
    entries = bytes.u64(offset + 32)
    root = bytes.u64(offset + 40)
  }

  /// What is wrong with it where the file ends with a page; nil when it may be read.
  func problem(lastPage: UInt64) -> String? {
    if root == PageLayout.noPage {
      return depth == 0 && entries == 0 ? nil : "an empty tree counts \(entries) rows"
    }
    if root < 2 || root > lastPage { return "its root is page \(root) of \(lastPage)" }
    if depth == 0 || Int(depth) > PageLayout.depthMax { return "it is \(depth) levels deep" }
    if entries == 0 { return "it has pages and no row" }
    return nil
  }
}

/// A meta page: where a snapshot begins.
struct MetaPage: Hashable {
  var pageBytes: Int
  var free: TreeRecord
  var main: TreeRecord
  var lastPage: UInt64
  var transaction: UInt64

  /// - Parameters:
  ///   - bytes: `PageLayout.metaEnd` of them.
  ///   - number: 0 or 1.
  init(_ bytes: UnsafeRawBufferPointer, number: Int) throws(PageDamage) {
    func refuse(_ problem: String) -> PageDamage {
      PageDamage(page: UInt64(number), problem: "\(problem) (meta page)")
    }
    guard bytes.contains(where: { $0 != 0 }) else { throw refuse("it is all zeroes") }
    guard bytes.u64(0) == UInt64(number) else { throw refuse("it says it is page \(bytes.u64(0))") }
    guard bytes.u16(10) == PageLayout.PageFlag.meta else {
      throw refuse("its kind is \(bytes.u16(10))")
    }
    guard bytes.u32(16) == PageLayout.magic else { throw refuse("it is not LMDB's") }
    guard bytes.u32(20) == PageLayout.version else {
      throw refuse("it has version \(bytes.u32(20)), not \(PageLayout.version)")
    }
    guard bytes.u64(24) == 0 else { throw refuse("it names a fixed address") }
    free = TreeRecord(bytes, at: 40)
    main = TreeRecord(bytes, at: 88)
    lastPage = bytes.u64(136)
    transaction = bytes.u64(144)
    pageBytes = Int(free.pad)
    guard (4096...65536).contains(pageBytes), pageBytes & (pageBytes - 1) == 0 else {
      throw refuse("it says that pages have \(pageBytes) bytes")
    }
    // The free tree's flags are the environment's too: numbers as keys, and nothing else.
    guard free.flags == PageLayout.integerKeys, main.flags == 0, main.pad == 0 else {
      throw refuse("its flags are \(free.flags) and \(main.flags)")
    }
    guard lastPage >= 1, lastPage < 1 << 47 else { throw refuse("its last page is \(lastPage)") }
    for tree in [free, main] {
      if let problem = tree.problem(lastPage: lastPage) { throw refuse(problem) }
    }
    // Transaction N writes meta page N % 2.
    guard transaction & 1 == UInt64(number) || transaction == 0 else {
      throw refuse("transaction \(transaction) does not write there")
    }
  }
}

/// A place in a data file that is not as LMDB left it.
public struct PageDamage: ExplainedError, Hashable, Sendable {
  public var page: UInt64
  /// Where it can be told.
  public var table: String?
  /// The row, or the rows, that cannot be read.
  public var rows: String?
  public var problem: String

  init(page: UInt64, table: String? = nil, rows: String? = nil, problem: String) {
    (self.page, self.table, self.rows, self.problem) = (page, table, rows, problem)
  }

  public var sentence: String {
    let place = table.map { " (table \($0)\(rows.map { ", \($0)" } ?? ""))" } ?? ""
    return "page \(page)\(place) is damaged: \(problem)"
  }
}
