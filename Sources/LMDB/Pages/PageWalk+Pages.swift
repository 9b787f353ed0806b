import Glibc

extension PageWalk {
  private typealias Bytes = UnsafeRawBufferPointer
  /// Pages between looks at whether the walk's task was cancelled: a megabyte.
  private static let pagesAtOnce = 256

  /// Walks a page and what is below it.
  ///
  /// - Parameters:
  ///   - lower: keys are not less; nil at the tree's left edge.
  ///   - upper: keys are less; nil at its right edge.
  func visit(
    _ number: UInt64, level: Int, _ tree: inout TreeWalk,
    lower: UnsafeRawBufferPointer?, upper: UnsafeRawBufferPointer?
  ) throws {
    func refuse(_ problem: String) {
      damage(
        PageDamage(
          page: number, table: tree.table, rows: tree.describe(from: lower, to: upper),
          problem: problem))
      // The rows that are lost with it are named already.
      if tree.isContiguous { tree.expected = upper?.u64(0) ?? UInt64.max }
    }
    guard number >= 2, number <= meta.lastPage else {
      return refuse("the file's pages are 2 to \(meta.lastPage)")
    }
    guard use(number) else { return refuse("it is used twice") }
    if buffers.count < level {
      buffers.append(.allocate(byteCount: meta.pageBytes, alignment: 16))
    }
    let buffer = buffers[level - 1]
    let code = read(Int(number) * meta.pageBytes, buffer)
    guard code == 0 else {
      return refuse(
        code == ENODATA
          ? "the file ends before it" : "reading it: \(String(cString: strerror(code)))")
    }
    report.pages += 1
    // A file may have millions of pages, and whoever asked for the walk may be asked to stop.
    if report.pages % Self.pagesAtOnce == 1 { try Task.checkCancellation() }
    let page = Bytes(buffer)
    let isLeaf = level == Int(tree.record.depth)
    if let problem = problem(of: page, number, isLeaf: isLeaf, tree) { return refuse(problem) }
    let count = (Int(page.u16(12)) - PageLayout.headerLength) / 2
    if isLeaf {
      tree.leafPages += 1
      if let problem = orderProblem(page, count, tree, lower, upper, from: 0) {
        return refuse(problem)
      }
      for at in 0..<count {
        let node = Self.node(page, at)
        if let start, start.withUnsafeBytes({ tree.compare(Self.key(node), $0) }) < 0 { continue }
        try visit(row: node, on: number, &tree)
      }
      if let isTimeUp, isTimeUp() { stoppedBefore = upper.map(Array.init) }
    } else {
      tree.branchPages += 1
      // A branch's first key is not looked at, and is often empty.
      if let problem = orderProblem(page, count, tree, lower, upper, from: 1) {
        return refuse(problem)
      }
      for at in 0..<count {
        let node = Self.node(page, at)
        let child =
          UInt64(node.u16(0)) | UInt64(node.u16(2)) << 16 | UInt64(node.u16(4)) << 32
        let next = at + 1 < count ? Self.key(Self.node(page, at + 1)) : upper
        if let start, let next, start.withUnsafeBytes({ tree.compare(next, $0) }) <= 0 { continue }
        if stoppedBefore != nil { return }
        try visit(
          child, level: level + 1, &tree, lower: at == 0 ? lower : Self.key(node), upper: next)
      }
    }
  }

  /// The bytes of a node and what stands behind it on the page.
  private static func node(_ page: Bytes, _ at: Int) -> Bytes {
    Bytes(rebasing: page[Int(page.u16(PageLayout.headerLength + 2 * at))...])
  }

  private static func key(_ node: Bytes) -> Bytes {
    let length = Int(node.u16(6))
    return Bytes(rebasing: node[PageLayout.nodeLength..<(PageLayout.nodeLength + length)])
  }

