import Crypto
import Files

/// The file `index` beside the officers' keys: what reading all of them would find, as the last
/// clean stop knew it, so that a start need not read a million slots.
///
/// It counts only while the keys' file is the one that it names, unchanged since; it is taken away
/// before the first change. Where it is missing, old or damaged, the slots are read.
///
/// ```
/// 0     "ujuzikey", format u32, slots used u32
/// 16    of `officers`: length u64, number (inode) u64, written and changed, ns since 1970, i64 each
/// 48    slots in the file u32, holes u32, damaged slots (d) u32, superseded slots (s) u32
/// 64    officers (n) u64
/// 72    heads of the officers, n × u64, ascending; heads of the superseded slots, s × u64
///       slots of the officers, n × u32; superseded slots, s × u32; damaged slots, d × u32
/// end   SHA-256 of all before, 32
/// ```
/// Numbers are in the machine's order; another machine's is a format that is not known.
struct KeptIndex {
  private static let magic = Array("ujuzikey".utf8)
  private static let format: UInt32 = 1
  private static let headerLength = 72
  private static let digestLength = 32

  var file: File.Figures
  var count: UInt32
  var room: UInt32
  var holes: UInt32
  var index: KeyIndex
  /// Each with its officer, in the order in which they were superseded.
  var superseded: [(head: UInt64, slot: UInt32)]
  var damaged: [UInt32]

  init(
    file: File.Figures, count: UInt32, room: UInt32, holes: UInt32, index: KeyIndex,
    superseded: [(head: UInt64, slot: UInt32)], damaged: [UInt32]
  ) {
    (self.file, self.count, self.room, self.holes) = (file, count, room, holes)
    (self.index, self.superseded, self.damaged) = (index, superseded, damaged)
  }

  /// Nil where it is not whole, or of another format.
  init?(_ bytes: [UInt8]) {
    var reading = Numbers(bytes)
    guard bytes.count >= Self.headerLength + Self.digestLength,
      reading.take(bytes: Self.magic.count).elementsEqual(Self.magic),
      reading.next(UInt32.self) == Self.format
    else { return nil }
    count = reading.next(UInt32.self)
    file = File.Figures(
      byteCount: Int(clamping: reading.next(UInt64.self)), number: reading.next(UInt64.self),
      writtenNs: reading.next(Int64.self), changedNs: reading.next(Int64.self))
    (room, holes) = (reading.next(UInt32.self), reading.next(UInt32.self))
    let damagedCount = Int(reading.next(UInt32.self))
    let supersededCount = Int(reading.next(UInt32.self))
    let officers = Int(clamping: reading.next(UInt64.self))
    guard officers <= Int(UInt32.max) else { return nil }
    let length = Self.headerLength + 12 * (officers + supersededCount) + 4 * damagedCount
    guard bytes.count == length + Self.digestLength,
      Self.digest(bytes[..<length]).elementsEqual(bytes[length...])
    else { return nil }
    let heads = reading.next(UInt64.self, count: officers)
    let others = reading.next(UInt64.self, count: supersededCount)
    guard let index = KeyIndex(heads: heads, slots: reading.next(UInt32.self, count: officers))
    else { return nil }
    self.index = index
    superseded = zip(others, reading.next(UInt32.self, count: supersededCount)).map { ($0, $1) }
    damaged = reading.next(UInt32.self, count: damagedCount)
  }

  var bytes: [UInt8] {
    let (heads, slots) = index.sorted
    var bytes = Self.magic
    bytes.reserveCapacity(
      Self.headerLength + 12 * (heads.count + superseded.count) + 4 * damaged.count
        + Self.digestLength)
    Numbers.append([Self.format, count], to: &bytes)
    Numbers.append(
      [
        UInt64(clamping: file.byteCount), file.number, UInt64(bitPattern: file.writtenNs),
        UInt64(bitPattern: file.changedNs),
      ], to: &bytes)
    Numbers.append(
      [room, holes, UInt32(clamping: damaged.count), UInt32(clamping: superseded.count)],
      to: &bytes)
    Numbers.append([UInt64(heads.count)], to: &bytes)
    Numbers.append(heads, to: &bytes)
    Numbers.append(superseded.map(\.head), to: &bytes)
    Numbers.append(slots, to: &bytes)
    Numbers.append(superseded.map(\.slot), to: &bytes)
    Numbers.append(damaged, to: &bytes)
    bytes += Self.digest(bytes[...])
    return bytes
  }

  private static func digest(_ bytes: ArraySlice<UInt8>) -> SHA256Digest {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
    return hash.finalize()
  }
}

/// Numbers in the machine's order, one behind the other.
private struct Numbers {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func take(bytes count: Int) -> ArraySlice<UInt8> {
    defer { at += count }
    return bytes[at..<(at + count)]
  }

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
    defer { at += MemoryLayout<Number>.size }
    return unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: Number.self)
  }

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, count: Int
  ) -> [Number] {
    let (first, width) = (at, MemoryLayout<Number>.size)
    defer { at += width * count }
    let span = unsafe bytes.span.bytes
    return (0..<count).map {
      unsafe span.unsafeLoadUnaligned(fromByteOffset: first + width * $0, as: Number.self)
    }
  }

  static func append<Number: FixedWidthInteger & BitwiseCopyable>(
    _ numbers: [Number], to bytes: inout [UInt8]
  ) {
    unsafe numbers.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
}
