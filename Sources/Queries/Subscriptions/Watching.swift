import Foundation
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// Wakes watchers: a thread of its own looks at what was committed, once for all of them, so that
/// neither the writer nor those who do not wait for it have to do with them.
package final class Watching: @unchecked Sendable {
  /// Milliseconds between looks for those who were told nothing for long.
  private static let quietLookMs = 50
  /// Events that are looked at in one snapshot.
  private static let looksMax = 1024

  private let store: RegistryStore
  private let condition = SteadyCondition()
  /// Guarded by the condition, as all below is.
  private var board = WatchBoard()
  private var isBehind = false
  /// Somebody may wait to be told how far the log is read, and when it is next looked who.
  private var isAnyQuiet = false
  private var quietLook = ContinuousClock.now
  private var isEnding = false
  private var isStopping = false
  private var isStopped = false

  package init(_ store: RegistryStore) { self.store = store }

  package func start() {
    let thread = Thread { [self] in run() }
    thread.name = "watch"
    thread.start()
  }

  /// Something was committed. Called by the writer: it costs a lock, and nothing is read here.
  package func signal() {
    condition.withLock {
      isBehind = true
      if board.armed > 0 { condition.broadcast() }
    }
  }

  /// Ends every watcher's stream, so that those who watch go on elsewhere; the rest goes on.
  package func end() {
    let wakes = condition.withLock {
      isEnding = true
      return board.wakeAll()
    }
    for wake in wakes { wake() }
  }

  package var isEnded: Bool { condition.withLock { isEnding } }

  /// Ends the thread; nobody waits any more.
  package func stop() {
    condition.withLock {
      isStopping = true
      condition.broadcast()
      while !isStopped { condition.wait() }
    }
  }

  // MARK: watchers

  /// - Returns: a ticket, to be given back with `leave`.
  package func subscribe(_ pages: WatchQuery) -> Int {
    condition.withLock { board.subscribe(pages.filter) }
  }

  package func leave(_ ticket: Int) { condition.withLock { board.leave(ticket) } }

  /// Calls back once there may be something to tell; before this returns, where there is already.
  package func wait(
    _ ticket: Int, _ pages: WatchQuery, _ call: @escaping @Sendable (WatchBoard.Passed) -> Void
  ) {
    let wake = condition.withLock { () -> WatchBoard.Wake? in
      if isEnding { return WatchBoard.Wake(passed: .init(), call: call) }
      let isFirst = board.armed == 0
      let wake = board.arm(ticket, from: pages.position, told: pages.told, call)
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
    var desk: ReadDesk?
    condition.lock()
    while !isStopping {
      // Not at every commit: all who wait are looked through.
      if isAnyQuiet, ContinuousClock.now >= quietLook {
        quietLook = .now + .milliseconds(Self.quietLookMs)
        isAnyQuiet = board.isAnyQuiet
        wake(board.wakeQuiet())
      }
      if isBehind, board.armed > 0 {
        isBehind = false
        let plan = board.plan
        condition.unlock()
        let found = Result {
          let opened = try desk ?? ReadDesk(store)
          desk = opened
          return try look(plan, opened)
        }
        condition.lock()
        let wakes: [WatchBoard.Wake]
        switch found {
        case .success((let looks, let end, let isAll)):
          let noted = board.note(looks, by: plan, until: end)
          if noted == nil || !isAll { isBehind = true }
          isAnyQuiet = true
          wakes = noted ?? []
        case .failure(let error):
          store.logger.error("watchers read for themselves", metadata: ["why": "\(error)"])
          wakes = board.wakeAll()
        }
        wake(wakes)
        continue
      }
      guard !isStopping else { break }
      if isAnyQuiet {
        _ = condition.wait(seconds: Double(Self.quietLookMs) / 1000)
      } else {
        condition.wait()
      }
    }
    isStopped = true
    condition.broadcast()
    condition.unlock()
    desk?.end()
  }

  /// With the lock given up: who is woken may wait again at once.
  private func wake(_ wakes: [WatchBoard.Wake]) {
    guard !wakes.isEmpty else { return }
    condition.unlock()
    for wake in wakes { wake() }
    condition.lock()
  }

  /// Whom each of the next events may concern.
  private func look(
    _ plan: WatchBoard.Plan, _ desk: ReadDesk
  ) throws -> (looks: [WatchBoard.Look], end: LogPosition, isAll: Bool) {
    try desk.read { records in
      let end = min(records.asOf, plan.from + UInt64(Self.looksMax))
      var looks: [WatchBoard.Look] = []
      guard plan.from < end else { return ([], plan.from, true) }
      try records.log.read(plan.from..<end) { position, event in
        guard let kind = EventGlance.kind(of: event) else { return true }
        looks.append(WatchBoard.Look(position: position, kind: kind))
        return true
      }
      if plan.needsOfficers {
        for at in looks.indices { try records.findConcerned(&looks[at], plan) }
      }
      return (looks, end, end == records.asOf)
    }
  }
}

extension RegistryReader {
  /// Whom of the officers and credentials an event may concern: rather too many than too few.
  fileprivate func findConcerned(
    _ look: inout WatchBoard.Look, _ plan: WatchBoard.Plan
  ) throws {
    switch look.kind {
    case .registry, .mandate, .authorisation, .cohort, .course:
      switch reach(of: try stored(look.position)) {
      case .nobody: break
      case .everybody: look.allOfficers = true
      case .trainings: (look.allOfficers, look.allCredentials) = (true, true)
      }
    case .officer, .enrolment, .submission, .credential, .skillClaim, .duty:
      let event = try stored(look.position)
      look.officers = Set(try named(by: event).flatMap(catalogue.merges.related))
      guard plan.needsCredentials else { return }
      if look.kind == .credential { look.credentials.insert(event.stream.key) }
      for officer in look.officers {
        for stream in try streams(touching: officer, before: look.position)
        where stream.kind == .credential {
          look.credentials.insert(stream.key)
        }
      }
    case .organisation, .framework, .instrument, .agreement, .programme: break
    }
  }
}