  /// What is wrong with a page by itself: after this its nodes may be read.
  private func problem(
    of page: Bytes, _ number: UInt64, isLeaf: Bool, _ tree: TreeWalk
  ) -> String? {
    guard page.u64(0) == number else {
      return page.contains { $0 != 0 } ? "it says it is page \(page.u64(0))" : "it is all zeroes"
    }
    let kind = isLeaf ? PageLayout.PageFlag.leaf : PageLayout.PageFlag.branch
    guard page.u16(10) == kind else { return "its kind is \(page.u16(10)), not \(kind)" }
    let (lower, upper) = (Int(page.u16(12)), Int(page.u16(14)))
    guard lower >= PageLayout.headerLength, lower <= upper, upper <= page.count, lower % 2 == 0
    else { return "its free space is from \(lower) to \(upper)" }
    let count = (lower - PageLayout.headerLength) / 2
    // LMDB insists on it, but for its own list of free pages.
    guard count >= (isLeaf || tree.kind == .free ? 1 : 2) else { return "it has \(count) nodes" }
    var filled = 0
    for at in 0..<count {
      let offset = Int(page.u16(PageLayout.headerLength + 2 * at))
      guard offset >= upper, offset + PageLayout.nodeLength <= page.count, offset % 2 == 0 else {
        return "its node \(at) is at \(offset)"
      }
      let node = Bytes(rebasing: page[offset...])
      let keyLength = Int(node.u16(6))
      var length = PageLayout.nodeLength + keyLength
      if isLeaf {
        let flags = node.u16(4)
        let isLong = flags == PageLayout.NodeFlag.longValue
        let valueLength = Int(node.u16(0)) | Int(node.u16(2)) << 16
        let expected = tree.kind == .main ? PageLayout.NodeFlag.tree : 0
        guard flags == expected || (isLong && tree.kind != .main) else {
          return "the kind of its node \(at) is \(flags)"
        }
        guard valueLength <= PageLayout.valueLengthMax else {
          return "its node \(at) says that it has \(valueLength) bytes"
        }
        length += isLong ? 8 : valueLength
      }
      guard offset + length <= page.count else { return "its node \(at) reaches beyond it" }
      let isFirstOfBranch = !isLeaf && at == 0
      let keyLengths = tree.integerKeys ? 8...8 : 1...WriteTransaction.keyLengthMax
      guard keyLengths.contains(keyLength) || (isFirstOfBranch && keyLength <= 511) else {
        return "the key of its node \(at) has \(keyLength) bytes"
      }
      filled += (length + 1) & ~1
    }
    // Nodes stand side by side from the end of the page on.
    guard filled == page.count - upper else {
      return "its nodes take \(filled) bytes of \(page.count - upper)"
    }
    return nil
  }

  private func orderProblem(
    _ page: Bytes, _ count: Int, _ tree: TreeWalk, _ lower: Bytes?, _ upper: Bytes?,
    from first: Int
  ) -> String? {
    var last = lower
    for at in first..<count {
      let key = Self.key(Self.node(page, at))
      // The first may be what the branch above says; each other comes after the one before it.
      if let last, tree.compare(last, key) >= (at == first ? 1 : 0) {
        return "its keys do not ascend at node \(at)"
      }
      last = key
    }
    if let upper, let last, tree.compare(last, upper) >= 0 {
      return "its last key is not before that of the next page"
    }
    return nil
  }

  // MARK: rows

  private func visit(row node: Bytes, on page: UInt64, _ tree: inout TreeWalk) throws {
    let key = Self.key(node)
    tree.rows += 1
    let length = Int(node.u16(0)) | Int(node.u16(2)) << 16
    let place = PageLayout.nodeLength + key.count
    let value: Bytes
    if node.u16(4) & PageLayout.NodeFlag.longValue != 0 {
      guard let long = longValue(at: node.u64(place), length, key, &tree) else { return }
      value = long
    } else {
      value = Bytes(rebasing: node[place..<(place + length)])
    }
    switch tree.kind {
    case .free: noteFree(value, transaction: key.u64(0), on: page)
    case .main:
      guard length == PageLayout.treeLength else {
        return damage(
          PageDamage(page: page, problem: "\(tree.describe(key)) describes no table"))
      }
      let record = TreeRecord(value, at: 0)
      guard record.flags & ~PageLayout.integerKeys == 0 else {
        return damage(
          PageDamage(page: page, problem: "\(tree.describe(key)) has flags \(record.flags)"))
      }
      note(table: String(decoding: key, as: UTF8.self), record, page: page)
    case .table: try visit(key, stored: value, on: page, &tree)
    }
  }

