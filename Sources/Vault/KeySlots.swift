import Algorithms
import Failures
import Files
import Registry

/// The officers' wrapped keys, in one file of slots.
///
/// A key is written into the first slot that was never used and stays there; it is overwritten only
/// to be erased. A key that may not have reached the disk is written again into another slot (see
/// `rewrite`): of several slots of one officer the last counts, and where one of them is erased the
/// officer is. A slot that is damaged is never used again. Behind the last slot there may be free
/// ones, so that a sync does not move the file's end for each.
///
/// What was found in them stands in an index, which a clean stop keeps (see `KeptIndex`).
///
/// For one thread at a time.
final class KeySlots {
  let file: File
  let indexPath: String
  /// Slots from which on an index is kept.
  let indexedFrom: UInt32
  var index = KeyIndex()
  /// Slots of officers who have several, all but the one that counts.
  var superseded: [UInt64: [UInt32]] = [:]
  /// Slots that were ever used: it only grows.
  var count: UInt32 = 0
  /// Slots that the file has.
  var room: UInt32 = 0
  /// Slots that were found damaged.
  var damaged: Set<UInt32> = []
  /// Slots among those in use that hold nothing.
  var holes = 0
  /// There may be an index on the disk; whether it is of what stands in the slots now.
  var (hasIndex, isIndexRight) = (false, false)
  /// Every slot was read when the file was opened, and not the index instead.
  private(set) var wasRead = true
  /// Slots that were there when the file was opened: who wrote them, and whether they were ever
  /// synced, is unknown.
  private(set) var countAtOpen: UInt32 = 0

  /// How many are added at once.
  static let roomStep: UInt32 = 1024
  /// The file could be longer than slots can be numbered.
  static let countMax = UInt32.max - 2 * roomStep
  private static let slotsRead = 4096
  private static let pageBytes = 4096

  /// - Parameters:
  ///   - mayBegin: makes the file where there is none.
  ///   - readsAll: also where an index says what stands in the slots.
  ///   - indexedFrom: slots from which on an index is kept.
  ///   - isReadOnly: nothing is written.
  init(
    folder: String, mayBegin: Bool, readsAll: Bool, indexedFrom: UInt32, isReadOnly: Bool = false
  ) throws(VaultFailure) {
    let path = folder + "/officers"
    (indexPath, self.indexedFrom) = (folder + "/index", indexedFrom)
    do throws(FileFailure) {
      file = isReadOnly ? try File(path) : try Self.open(path, mayBegin)
      if !readsAll, let kept = try keptIndex() {
        take(kept)
        wasRead = false
      } else {
        hasIndex = try File.isThere(indexPath)
        index.reserve(try file.byteCount() / KeySlot.length)
        try file.forEachPiece(Self.slotsRead * KeySlot.length) { [self] offset, bytes in
          take(bytes, from: UInt32(clamping: offset / KeySlot.length))
        }
      }
    } catch {
      if error.kind == .absent {
        throw VaultFailure(
          .missing,
          "The officers' keys \(path) are missing, though there is a log: restore the folder of the "
            + "vault from a backup.")
      }
      throw VaultFailure(error, otherwise: .io)
    }
    countAtOpen = count
    try finishErasures(isReadOnly: isReadOnly)
    if isReadOnly { return }
    // A process that was killed may have left slots that only the kernel knows.
    do { try file.syncData() } catch { throw VaultFailure(error, otherwise: .io) }
  }

  private static func open(_ path: String, _ mayBegin: Bool) throws(FileFailure) -> File {
    do {
      return try File(path, .readingAndWriting)
    } catch  where error.kind == .absent && mayBegin {
      try File.make(path, with: [])
      return try File(path, .readingAndWriting)
    }
  }

  /// Takes a piece of the file that begins with a slot; a part of a slot at its end is damaged.
  private func take(_ bytes: [UInt8], from first: UInt32) {
    var slot = first
    for place in bytes.indices.chunks(ofCount: KeySlot.length) {
      defer { slot += 1 }
      switch KeySlot.look(bytes, at: place.lowerBound) {
      case .free: continue
      case .damaged: damaged.insert(slot)
      case .officer(let head): count(head, at: slot)
      }
      holes += Int(slot - count)
      count = slot + 1
    }
    room = slot
  }

  private func count(_ head: UInt64, at slot: UInt32) {
    if let older = index.update(head, slot) {
      superseded[head, default: []].append(older)
    }
  }

  /// An officer of whose slots one is erased is erased, though a crash came before the others were.
  private func finishErasures(isReadOnly: Bool) throws(VaultFailure) {
    for (head, older) in superseded {
      guard let last = index[head] else { continue }
      var keys: [(slot: UInt32, key: KeySlot)] = []
      for slot in older + [last] {
        if let key = try read(slot).flatMap({ KeySlot($0) }) { keys.append((slot, key)) }
      }
      guard let erased = keys.first(where: \.key.erased)?.key else { continue }
      for (slot, key) in keys where !key.erased {
        guard !isReadOnly else {
          throw VaultFailure(
            .unreadable,
            "An erasure in the vault \(file.path) did not come to its end: the next start of the "
              + "server finishes it, and nothing can be computed before.")
        }
        try write(erased, at: slot)
      }
    }
  }

