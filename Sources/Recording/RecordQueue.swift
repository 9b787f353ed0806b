import Foundation
import Messages
import RegistryStorage
import Vault

/// Requests to record, in the order in which they came. Each is decoded before its turn: by a
/// thread beside the writer's while that is busy, otherwise by the writer itself, so that a place
/// in the queue is taken at once and no request overtakes another.
final class RecordQueue: @unchecked Sendable {
  private enum Stage {
    case sent(RecordCall)
    case decoding
    case ready(RecordJob)
    /// It could not be decoded, and was answered.
    case refused
  }

  private final class Place {
    var stage: Stage
    let bytes: Int

    init(_ stage: Stage, bytes: Int) { (self.stage, self.bytes) = (stage, bytes) }

    var isSent: Bool { if case .sent = stage { true } else { false } }
  }

  private let limits: Writer.Limits
  private let vault: Vault
  private let random: RandomBytes
  private let condition = NSCondition()
  /// Raised where the thread beside may find something to decode.
  private let undecoded = DispatchSemaphore(value: 0)
  /// Raised for a writer that waits, once.
  private let wanted = DispatchSemaphore(value: 0)
  private var places: [Place] = []
  /// The place of the next request: those before it are taken already.
  private var first = 0
  private var bytes = 0
  private var readyItems = 0
  /// Requests that nobody has begun to decode.
  private var sentCount = 0
  /// The thread beside waits to be told of something to decode.
  private var decoderWaits = true
  private var writerWaits = false
  /// Somebody wants the writer, who may be waiting for requests.
  private var called = false
  private var stopping = false
  private var decoderEnded = false
  /// Why nothing is recorded any more.
  private var closedBecause: String?

  init(limits: Writer.Limits, vault: Vault, random: RandomBytes) {
    (self.limits, self.vault, self.random) = (limits, vault, random)
  }

  var isClosed: String? { condition.withLock { closedBecause } }

  func close(_ reason: String) {
    condition.withLock { closedBecause = closedBecause ?? reason }
  }

  func add(_ call: RecordCall) {
    add(.sent(call), bytes: call.request.count) { call.complete(.failure($0)) }
  }

  func add(_ job: RecordJob) {
    add(.ready(job), bytes: job.items.reduce(0) { $0 + $1.bytes.count }) {
      job.complete(.failure($0))
    }
  }

  private func add(_ stage: Stage, bytes: Int, refuse: (RecordFailure) -> Void) {
    condition.lock()
    if let reason = closedBecause ?? (stopping ? "The server is stopping." : nil) {
      condition.unlock()
      return refuse(.closed(reason))
    }
    guard self.bytes + bytes <= limits.queuedBytesMax,
      places.count - first < limits.queuedRequestsMax
    else {
      condition.unlock()
      return refuse(.busy)
    }
    switch stage {
    case .ready(let job): readyItems += job.items.count
    case .sent: sentCount += 1
    case .decoding, .refused: break
    }
    places.append(Place(stage, bytes: bytes))
    self.bytes += bytes
    if writerWaits { wakeWriter() } else { wakeDecoder() }
    condition.unlock()
  }

  /// Ends what waits for requests, after those that are queued.
  func stop() {
    condition.withLock {
      stopping = true
      wakeWriter()
    }
    undecoded.signal()
    condition.withLock {
      while !decoderEnded { condition.wait() }
    }
  }

  // MARK: decoding

  /// Decodes ahead of the writer, until the queue is stopped: the body of a thread.
  func decodeAhead() {
    let arena = Arena(budget: Self.decodingBudget)
    while true {
      undecoded.wait()
      condition.lock()
      if stopping { break }
      while readyItems < limits.readyItemsMax, let place = places[first...].first(where: \.isSent) {
        decode(place, arena)
      }
      decoderWaits = true
      condition.unlock()
    }
    decoderEnded = true
    condition.broadcast()
    condition.unlock()
  }

  /// Bytes: what one request may unpack to.
  static let decodingBudget = 64 << 20

