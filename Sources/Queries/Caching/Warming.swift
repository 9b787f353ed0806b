import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// Counts the mandates in force before they are asked about: at a start, on a new day, and now and
/// then so that few who were touched wait. A thread of its own, since nobody waits for it.
package final class Warming: @unchecked Sendable {
  /// Between two rounds, in seconds.
  static let everySeconds = 60.0
  /// Between two slices, in seconds: most of the time is left to others.
  private static let restSeconds = 0.005

  private let store: RegistryStore
  private let condition = SteadyCondition()
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
      let desk = try ReadDesk(store)
      defer { desk.end() }
      repeat { try warm(desk) } while !waits(Self.everySeconds)
    } catch {
      store.logger.warning(
        "mandates are counted only when asked about", metadata: ["why": "\(error)"])
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
  func warm(_ desk: ReadDesk) throws {
    let mandates = try desk.read { records in
      records.catalogue.streams(of: .mandate).compactMap { stream -> (Identifier, Day)? in
        guard let state = records.catalogue.state(of: stream, on: desk.today)?.mandate,
          state.status == .inForce
        else { return nil }
        return (stream.key, state.since.day)
      }
    }
    // The latest, leaving a place for a question of somebody else's.
    for (mandate, _) in mandates.sorted(by: { $0.1 > $1.1 }).prefix(Tallies.talliesMax - 1) {
      var query = ComplianceQuery(ComplianceRequest(mandate: mandate))
      repeat {
        let step = try desk.read { _ in try query.next(desk, TimeSlice()) }
        if case .end = step { break }
      } while !waits(Self.restSeconds)
    }
  }
}