  private static func head(of id: String) -> UInt64 {
    KeySlot.head(Array(id.utf8), 0..<id.utf8.count)
  }

  private static func head(of officer: Identifier) -> UInt64 {
    KeySlot.head(officer.bytes, 0..<officer.byteCount)
  }

  /// Officers who have a key, or had one that was erased.
  var officerCount: Int { index.count }

  // MARK: reading

  /// Where an officer's key stands; may be read by any thread.
  struct KeyLocation: Sendable {
    fileprivate let file: File
    fileprivate let slot: UInt32
    fileprivate let officer: Identifier

    func read() throws(VaultFailure) -> KeySlot {
      let bytes: [UInt8]
      do {
        bytes = try file.read(at: Int(slot) * KeySlot.length, count: KeySlot.length)
      } catch {
        throw VaultFailure(
          .unreadable, "The key of officer \(officer.text) cannot be read: \(error.reason).",
          cause: Cause(error))
      }
      guard let key = KeySlot(bytes), key.id == officer.text else {
        throw VaultFailure(
          .altered,
          "The key of officer \(officer.text) was damaged: restore the vault from a backup.")
      }
      return key
    }
  }

  func place(of officer: Identifier) -> KeyLocation? {
    index[Self.head(of: officer)].map { KeyLocation(file: file, slot: $0, officer: officer) }
  }

  /// Whether an officer's key was in the file when it was opened, and was not written since.
  func isFromBefore(_ officer: Identifier) -> Bool {
    index[Self.head(of: officer)].map { $0 < countAtOpen } ?? false
  }

  private func read(_ slot: UInt32) throws(VaultFailure) -> [UInt8]? {
    do {
      return try file.read(at: Int(slot) * KeySlot.length, count: KeySlot.length)
    } catch {
      throw VaultFailure(error, otherwise: .io)
    }
  }

  // MARK: writing

  /// Writes a key into a slot of its own. It is on the disk after the next sync.
  ///
  /// Where the disk fails, the slot is left, and one on another page is tried once.
  func add(_ key: KeySlot) throws(VaultFailure) {
    do throws(VaultFailure) {
      try addNext(key)
    } catch  where error.kind == .io {
      skipPage()
      try addNext(key)
    }
  }

  private func addNext(_ key: KeySlot) throws(VaultFailure) {
    guard count < Self.countMax else {
      throw VaultFailure(.full, "The vault has no room for more keys.")
    }
    if count >= room { makeRoom() }
    try write(key, at: count)
    count(Self.head(of: key.id), at: count)
    count += 1
    assert(violations().isEmpty, "\(violations())")
  }

  /// Writes keys, of which nobody knows whether they are on the disk, into other slots: on pages
  /// that were not written by the sync that failed.
  func rewrite(_ keys: some Sequence<KeySlot>) throws(VaultFailure) {
    skipPage()
    for key in keys {
      // What was to be erased is overwritten where it stands as well.
      if key.erased { try overwrite(key) }
      try add(key)
    }
  }

  /// Goes on at the first slot of another page.
  private func skipPage() {
    let used = Int(count) * KeySlot.length + 1
    let next = (used + Self.pageBytes - 1) / Self.pageBytes * Self.pageBytes
    let slot = UInt32((next + KeySlot.length - 1) / KeySlot.length)
    holes += Int(slot - count)
    count = slot
  }

  /// Where there is none, the slot's own write says so.
  private func makeRoom() {
    // Nothing may be written beside an index: the slot's own write says why it cannot go.
    guard (try? forgetIndex()) != nil else { return room = count }
    let free = [UInt8](repeating: 0, count: Int(Self.roomStep) * KeySlot.length)
    do throws(FileFailure) {
      try file.write(free, at: Int(count) * KeySlot.length)
      room = count + Self.roomStep
    } catch {
      room = count
    }
  }

  /// Overwrites every slot of an officer by nothing, and one more where there is none; what was
  /// sealed with the key stays closed for ever once that was synced.
  func erase(_ officer: Identifier) throws(VaultFailure) {
    let erased = KeySlot(erased: officer)
    guard index[Self.head(of: officer)] != nil else { return try add(erased) }
    try overwrite(erased)
  }

  private func overwrite(_ erased: KeySlot) throws(VaultFailure) {
    let head = Self.head(of: erased.id)
    for slot in (superseded[head] ?? []) + [index[head]].compactMap({ $0 }) {
      try write(erased, at: slot)
    }
  }

  private func write(_ key: KeySlot, at slot: UInt32) throws(VaultFailure) {
    do {
      try forgetIndex()
      try file.write(key.bytes, at: Int(slot) * KeySlot.length)
    } catch {
      throw VaultFailure(error, otherwise: .io)
    }
  }

  func close() { file.close() }
}
