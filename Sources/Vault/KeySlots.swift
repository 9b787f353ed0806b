import Crypto
import Foundation
import Glibc
import Registry

/// The officers' wrapped keys, in one file of slots that are overwritten in place.
///
/// ```
/// 0      1          2          66           72                    132     152
/// state  id length  id (64)    version u32  nonce 12, key 32, tag 16      checksum (8)   = 160
/// ```
/// Behind the last there may be free ones, so that a sync does not move the file's end for each.
/// State: 0 free, 1 live, 2 erased (the key's bytes are then zero). The checksum is the head of
/// the SHA-256 of the bytes before it: a slot that a crash tore is free again.
final class KeySlots {
  static let slotLength = 160
  let file: File
  /// Head of the SHA-256 of the id → slot. Small, because it is in memory for every officer.
  private var index: [UInt64: UInt32] = [:]
  private(set) var count: UInt32 = 0
  /// Slots that the file has.
  private var room: UInt32
  /// How many are added at once.
  static let roomStep: UInt32 = 1024

  init(path: String) throws(VaultFailure) {
    file = unsafe File(descriptor: open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600), path: path)
    guard file.descriptor >= 0 else {
      throw VaultFailure(.permission, "The keys \(path) cannot be opened.")
    }
    let data = FileManager.default.contents(atPath: path) ?? Data()
    let slots = data.count / Self.slotLength
    room = UInt32(slots)
    index.reserveCapacity(slots)
    for slot in 0..<slots {
      let bytes = Array(data[(slot * Self.slotLength)..<((slot + 1) * Self.slotLength)])
      guard let entry = Entry(bytes) else { continue }
      index[Self.head(of: entry.id)] = UInt32(slot)
      count = UInt32(slot) + 1
    }
  }

  /// The file of the slots; may be synced by any thread.
  struct File: Sendable {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    func sync() throws(VaultFailure) {
      guard fdatasync(descriptor) == 0 else {
        throw VaultFailure(.io, "The keys in \(path) could not be synced.")
      }
    }
  }

  struct Entry {
    var erased: Bool
    var id: String
    var version: UInt32
    var wrapped: [UInt8]

    init(id: String, version: UInt32, wrapped: [UInt8]) {
      precondition(wrapped.count == 60 && id.utf8.count <= Identifier.lengthMax)
      (erased, self.id, self.version, self.wrapped) = (false, id, version, wrapped)
    }

    /// Nil for a slot that is free or torn.
    init?(_ slot: [UInt8]) {
      guard slot.count == KeySlots.slotLength, slot[0] == 1 || slot[0] == 2, slot[1] <= 64,
        KeySlots.checksum(slot) == slot[152...].reduce(0, { $0 << 8 | UInt64($1) })
      else { return nil }
      erased = slot[0] == 2
      id = String(decoding: slot[2..<(2 + Int(slot[1]))], as: UTF8.self)
      version = slot[66..<70].reduce(0) { $0 << 8 | UInt32($1) }
      wrapped = Array(slot[72..<132])
    }

    var bytes: [UInt8] {
      var slot: [UInt8] = [erased ? 2 : 1, UInt8(id.utf8.count)]
      slot += id.utf8
      slot += repeatElement(0, count: 66 - slot.count)
      for shift in [24, 16, 8, 0] { slot.append(UInt8(truncatingIfNeeded: version >> shift)) }
      slot += [0, 0]
      slot += erased ? Array(repeating: 0, count: 60) : wrapped
      slot += repeatElement(0, count: 20)
      slot += SHA256.hash(data: slot).prefix(8)
      return slot
    }
  }

  private static func head(of id: String) -> UInt64 { head(Array(id.utf8), 0..<id.utf8.count) }

  fileprivate static func checksum(_ slot: [UInt8]) -> UInt64 { head(slot, 0..<152) }

  /// The first eight bytes of the SHA-256.
  private static func head(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: .init(rebasing: $0[range])) }
    return unsafe hash.finalize().withUnsafeBytes {
      unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
    }
  }

  /// Where an officer's key stands; may be read by any thread.
  struct Place: Sendable {
    fileprivate let file: Int32
    fileprivate let slot: UInt32
    fileprivate let officer: Identifier

    func read() throws(VaultFailure) -> Entry {
      var bytes = [UInt8](repeating: 0, count: KeySlots.slotLength)
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(file, $0.baseAddress, $0.count, Int(slot) * KeySlots.slotLength)
      }
      guard count == KeySlots.slotLength, let entry = Entry(bytes), entry.id == officer.text else {
        throw VaultFailure(.io, "The key of officer \(officer.text) cannot be read.")
      }
      return entry
    }
  }

  func place(of officer: Identifier) -> Place? {
    index[Self.head(officer.bytes, 0..<officer.byteCount)].map {
      Place(file: file.descriptor, slot: $0, officer: officer)
    }
  }

  func entry(for officer: Identifier) throws(VaultFailure) -> Entry? {
    try place(of: officer)?.read()
  }

  func add(_ entry: Entry) throws(VaultFailure) {
    if count >= room { makeRoom() }
    try write(entry, at: count)
    index[Self.head(of: entry.id)] = count
    count += 1
  }

  /// Where there is none, the slot's own write says so.
  private func makeRoom() {
    let free = [UInt8](repeating: 0, count: Int(Self.roomStep) * Self.slotLength)
    let written = unsafe free.withUnsafeBytes {
      unsafe pwrite(file.descriptor, $0.baseAddress, $0.count, Int(count) * Self.slotLength)
    }
    room = count + UInt32(max(0, written) / Self.slotLength)
  }

  /// Overwrites a key by nothing; what was sealed with it stays closed for ever.
  func erase(_ officer: Identifier) throws(VaultFailure) {
    guard var entry = try entry(for: officer), let slot = index[Self.head(of: officer.text)] else {
      return
    }
    entry.erased = true
    try write(entry, at: slot)
    try file.sync()
  }

  private func write(_ entry: Entry, at slot: UInt32) throws(VaultFailure) {
    let bytes = entry.bytes
    let written = unsafe bytes.withUnsafeBytes {
      unsafe pwrite(file.descriptor, $0.baseAddress, $0.count, Int(slot) * Self.slotLength)
    }
    guard written == bytes.count else {
      throw VaultFailure(.io, "A key could not be written to \(file.path): is the disk full?")
    }
  }

  func close() { _ = Glibc.close(file.descriptor) }
}
