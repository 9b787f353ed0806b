import Failures
import LMDB
import Locking
import Messages
import Projections
import Registry
import RegistryStorage

/// Notifies subscribers: a thread of its own scans what was committed, once for all of them, so
/// that neither the writer nor other requests pay for it.
package final class SubscriptionNotifier: @unchecked Sendable {
  /// Milliseconds between scans for subscribers that have received nothing for long.
  private static let quietLookMs = 50
  /// Events that are scanned in one snapshot.
  private static let looksMax = 1024

  private let store: RegistryStore
  private let worker = Worker("watch")
  private var condition: Condition { worker.condition }
  /// Guarded by the condition, as all below is.
  private var subscriptions = SubscriptionIndex()
  private var isBehind = false
  /// Somebody may wait to be told how far the log is read, and when it is next looked who.
  private var isAnyQuiet = false
  private var quietLook = ContinuousClock.now

  package init(_ store: RegistryStore) { self.store = store }

  package func start() { worker.start { [self] in run() } }

  /// Something was committed. Called by the writer: it costs a lock, and nothing is read here.
  package func signal() {
    condition.withLock {
      isBehind = true
      if subscriptions.armed > 0 { condition.broadcast() }
    }
  }

  /// Ends the thread; nobody waits any more.
  package func stop() { worker.stop() }

  // MARK: watchers

  /// - Returns: a ticket, to be given back with `leave`.
  package func subscribe(_ pages: WatchQuery) -> Int {
    condition.withLock { subscriptions.subscribe(pages.filter) }
  }

  package func leave(_ ticket: Int) { condition.withLock { subscriptions.leave(ticket) } }

  /// Calls back once there may be something to tell; before this returns, where there is already.
  package func wait(
    _ ticket: Int, _ pages: WatchQuery,
    _ call: @escaping @Sendable (SubscriptionIndex.ScanResult) -> Void
  ) {
    let wake = condition.withLock { () -> SubscriptionIndex.Wake? in
      let isFirst = subscriptions.armed == 0
      let wake = subscriptions.arm(ticket, from: pages.position, told: pages.told, call)
      // What was committed while nobody waited was not looked at.
      if isFirst { isBehind = true }
      isAnyQuiet = true
      if wake == nil { condition.broadcast() }
      return wake
    }
    wake?()
  }

  // MARK: the thread

  private func run() {
    var session: ReadSession?
    condition.lock()
    while !worker.isStopping {
      // Not at every commit: all who wait are looked through.
      if isAnyQuiet, ContinuousClock.now >= quietLook {
        quietLook = .now + .milliseconds(Self.quietLookMs)
        isAnyQuiet = subscriptions.isAnyQuiet
        wake(subscriptions.wakeQuiet())
      }
      if isBehind, subscriptions.armed > 0 {
        isBehind = false
        let plan = subscriptions.plan
        condition.unlock()
        let found = Result {
          let opened = try session ?? ReadSession(store)
          session = opened
          return try summary(plan, opened)
        }
        condition.lock()
        let wakes: [SubscriptionIndex.Wake]
        switch found {
        case .success((let summaries, let end, let isAll)):
          let noted = subscriptions.note(summaries, by: plan, until: end)
          if noted == nil || !isAll { isBehind = true }
          isAnyQuiet = true
          wakes = noted ?? []
        case .failure(let error):
          store.logger.error(
            "watchers read for themselves",
            metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
          wakes = subscriptions.wakeAll()
        }
        wake(wakes)
        continue
      }
      guard !worker.isStopping else { break }
      if isAnyQuiet {
        _ = condition.wait(seconds: Double(Self.quietLookMs) / 1000)
      } else {
        condition.wait()
      }
    }
    condition.unlock()
    session?.end()
  }

  /// With the lock given up: who is woken may wait again at once.
  private func wake(_ wakes: [SubscriptionIndex.Wake]) {
    guard !wakes.isEmpty else { return }
    condition.unlock()
    for wake in wakes { wake() }
    condition.lock()
  }

  /// Whom each of the next events may concern.
  private func summary(
    _ plan: SubscriptionIndex.Plan, _ session: ReadSession
  ) throws -> (summaries: [SubscriptionIndex.EventSummary], end: LogPosition, isAll: Bool) {
    try session.read { readModel in
      let end = min(readModel.asOf, plan.from + UInt64(Self.looksMax))
      var summaries: [SubscriptionIndex.EventSummary] = []
      guard plan.from < end else { return ([], plan.from, true) }
      try readModel.log.read(plan.from..<end) { position, event in
        guard let kind = EventFields.kind(of: event) else { return true }
        summaries.append(SubscriptionIndex.EventSummary(position: position, kind: kind))
        return true
      }
      if plan.needsOfficers {
        for at in summaries.indices { try readModel.findConcerned(&summaries[at], plan) }
      }
      return (summaries, end, end == readModel.asOf)
    }
  }
}

extension RegistryReader {
  /// Whom of the officers and credentials an event may concern: rather too many than too few.
  fileprivate func findConcerned(
    _ summary: inout SubscriptionIndex.EventSummary, _ plan: SubscriptionIndex.Plan
  ) throws {
    switch summary.kind {
    case .registry, .mandate, .authorisation, .cohort, .course:
      switch reach(of: try stored(summary.position)) {
      case .nobody: break
      case .everybody: summary.allOfficers = true
      case .trainings: (summary.allOfficers, summary.allCredentials) = (true, true)
      }
    case .officer, .enrolment, .submission, .credential, .skillClaim, .duty:
      let event = try stored(summary.position)
      summary.officers = Set(try named(by: event).flatMap(sharedStreams.merges.related))
      guard plan.needsCredentials else { return }
      if summary.kind == .credential { summary.credentials.insert(event.stream.key) }
      for officer in summary.officers {
        for stream in try streams(touching: officer, before: summary.position)
        where stream.kind == .credential {
          summary.credentials.insert(stream.key)
        }
      }
    case .organisation, .framework, .instrument, .agreement, .programme: break
    }
  }
}