  private func visit(
    _ key: Bytes, stored: Bytes, on page: UInt64, _ tree: inout TreeWalk
  ) throws {
    if tree.isContiguous {
      let number = key.u64(0)
      if number > tree.expected {
        damage(
          PageDamage(
            page: page, table: tree.table,
            rows: number - tree.expected == 1
              ? "position \(tree.expected)" : "positions \(tree.expected) to \(number - 1)",
            problem: "the rows are missing"), isStructural: false)
      }
      tree.expected = number &+ 1
    }
    var value = stored
    if let seed = tree.seed {
      guard let verified = RowChecksum.verified(key, stored, seed: seed) else {
        return damage(
          PageDamage(
            page: page, table: tree.table, rows: tree.describe(key),
            problem: "the row does not match its checksum"), isStructural: false)
      }
      value = verified
    }
    report.rows += 1
    if let body, let table = tree.table {
      try body(table, RawSpan(_unsafeBytes: key), RawSpan(_unsafeBytes: value))
    }
  }

  private func longValue(
    at number: UInt64, _ length: Int, _ key: Bytes, _ tree: inout TreeWalk
  ) -> Bytes? {
    func refuse(_ problem: String) -> Bytes? {
      damage(
        PageDamage(
          page: number, table: tree.table, rows: tree.describe(key), problem: problem))
      return nil
    }
    guard number >= 2, number <= meta.lastPage else {
      return refuse("the file's pages are 2 to \(meta.lastPage)")
    }
    let needed = (PageLayout.headerLength - 1 + length) / meta.pageBytes + 1
    guard UInt64(needed) <= meta.lastPage - number + 1 else {
      return refuse("a value of \(length) bytes does not fit behind it")
    }
    let byteCount = needed * meta.pageBytes
    if byteCount > long.count {
      long.deallocate()
      long = .allocate(byteCount: byteCount, alignment: 16)
    }
    let code = read(
      Int(number) * meta.pageBytes, UnsafeMutableRawBufferPointer(rebasing: long[..<byteCount]))
    guard code == 0 else {
      return refuse(
        code == ENODATA
          ? "the file ends before it" : "reading it: \(String(cString: strerror(code)))")
    }
    let pages = Bytes(long)
    guard pages.u64(0) == number else { return refuse("it says it is page \(pages.u64(0))") }
    guard pages.u16(10) == PageLayout.PageFlag.overflow else {
      return refuse("its kind is \(pages.u16(10)), not \(PageLayout.PageFlag.overflow)")
    }
    // A shorter value may have been written over one that had more.
    let count = UInt64(pages.u32(PageLayout.pageCountOffset))
    guard count >= UInt64(needed), count <= meta.lastPage - number + 1 else {
      return refuse("it says that it is \(count) pages of a value of \(length) bytes")
    }
    for page in number..<(number + count) where !use(page) { return refuse("it is used twice") }
    report.pages += Int(count)
    tree.overflowPages += count
    return Bytes(rebasing: pages[PageLayout.headerLength..<(PageLayout.headerLength + length)])
  }

  /// A list of pages that a transaction freed: their count, and then they.
  private func noteFree(_ value: Bytes, transaction: UInt64, on page: UInt64) {
    func refuse(_ problem: String) {
      damage(
        PageDamage(
          page: page, problem: "the list of pages that transaction \(transaction) freed: \(problem)"
        ))
    }
    guard transaction >= 1, transaction <= meta.transaction else {
      return refuse("the last transaction is \(meta.transaction)")
    }
    guard value.count >= 8, value.count % 8 == 0, value.u64(0) <= UInt64(value.count / 8 - 1) else {
      return refuse("it has \(value.count) bytes")
    }
    for at in 0..<Int(value.u64(0)) {
      let free = value.u64(8 * (at + 1))
      guard free >= 2, free <= meta.lastPage else { return refuse("page \(free)") }
      guard use(free) else { return refuse("page \(free) is used") }
    }
  }
}
