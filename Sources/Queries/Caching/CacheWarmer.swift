import Failures
import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// Warms the compliance aggregates of mandates in force: at a start, on a new day, and from time to
/// time, so that few changed officers are left to recount. A background thread of its own.
package final class CacheWarmer: @unchecked Sendable {
  /// Between two rounds, in seconds.
  static let everySeconds = 60.0
  /// Between two slices, in seconds: most of the time is left to others.
  private static let restSeconds = 0.005

  private let store: RegistryStore
  private let condition = MonotonicCondition()
  private var isStopping = false
  private var isRunning = false

  package init(_ store: RegistryStore) { self.store = store }

  package func start() {
    condition.withLock { isRunning = true }
    let thread = Thread { [self] in run() }
    thread.name = "warming"
    thread.start()
  }

  /// Returns when the thread reads no more.
  package func stop() {
    condition.lock()
    isStopping = true
    condition.broadcast()
    while isRunning { condition.wait() }
    condition.unlock()
  }

  private func run() {
    do {
      let session = try ReadSession(store)
      defer { session.end() }
      repeat { try warm(session) } while !waits(Self.everySeconds)
    } catch {
      store.logger.warning(
        "mandates are counted only when asked about",
        metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
    }
    condition.lock()
    isRunning = false
    condition.broadcast()
    condition.unlock()
  }

  /// Waits; true when it is time to stop.
  private func waits(_ seconds: Double) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    let until = ContinuousClock.now + .seconds(seconds)
    while !isStopping, condition.wait(until: until) {}
    return isStopping
  }

  /// Counts each mandate in force to its end; returns early when it is time to stop.
  func warm(_ session: ReadSession) throws {
    let mandates = try session.read { readModel in
      readModel.sharedStreams.streams(of: .mandate).compactMap { stream -> (Identifier, Day)? in
        guard let state = readModel.sharedStreams.state(of: stream, on: session.today)?.mandate,
          state.status == .inForce
        else { return nil }
        return (stream.key, state.since.day)
      }
    }
    // The latest, leaving a place for a question of somebody else's.
    for (mandate, _) in mandates.sorted(by: { $0.1 > $1.1 }).prefix(
      ComplianceAggregates.talliesMax - 1)
    {
      var query = ComplianceQuery(ComplianceRequest(mandate: mandate))
      repeat {
        let step = try session.read { _ in try query.next(session, TimeSlice()) }
        if case .end = step { break }
      } while !waits(Self.restSeconds)
    }
  }
}