  /// Called with the lock held. Told once, not at each request.
  private func wakeDecoder() {
    guard decoderWaits, sentCount > 0, readyItems < limits.readyItemsMax else { return }
    decoderWaits = false
    undecoded.signal()
  }

  /// Called with the lock held, which it gives up meanwhile.
  private func decode(_ place: Place, _ arena: Arena) {
    guard case .sent(let call) = place.stage else { return }
    place.stage = .decoding
    sentCount -= 1
    condition.unlock()
    let decoded = Result { () throws(Refusal) in
      try RecordJob(call, arena: arena, vault: vault, random: random)
    }
    if case .failure(let refusal) = decoded { call.complete(.failure(.refused(refusal))) }
    condition.lock()
    switch decoded {
    case .success(let job):
      place.stage = .ready(job)
      readyItems += job.items.count
    case .failure: place.stage = .refused
    }
    wakeWriter()
  }

  // MARK: the writer

  enum Next {
    case job(RecordJob, bytes: Int)
    /// Nothing that the batch should wait for; for one that is not begun, nothing ever.
    case nothing
  }

  /// How much of a batch there is.
  struct Measure {
    /// One may have no items, and is answered all the same.
    var requests = 0
    var items = 0
    var bytes = 0
  }

  /// Wakes the writer from a wait for requests.
  func call() {
    condition.withLock {
      called = true
      wakeWriter()
    }
  }

  /// What a batch that could be synced waits for.
  struct Awaited {
    var requests: Int
    var until: DispatchTime
  }

  /// The next request for a batch that has been begun, or that it begins.
  ///
  /// One that awaits nothing, or has what it awaits, leaves others as much as it takes: so two
  /// batches take turns, one on its way to the disk while the other is decided, and whoever sends
  /// more only after an answer never has everything in one of them.
  func next(_ arena: Arena, for batch: Measure, awaiting awaited: Awaited? = nil) -> Next {
    condition.lock()
    defer { condition.unlock() }
    while true {
      let awaits = awaited.map { batch.requests < $0.requests } ?? false
      guard let place = head else {
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
      switch place.stage {
      case .ready(let job):
        guard fits(job, batch) else { return .nothing }
        return take(job, place)
      case .refused: drop(place)
      case .sent, .decoding:
        if batch.items >= limits.batchItemsWanted { return .nothing }
        if case .sent = place.stage { decode(place, arena) } else { wait() }
      }
    }
  }

  /// The next request for a batch that is decided while another is on its way to the disk; waits
  /// until `call`.
  func nextMeanwhile(_ arena: Arena, for batch: Measure) -> Next {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if called {
        called = false
        return .nothing
      }
      guard let place = head else {
        wait()
        continue
      }
      switch place.stage {
      case .ready(let job):
        guard fits(job, batch) else {
          wait()
          continue
        }
        return take(job, place)
      case .refused: drop(place)
      case .sent: decode(place, arena)
      case .decoding: wait()
      }
    }
  }

  /// Requests that wait.
  var count: Int { condition.withLock { places.count - first } }

  private var head: Place? { first < places.count ? places[first] : nil }

  private func fits(_ job: RecordJob, _ batch: Measure) -> Bool {
    batch.items == 0 || batch.items + job.items.count <= limits.batchItemsMax
  }

  /// Called with the lock held, which it gives up meanwhile; may return for nothing.
  ///
  /// - Returns: false when the time was up.
  @discardableResult
  private func wait(until time: DispatchTime = .distantFuture) -> Bool {
    writerWaits = true
    condition.unlock()
    let result = wanted.wait(timeout: time)
    condition.lock()
    writerWaits = false
    return result == .success
  }

  /// Called with the lock held.
  private func wakeWriter() {
    guard writerWaits else { return }
    writerWaits = false
    wanted.signal()
  }

  private func take(_ job: RecordJob, _ place: Place) -> Next {
    readyItems -= job.items.count
    drop(place)
    wakeDecoder()
    return .job(job, bytes: place.bytes)
  }

  private func drop(_ place: Place) {
    bytes -= place.bytes
    first += 1
    // Moved together now and then, not at each.
    if first == places.count || first >= 1024 {
      places.removeFirst(first)
      first = 0
    }
  }
}
