import Failures
import LMDB
import Locking
import Logging
import Messages
import Projections
import Registry
import RegistryStorage

/// Warms the compliance aggregates of mandates in force: at a start, on a new day, and from time to
/// time, so that few changed officers are left to recount. A background thread of its own.
package final class CacheWarmer: Sendable {
  /// Between two rounds, in seconds.
  static let everySeconds = 60.0
  /// Between two slices, in seconds: most of the time is left to others.
  private static let restSeconds = 0.005

  private let store: RegistryStore
  private let worker = Worker("warming")

  package init(_ store: RegistryStore) { self.store = store }

  package func start() { worker.start { [self] in run() } }

  /// Returns when the thread reads no more.
  package func stop() { worker.stop() }

  private func run() {
    do {
      let session = try ReadSession(store)
      defer { session.end() }
      repeat { try warm(session) } while worker.rest(.seconds(Self.everySeconds))
    } catch {
      store.logger.warning(
        "mandates are counted only when asked about",
        metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
    }
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
      } while worker.rest(.seconds(Self.restSeconds))
    }
  }
}
