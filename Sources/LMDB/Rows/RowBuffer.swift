import Glibc

/// Rows of keys and values in one piece of memory, in the order in which they were added until
/// they are sorted. Belongs to one thread at a time.
///
/// ```
/// 0           2             6      6 + key length
/// key length  value length  key    value
/// u16         u32
/// ```
public final class RowBuffer: @unchecked Sendable {
  /// A row as the sort sees it: the eight bytes of its key after what all keys share, and where it
  /// stands.
  private struct Entry {
    var head: UInt64
    var offset: Int
  }

  static let headLength = 6

  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// Bytes of the rows.
  public private(set) var byteCount = 0
  public private(set) var count = 0
  private var order: [Entry]?

  public init(reserving capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  // Memory only: nobody can see when it goes.
  deinit { base.deallocate() }

  public func removeAll() {
    (byteCount, count, order) = (0, 0, nil)
  }

  public func add(_ key: RawSpan, _ value: RawSpan) {
    key.withUnsafeBytes { key in value.withUnsafeBytes { add(key, $0) } }
  }

  public func add(_ key: [UInt8], _ value: [UInt8]) {
    key.withUnsafeBytes { key in value.withUnsafeBytes { add(key, $0) } }
  }

  private func add(_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    precondition(key.count <= WriteTransaction.keyLengthMax, "a key has at most 511 bytes")
    let needed = Self.headLength + key.count + value.count
    reserve(needed)
    let row = base + byteCount
    row.storeBytes(of: UInt16(key.count), as: UInt16.self)
    row.storeBytes(of: UInt32(value.count), toByteOffset: 2, as: UInt32.self)
    if let from = key.baseAddress { memcpy(row + Self.headLength, from, key.count) }
    if let from = value.baseAddress { memcpy(row + Self.headLength + key.count, from, value.count) }
    byteCount += needed
    count += 1
    order = nil
  }

  private func reserve(_ more: Int) {
    guard byteCount + more > capacity else { return }
    capacity = max(capacity * 2, byteCount + more)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    memcpy(larger, base, byteCount)
    base.deallocate()
    base = larger
  }

  // MARK: sorted

  /// Puts the rows in the order of their keys; rows of one key stay in the order in which they were
  /// added.
  public func sort() {
    guard order == nil else { return }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    var offset = 0
    var shared = Int.max
    while offset < byteCount {
      entries.append(Entry(head: 0, offset: offset))
      shared = min(shared, sharedLength(0, offset, atMost: shared))
      offset += row(offset).length
    }
    for at in entries.indices { entries[at].head = head(entries[at].offset, after: shared) }
    entries.sort { a, b in
      if a.head != b.head { return a.head < b.head }
      let difference = Self.compare(row(a.offset).key, row(b.offset).key)
      return difference != 0 ? difference < 0 : a.offset < b.offset
    }
    order = entries
  }

  private func sharedLength(_ a: Int, _ b: Int, atMost: Int) -> Int {
    let (first, second) = (row(a).key, row(b).key)
    let most = min(first.count, second.count, atMost)
    if memcmp(first.baseAddress!, second.baseAddress!, most) == 0 { return most }
    var at = 0
    while first[at] == second[at] { at += 1 }
    return at
  }

  private func head(_ offset: Int, after shared: Int) -> UInt64 {
    let key = row(offset).key
    var head: UInt64 = 0
    for at in shared..<(shared + 8) { head = head << 8 | (at < key.count ? UInt64(key[at]) : 0) }
    return head
  }

  static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
    let difference = memcmp(a.baseAddress!, b.baseAddress!, min(a.count, b.count))
    return difference != 0 ? Int(difference) : a.count - b.count
  }

  // MARK: read

  struct Row {
    var key: UnsafeRawBufferPointer
    var value: UnsafeRawBufferPointer

    var length: Int { RowBuffer.headLength + key.count + value.count }

    init(at address: UnsafeRawPointer) {
      let keyLength = Int(address.loadUnaligned(as: UInt16.self))
      let valueLength = Int(address.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
      key = UnsafeRawBufferPointer(start: address + RowBuffer.headLength, count: keyLength)
      value = UnsafeRawBufferPointer(
        start: address + RowBuffer.headLength + keyLength, count: valueLength)
    }
  }

  private func row(_ offset: Int) -> Row { Row(at: base + offset) }

  /// The row at a place of the order.
  func sorted(_ at: Int) -> Row {
    guard let order else { preconditionFailure("the rows are sorted before they are read") }
    return row(order[at].offset)
  }

  /// Lends the rows in the order of their keys.
  public func forEach<E: Error>(
    _ body: (_ key: RawSpan, _ value: RawSpan) throws(E) -> Void
  ) throws(E) {
    sort()
    for at in 0..<count {
      let row = sorted(at)
      try body(RawSpan(_unsafeBytes: row.key), RawSpan(_unsafeBytes: row.value))
    }
  }

  // MARK: files

  /// Writes the rows at the end of a file: sorted where they were sorted.
  func write(to file: Int32) throws(StoreFailure) {
    guard let order else {
      return try Self.write(UnsafeRawBufferPointer(start: base, count: byteCount), to: file)
    }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    var filled = 0
    for entry in order {
      let row = row(entry.offset)
      let bytes = UnsafeRawBufferPointer(start: base + entry.offset, count: row.length)
      if filled + bytes.count > piece.count {
        try Self.write(UnsafeRawBufferPointer(rebasing: piece[..<filled]), to: file)
        filled = 0
      }
      if bytes.count > piece.count {
        try Self.write(bytes, to: file)
      } else {
        memcpy(piece.baseAddress! + filled, bytes.baseAddress!, bytes.count)
        filled += bytes.count
      }
    }
    try Self.write(UnsafeRawBufferPointer(rebasing: piece[..<filled]), to: file)
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to file: Int32
  ) throws(StoreFailure) {
    var at = 0
    while at < bytes.count {
      let written = Glibc.write(file, bytes.baseAddress! + at, bytes.count - at)
      guard written > 0 else {
        if errno == EINTR { continue }
        throw StoreFailure(errno, doing: "writing a run of rows")
      }
      at += written
    }
  }

  /// Adds the rows that a file holds.
  func read(from file: Int32) throws(StoreFailure) {
    let length = Int(lseek(file, 0, SEEK_END))
    reserve(length)
    var at = 0
    while at < length {
      let got = pread(file, base + byteCount + at, length - at, at)
      guard got > 0 else { throw StoreFailure(errno, doing: "reading a run of rows") }
      at += got
    }
    var offset = byteCount
    byteCount += length
    while offset < byteCount {
      offset += row(offset).length
      count += 1
    }
    order = nil
  }
}
