import EventLog
import Failures
import Foundation
import LMDB
import Locking
import Logging
import Messages
import Projections
import Registry
import Vault

/// Reads everything that is stored again, now and then: the slots of the officers' keys, pages,
/// rows' checksums, positions of the log that are missing, what tables count, the digest of each of
/// the views' tables, and the keys themselves. A thread of its own that rests nine tenths of the
/// time and holds a snapshot for some 20 ms at most.
///
/// The slots are also read when it starts, unless the start of the registry did so.
package final class Scrub: @unchecked Sendable {
  private static let sliceSeconds = 0.02
  private static let restSeconds = 0.18
  /// Sentences that are kept.
  private static let findingsMax = 32
  /// Tries to read a table that changes faster than it is read.
  private static let triesMax = 3

  private let log: EventLog
  private let views: Views
  private let vault: Vault
  private let keys: KeyAudit
  private let firstSeconds: Double
  private let everySeconds: Double
  private let logger: Logger
  private let worker = Worker("scrub", stackBytes: 4 << 20)
  private let state = Mutex(ScrubStatus())
  /// Nanoseconds spent on reading in this round.
  private var readNs: UInt64 = 0

  package init(
    _ log: EventLog, _ views: Views, _ vault: Vault, firstSeconds: Double, everySeconds: Double,
    logger: Logger
  ) {
    self.log = log
    self.views = views
    self.vault = vault
    keys = KeyAudit(views: views, vault: vault, logger: logger)
    self.firstSeconds = firstSeconds
    self.everySeconds = everySeconds
    self.logger = logger
  }

  package var status: ScrubStatus { state.withLock { $0 } }

  package func start() { worker.start { [self] in run() } }

  /// Returns when nothing is read any more.
  package func stop() { worker.stop() }

  private func run() {
    if !vault.wereSlotsRead { attempt(readSlots) {} }
    var wait = firstSeconds
    while rest(wait) {
      attempt(round, finished)
      wait = everySeconds
    }
  }

  /// - Parameter body: gives false where the thread's end came before its own.
  private func attempt(_ body: () throws -> Bool, _ finished: () -> Void) {
    readNs = 0
    state.withLock { state in
      (state.running, state.bytes, state.rows, state.bytesPerSecond) = (true, 0, 0, 0)
      state.notCompared = []
    }
    do {
      if try body() { finished() }
    } catch {
      found("it could not go on: \(ErrorSentence.of(error))")
    }
    state.withLock { ($0.running, $0.reading) = (false, "") }
  }

  /// False when the thread is to end.
  private func rest(_ seconds: Double) -> Bool { worker.rest(.seconds(seconds)) }

  private func finished() {
    let milliseconds = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
    state.withLock { state in
      state.rounds += 1
      state.finishedAtMs = milliseconds
    }
  }

  private func found(_ words: String) {
    // Clients are told of it.
    let sentence = ClientSentence.withoutPaths(words)
    let isNew = state.withLock { state in
      guard !state.findings.contains(sentence), state.findings.count < Self.findingsMax else {
        return false
      }
      state.findings.append(sentence)
      return true
    }
    if isNew { logger.critical("the scrub found damage: \(words)") }
  }

  /// Whether everything was read, and not the thread's end came before.
  private func round() throws -> Bool {
    guard try readSlots() else { return false }
    let scans = try log.makeScans()
    defer { for scan in scans { scan.scan.end() } }
    for scan in scans {
      reading("log \(scan.table)")
      guard try read(scan.scan, of: scan.table, isContiguous: scan.isContiguous) else {
        return false
      }
    }
    for table in ViewTable.allCases {
      reading("views \(table.rawValue)")
      guard try read(table) else { return false }
    }
    reading("vault keys")
    return try readKeys()
  }

  private func readKeys() throws -> Bool {
    var next: Identifier?
    repeat {
      let slice = try timed { try keys.slice(after: next, isTimeUp: Self.timeUp()) }
      for sentence in slice.troubles { found(sentence) }
      next = slice.next
      guard next == nil || rest(Self.restSeconds) else { return false }
    } while next != nil
    return true
  }

  private func reading(_ what: String) { state.withLock { $0.reading = what } }

  private func readSlots() throws -> Bool {
    reading("vault slots")
    var next: UInt32? = 0
    var lost: [UInt32] = []
    while let from = next {
      do throws(VaultFailure) {
        next = try timed { () throws(VaultFailure) in try readSlots(from: from, noting: &lost) }
      } catch {
        // Of which those who need them hear one by one; the other parts are read all the same.
        found("the officers' keys: \(error.sentence)")
        break
      }
      guard next == nil || rest(Self.restSeconds) else { return false }
    }
    guard !lost.isEmpty else { return true }
    for slot in lost { found("the vault's slot \(slot) is not as it was written") }
    try keys.run()
    return true
  }

  /// - Returns: where to go on.
  private func readSlots(
    from first: UInt32, noting lost: inout [UInt32]
  ) throws(VaultFailure) -> UInt32? {
    let isTimeUp = Self.timeUp()
    var next: UInt32? = first
    while let slot = next, !isTimeUp() {
      let piece = try vault.recheck(from: slot)
      lost += piece.damaged
      note(bytes: piece.checked * Vault.slotLength, rows: piece.checked)
      next = piece.next
    }
    return next
  }

  private func read(_ scan: TableScan, of table: String, isContiguous: Bool) throws -> Bool {
    var next: [UInt8]?
    var expected: UInt64 = 0
    var (rows, isWhole) = (0, true)
    repeat {
      var gap: (from: UInt64, to: UInt64)?
      let slice = try timed {
        try scan.slice(from: next, isTimeUp: Self.timeUp()) { _, key, _ in
          guard isContiguous else { return }
          let number = unsafe key.unsafeLoadUnaligned(as: UInt64.self)
          if number > expected, gap == nil { gap = (expected, number - 1) }
          expected = number &+ 1
        }
      }
      note(slice, "the log's")
      if let gap, slice.damages.isEmpty {
        found("the log's table \(table) has no rows from position \(gap.from) to \(gap.to)")
      }
      rows += slice.rows
      isWhole = isWhole && slice.damages.isEmpty
      // The log's tables only grow at their ends, which are read last.
      if slice.end == nil, isWhole, let entries = slice.entries, entries != UInt64(rows) {
        found("the log's table \(table) counts \(entries) rows and has \(rows)")
      }
      next = slice.end
      guard next == nil || rest(Self.restSeconds) else { return false }
    } while next != nil
    return true
  }

  private func read(_ table: ViewTable) throws -> Bool {
    for _ in 0..<Self.triesMax {
      let verification = try TableVerification(views, table)
      defer { verification.end() }
      var isDamaged = false
      while let slice = try timed({ try verification.slice(isTimeUp: Self.timeUp()) }) {
        note(slice, "the views'")
        isDamaged = isDamaged || !slice.damages.isEmpty
        guard slice.end == nil || rest(Self.restSeconds) else { return false }
      }
      switch try timed({ try verification.finish() }) {
      case .equal: return true
      case .different(let sentence):
        // Rows that are damaged are missing in the sum, and named already.
        if !isDamaged { found("the views' \(sentence): rebuild them") }
        return true
      case .givenUp: continue
      }
    }
    state.withLock { $0.notCompared.append(table.rawValue) }
    return true
  }

  private func note(_ slice: TableScan.Slice, _ whose: String) {
    for damage in slice.damages { found("\(whose) \(damage.sentence)") }
    note(bytes: slice.bytes, rows: slice.rows)
  }

  private func note(bytes: Int, rows: Int) {
    let readNs = self.readNs
    state.withLock { state in
      state.bytes += UInt64(bytes)
      state.rows += UInt64(rows)
      if readNs > 1_000_000 { state.bytesPerSecond = state.bytes * 1000 / (readNs / 1_000_000) }
    }
  }

  private func timed<R, E>(_ body: () throws(E) -> R) throws(E) -> R {
    let begun = DispatchTime.now()
    defer { readNs += UInt64(max(0, begun.nsUntilNow)) }
    return try body()
  }

  private static func timeUp() -> () -> Bool {
    let until = DispatchTime.now() + sliceSeconds
    return { DispatchTime.now() >= until }
  }
}
