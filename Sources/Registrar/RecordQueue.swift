import Foundation
import Messages

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
  private let condition = NSCondition()
  /// Raised where the thread beside may find something to decode.
  private let undecoded = DispatchSemaphore(value: 0)
  private var places: [Place] = []
  private var bytes = 0
  private var readyItems = 0
  private var writerWaits = false
  private var stopping = false
  private var decoderEnded = false
  /// Why nothing is recorded any more.
  private var closedBecause: String?

  init(limits: Writer.Limits) { self.limits = limits }

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
    guard self.bytes + bytes <= limits.queuedBytesMax, places.count < limits.queuedRequestsMax
    else {
      condition.unlock()
      return refuse(.busy)
    }
    if case .ready(let job) = stage { readyItems += job.items.count }
    places.append(Place(stage, bytes: bytes))
    self.bytes += bytes
    let writerWaits = self.writerWaits
    if writerWaits { condition.broadcast() }
    condition.unlock()
    if !writerWaits { undecoded.signal() }
  }

  /// Ends what waits for requests, after those that are queued.
  func stop() {
    condition.withLock {
      stopping = true
      condition.broadcast()
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
      while readyItems < limits.readyItemsMax, let place = places.first(where: \.isSent) {
        decode(place, arena)
      }
      condition.unlock()
    }
    decoderEnded = true
    condition.broadcast()
    condition.unlock()
  }

  /// Bytes: what one request may unpack to.
  static let decodingBudget = 64 << 20

  /// Called with the lock held, which it gives up meanwhile.
  private func decode(_ place: Place, _ arena: Arena) {
    guard case .sent(let call) = place.stage else { return }
    place.stage = .decoding
    condition.unlock()
    let decoded = Result { () throws(Refusal) in try RecordJob(call, arena: arena) }
    if case .failure(let refusal) = decoded { call.complete(.failure(.refused(refusal))) }
    condition.lock()
    switch decoded {
    case .success(let job):
      place.stage = .ready(job)
      readyItems += job.items.count
    case .failure: place.stage = .refused
    }
    condition.broadcast()
  }

  // MARK: the writer

  /// What is to be decided next, in order: at least one request; nil once the queue has stopped
  /// and is empty.
  func nextBatch(_ arena: Arena) -> [RecordJob]? {
    condition.lock()
    defer { condition.unlock() }
    var jobs: [RecordJob] = []
    var items = 0
    while true {
      guard let place = places.first else {
        if !jobs.isEmpty { break }
        if stopping { return nil }
        wait()
        continue
      }
      switch place.stage {
      case .ready(let job):
        guard jobs.isEmpty || items + job.items.count <= limits.batchItemsMax else {
          return taken(jobs)
        }
        items += job.items.count
        readyItems -= job.items.count
        jobs.append(job)
        drop(place)
      case .refused: drop(place)
      // A batch that is worth its sync does not wait for what is not decoded yet.
      case .sent, .decoding:
        if items >= limits.batchItemsWanted { return taken(jobs) }
        if case .sent = place.stage { decode(place, arena) } else { wait() }
      }
    }
    return taken(jobs)
  }

  private func wait() {
    writerWaits = true
    condition.wait()
    writerWaits = false
  }

  private func drop(_ place: Place) {
    places.removeFirst()
    bytes -= place.bytes
  }

  private func taken(_ jobs: [RecordJob]) -> [RecordJob] {
    if !places.isEmpty { undecoded.signal() }
    return jobs
  }
}
