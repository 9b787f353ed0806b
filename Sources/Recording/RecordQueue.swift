import Locking
import Messages
import RegistryStorage
import Vault

/// The queue of requests to record, in arrival order. Each is decoded before its turn: by a helper
/// thread while the writer is busy, otherwise by the writer itself. The entry is taken at once, so
/// that no request overtakes another.
final class RecordQueue: @unchecked Sendable {
  enum Stage {
    case sent(EncodedRequest)
    case decoding
    case ready(DecodedRequest)
    /// It could not be decoded, and was answered.
    case refused
  }

  final class QueueEntry {
    var stage: Stage
    let bytes: Int

    init(_ stage: Stage, bytes: Int) { (self.stage, self.bytes) = (stage, bytes) }

    var isSent: Bool { if case .sent = stage { true } else { false } }
  }

  var limits: Writer.Limits
  private let vault: Vault
  private let random: RandomBytes
  /// Signals the decoder thread that there may be something to decode. Its lock guards all below.
  private let undecoded: Condition
  /// Signals a waiting writer, once.
  private let wanted: Condition
  private(set) var entries: [QueueEntry] = []
  /// The index of the next request: those before it are taken already.
  private(set) var first = 0
  var bytes = 0
  var readyItems = 0
  /// Requests that nobody has begun to decode.
  var sentCount = 0
  /// The decoder thread waits for a signal.
  private var decoderWaits = false
  private var writerWaits = false
  /// The writer was called back from its wait for requests.
  private var called = false
  private var stopping = false
  /// Why nothing is recorded any more.
  private var closedBecause: String?

  init(limits: Writer.Limits, vault: Vault, random: RandomBytes) {
    (self.limits, self.vault, self.random) = (limits, vault, random)
    undecoded = Condition()
    wanted = Condition(sharing: undecoded)
  }

  var isClosed: String? { undecoded.withLock { closedBecause } }

  func close(_ reason: String) {
    undecoded.withLock { closedBecause = closedBecause ?? reason }
  }

  func add(_ call: EncodedRequest) {
    add(.sent(call), bytes: call.request.count) { call.complete(.failure($0)) }
  }

  func add(_ job: DecodedRequest) {
    add(.ready(job), bytes: job.items.reduce(0) { $0 + $1.bytes.count }) {
      job.complete(.failure($0))
    }
  }

  private func add(_ stage: Stage, bytes: Int, refuse: (RecordFailure) -> Void) {
    undecoded.lock()
    if let reason = closedBecause ?? (stopping ? "The server is stopping." : nil) {
      undecoded.unlock()
      return refuse(.closed(reason))
    }
    guard self.bytes + bytes <= limits.queuedBytesMax,
      entries.count - first < limits.queuedRequestsMax
    else {
      undecoded.unlock()
      return refuse(.busy)
    }
    switch stage {
    case .ready(let job): readyItems += job.items.count
    case .sent: sentCount += 1
    case .decoding, .refused: break
    }
    entries.append(QueueEntry(stage, bytes: bytes))
    self.bytes += bytes
    if writerWaits { wakeWriter() } else { wakeDecoder() }
    undecoded.unlock()
  }

  /// Ends what waits for requests, after those that are queued.
  func stop() {
    undecoded.withLock {
      stopping = true
      wakeWriter()
      undecoded.signal()
    }
  }

  // MARK: decoding

  /// Decodes ahead of the writer, until the queue is stopped: the body of a thread.
  func decodeAhead() {
    let arena = Arena(budget: Self.decodingBudget)
    undecoded.lock()
    while !stopping {
      while readyItems < limits.readyItemsMax, let entry = entries[first...].first(where: \.isSent)
      {
        decode(entry, arena)
      }
      decoderWaits = true
      while decoderWaits, !stopping { undecoded.wait() }
    }
    undecoded.unlock()
  }

  /// Bytes: what one request may unpack to.
  static let decodingBudget = 64 << 20

  /// Called with the lock held. Told once, not at each request.
  private func wakeDecoder() {
    guard decoderWaits, sentCount > 0, readyItems < limits.readyItemsMax else { return }
    decoderWaits = false
    undecoded.signal()
  }

