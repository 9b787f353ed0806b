import EventLog
import LMDB
import Locking

/// Threads that fold range after range; the ranges are taken from them in order.
final class RebuildWorkers: @unchecked Sendable {
  private let partitions: EventPartitions
  private let context: FoldContext
  private let log: EventLog
  private let folder: String
  private let limits: Rebuild.Limits
  private let blinds: StreamFold.MakeBlinds

  private let workers: [Worker]
  /// Of all of them; guards what is below.
  private let condition = Condition()
  private var next = 0
  private var taken = 0
  private var folded: [Int: StreamFold.Rows] = [:]
  private var results = StreamFold.Results()
  private var failure: (any Error)?

  init(
    _ partitions: EventPartitions, _ context: FoldContext, log: EventLog, folder: String,
    limits: Rebuild.Limits, blinds: @escaping StreamFold.MakeBlinds
  ) {
    self.partitions = partitions
    self.context = context
    self.log = log
    self.folder = folder
    self.limits = limits
    self.blinds = blinds
    workers = (0..<limits.threads).map { [condition] in
      Worker("rebuild \($0)", condition: condition)
    }
  }

  var count: Int { partitions.count }

  func start() {
    for worker in workers { worker.start { [self] in work() } }
  }

  private func work() {
    let fold = StreamFold(context, log: log, folder: folder, limits: limits, blinds: blinds())
    defer { fold.close() }
    while let range = claim() {
      do {
        let rows = try fold.fold(try partitions.take(range))
        condition.withLock {
          folded[range] = rows
          condition.broadcast()
        }
      } catch {
        condition.withLock {
          failure = failure ?? error
          condition.broadcast()
        }
      }
    }
    let made = fold.finish()
    condition.withLock { results.add(made) }
  }

  /// The next range, once those before it are not too far behind in being appended.
  private func claim() -> Int? {
    condition.withLock {
      while failure == nil, next < count, next > taken + 2 * limits.threads { condition.wait() }
      guard failure == nil, next < count else { return nil }
      next += 1
      return next - 1
    }
  }

  /// The rows of a range, when they are there; the ranges are asked for in order.
  func range(_ range: Int) throws -> StreamFold.Rows {
    try condition.withLock {
      while folded[range] == nil, failure == nil { condition.wait() }
      if let failure { throw failure }
      taken = range
      condition.broadcast()
      return folded.removeValue(forKey: range)!  // sure: it was waited for
    }
  }

  /// Everything else, once all ranges are folded.
  func finish() throws -> StreamFold.Results {
    for worker in workers { worker.join() }
    return try condition.withLock {
      if let failure { throw failure }
      return results
    }
  }

  /// Ends the threads after the ranges that they are at.
  func stop() {
    condition.withLock { failure = failure ?? CancellationError() }
    for worker in workers { worker.stop() }
  }
}
