import Failures
import Files
import LMDB
import Locking
import Logging
import Messages
import Projections
import Registry

/// A cache of encoded profiles, each valid while nothing that it was computed from has changed. It
/// is a store of its own beside the views, so that it takes only page cache; it starts empty after
/// a restart, and nothing waits for it: what cannot be cached is computed again.
///
/// A row at an officer's key, its numbers big-endian:
/// ```
/// 0            8              16         24       28
/// touched u64  shared u64     as of u64  day u32  packed GetProfileReply without `as_of`
/// ```
package final class ProfileCache: @unchecked Sendable {
  /// What a profile depends on: the officer's own events, the shared streams, the day.
  package struct Stamp: Hashable, Sendable {
    package var touched: LogPosition
    package var sharedStreams: LogPosition
    package var day: Day

    package init(touched: LogPosition, sharedStreams: LogPosition, day: Day) {
      (self.touched, self.sharedStreams, self.day) = (touched, sharedStreams, day)
    }
  }

  /// Bytes of the file, about, after which it begins anew.
  static let fileBytesMax = 1 << 30
  /// Bytes of profiles that wait to be kept; those beyond are not.
  static let waitingBytesMax = 8 << 20
  /// Seconds for which more are awaited before they are written.
  private static let gatherSeconds = 0.005

  private let folder: String
  private let logger: Logger
  private let worker = Worker("profiles")
  /// The worker's; guards all below.
  private var condition: Condition { worker.condition }
  private var state = State.unopened
  private var waiting: [(officer: [UInt8], row: [UInt8])] = []
  private var waitingBytes = 0
  private var isWriting = false

  private enum State {
    case unopened
    case open(Environment, Table)
    /// The thread is to end, or never began.
    case closed
  }

  package init(folder: String, logger: Logger) {
    self.folder = folder
    self.logger = logger
  }

  /// A reader for one thread; nil where nothing can be kept.
  package func makeReader() -> ProfileCacheReader? {
    condition.withLock {
      if case .unopened = state { open() }
      guard case .open(let environment, let table) = state else { return nil }
      return (try? environment.makeReader()).map { ProfileCacheReader($0, table) }
    }
  }

  private func open() {
    do {
      try File.removeTree(folder)
      try File.makeFolders(folder)
      let environment = try Environment(
        folder: folder,
        options: .init(
          tables: ["profiles"], durability: .unsynced, mapSizeBytes: 2 * Self.fileBytesMax))
      state = .open(environment, environment.table("profiles"))
    } catch {
      logger.warning(
        "profiles are not kept", metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
      state = .closed
      return
    }
    isWriting = true
    worker.start { [self] in run() }
  }

  /// Caches a profile, asynchronously.
  package func keep(
    _ packed: some Collection<UInt8>, of officer: Identifier, _ stamp: Stamp, asOf: LogPosition
  ) {
    var row: [UInt8] = []
    row.reserveCapacity(ProfileCacheReader.headBytes + packed.count)
    for number in [stamp.touched, stamp.sharedStreams, asOf] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        row.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      row.append(UInt8(truncatingIfNeeded: stamp.day.number >> shift))
    }
    row.append(contentsOf: packed)
    condition.withLock {
      guard waitingBytes + row.count <= Self.waitingBytesMax, case .open = state else { return }
      waiting.append((officer.bytes, row))
      waitingBytes += row.count
      if waiting.count == 1 { condition.broadcast() }
    }
  }

  private func run() {
    while let (batch, environment, table) = take() {
      do {
        let isFull = environment.usage.usedBytes > Self.fileBytesMax
        try environment.write { transaction in
          if isFull { try transaction.clear(table) }
          for (officer, row) in batch { try transaction.put(table, officer, row) }
        }
      } catch {
        logger.warning(
          "profiles were not kept", metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
      }
      condition.withLock {
        isWriting = false
        condition.broadcast()
      }
    }
  }

  /// What waits, once there is something; nil when the thread is to end.
  private func take() -> ([(officer: [UInt8], row: [UInt8])], Environment, Table)? {
    condition.lock()
    defer { condition.unlock() }
    isWriting = false
    condition.broadcast()
    while waiting.isEmpty, case .open = state { condition.wait() }
    let until = ContinuousClock.now + .seconds(Self.gatherSeconds)
    // Woken only to end: whoever adds to what waits does not.
    while case .open = state, condition.wait(until: until) {}
    guard case .open(let environment, let table) = state else { return nil }
    defer {
      waiting = []
      waitingBytes = 0
      isWriting = true
    }
    return (waiting.sorted { $0.officer.lexicographicallyPrecedes($1.officer) }, environment, table)
  }

  /// Returns when nothing waits to be kept.
  package func settle() {
    condition.lock()
    while isWriting || !waiting.isEmpty, case .open = state { condition.wait() }
    condition.unlock()
  }

  /// Ends the thread and closes the file; nobody may be reading.
  package func close() {
    let opened = condition.withLock { () -> Environment? in
      guard case .open(let environment, _) = state else { return nil }
      state = .closed
      return environment
    }
    worker.stop()
    opened?.close()
  }
}

/// Reads cached profiles for one thread, with one snapshot for a batch of requests.
package final class ProfileCacheReader {
  package static let headBytes = 28

  private let reader: Reader
  private let table: Table
  private var snapshot: Snapshot?

  package init(_ reader: Reader, _ table: Table) {
    self.reader = reader
    self.table = table
  }

  /// Appends an officer's cached profile for that day and version of the shared streams.
  ///
  /// - Returns: the last position that had touched the officer, and the position that it was
  ///   computed at; nil where there is none, and nothing is then added.
  package func copy(
    _ officer: RawSpan, day: UInt32, sharedStreams: LogPosition, into reply: inout [UInt8]
  ) throws(StoreFailure) -> (touched: LogPosition, asOf: LogPosition)? {
    if self.snapshot == nil { self.snapshot = try reader.begin() }
    guard let snapshot else { return nil }
    return try snapshot.get(table, officer) { row in
      guard row.byteCount >= 28, row.bigEndian(at: 8) == sharedStreams,
        row.bigEndian(at: 20) & 0xFFFF_FFFF == day
      else {
        return nil
      }
      RawFields.append(row.extracting(droppingFirst: Self.headBytes), to: &reply)
      return (row.bigEndian(at: 0), row.bigEndian(at: 16))
    } ?? nil
  }

  package func rest() {
    guard snapshot != nil else { return }
    snapshot = nil
    reader.rest()
  }

  package func end() {
    rest()
    reader.end()
  }
}

extension RawSpan {
  fileprivate func bigEndian(at offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