  /// Called with the lock held; releases it meanwhile.
  private func decode(_ entry: QueueEntry, _ arena: Arena) {
    guard case .sent(let call) = entry.stage else { return }
    entry.stage = .decoding
    sentCount -= 1
    undecoded.unlock()
    let decoded = Result { () throws(DecodeFailure) in
      try DecodedRequest(call, arena: arena, vault: vault, random: random)
    }
    if case .failure(let refusal) = decoded { call.complete(.failure(.refused(refusal))) }
    undecoded.lock()
    switch decoded {
    case .success(let job):
      entry.stage = .ready(job)
      readyItems += job.items.count
    case .failure: entry.stage = .refused
    }
    wakeWriter()
  }

  // MARK: the writer

  enum Next {
    case job(DecodedRequest, bytes: Int)
    /// Nothing that the batch should wait for; for one that is not begun, nothing ever.
    case nothing
  }

  /// The size of a batch so far.
  struct BatchSize {
    /// One may have no items, and is answered all the same.
    var requests = 0
    var items = 0
    var bytes = 0
  }

  /// Wakes the writer from a wait for requests.
  func call() {
    undecoded.withLock {
      called = true
      wakeWriter()
    }
  }

  /// What a batch that could be synced waits for.
  struct BatchTarget {
    var requests: Int
    var until: ContinuousClock.Instant
  }

  /// The next request for a batch that has been begun, or that it begins.
  ///
  /// One that awaits nothing, or has what it awaits, leaves others as much as it takes: so two
  /// batches take turns, one on its way to the disk while the other is decided, and whoever sends
  /// more only after an answer never has everything in one of them.
  func next(_ arena: Arena, for batch: BatchSize, awaiting awaited: BatchTarget? = nil) -> Next {
    undecoded.lock()
    defer { undecoded.unlock() }
    while true {
      let awaits = awaited.map { batch.requests < $0.requests } ?? false
      guard let entry = head else {
        if stopping { return .nothing }
        if batch.requests == 0 {
          wait()
          // sure: only who awaits something waits
        } else if !awaits || !wait(until: awaited!.until) {
          return .nothing
        }
        continue
      }
      if batch.requests > 0, !awaits, batch.bytes >= bytes { return .nothing }
      switch entry.stage {
      case .ready(let job):
        guard fits(job, batch) else { return .nothing }
        return take(job, entry)
      case .refused: drop(entry)
      case .sent, .decoding:
        if batch.items >= limits.batchItemsWanted { return .nothing }
        if case .sent = entry.stage { decode(entry, arena) } else { wait() }
      }
    }
  }

  /// The next request for a batch that is decided while another is on its way to the disk; waits
  /// until `call`.
  func nextMeanwhile(_ arena: Arena, for batch: BatchSize) -> Next {
    undecoded.lock()
    defer { undecoded.unlock() }
    while true {
      if called {
        called = false
        return .nothing
      }
      guard let entry = head else {
        wait()
        continue
      }
      switch entry.stage {
      case .ready(let job):
        guard fits(job, batch) else {
          wait()
          continue
        }
        return take(job, entry)
      case .refused: drop(entry)
      case .sent: decode(entry, arena)
      case .decoding: wait()
      }
    }
  }

  /// Requests that wait.
  var count: Int { undecoded.withLock { entries.count - first } }

  private var head: QueueEntry? { first < entries.count ? entries[first] : nil }

  private func fits(_ job: DecodedRequest, _ batch: BatchSize) -> Bool {
    batch.items == 0 || batch.items + job.items.count <= limits.batchItemsMax
  }

  /// Called with the lock held, which it gives up meanwhile; may return for nothing.
  ///
  /// - Returns: false when the time was up.
  @discardableResult
  private func wait(until time: ContinuousClock.Instant? = nil) -> Bool {
    writerWaits = true
    defer { writerWaits = false }
    if let time { return wanted.wait(until: time) }
    wanted.wait()
    return true
  }

  /// Called with the lock held.
  private func wakeWriter() {
    guard writerWaits else { return }
    writerWaits = false
    wanted.signal()
  }

  private func take(_ job: DecodedRequest, _ entry: QueueEntry) -> Next {
    readyItems -= job.items.count
    drop(entry)
    wakeDecoder()
    return .job(job, bytes: entry.bytes)
  }

  private func drop(_ entry: QueueEntry) {
    bytes -= entry.bytes
    first += 1
    // Moved together now and then, not at each.
    if first == entries.count || first >= 1024 {
      entries.removeFirst(first)
      first = 0
      assert(violations().isEmpty, "\(violations())")
    }
  }
}
