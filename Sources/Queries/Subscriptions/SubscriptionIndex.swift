import Registry
import RegistryStorage

/// The subscriptions and their filters. New events are matched once for all waiting subscribers,
/// and only those that may be concerned are woken: one without a match costs a commit nothing.
///
/// A waiter that is woken in vain reads and waits again; one that is not woken would miss
/// something. So whatever is not certain wakes.
package struct SubscriptionIndex {
  /// Events remembered for those who are about to wait.
  static let recentMax = 4096
  /// Waiters at most that are woken at one time only to say how far the log is read.
  static let quietMax = 64

  /// What the index found out for a waiting subscriber.
  package struct ScanResult: Sendable {
    /// No event before it concerns the waiter; nil: nobody looked.
    var to: LogPosition?
    /// The waiter was told nothing for long: its watcher's cursor shall move on.
    var isToBeTold = false
  }

  /// A summary of an event: whom it may concern.
  struct EventSummary: Sendable {
    var position: LogPosition
    var kind: StreamKind
    var officers: Set<Identifier> = []
    var credentials: Set<Identifier> = []
    var allOfficers = false
    var allCredentials = false
  }

  /// What is to be found out about each event, and from which position on.
  struct Plan: Equatable, Sendable {
    var from: LogPosition
    var needsOfficers: Bool
    var needsCredentials: Bool
  }

  struct Wake {
    var passed: ScanResult
    var call: (ScanResult) -> Void

    func callAsFunction() { call(passed) }
  }

  private struct Waiter {
    var filter: WatchFilter
    var armed: PendingWakeup?
  }

  private struct PendingWakeup {
    var from: LogPosition
    var told: LogPosition
    var since: ContinuousClock.Instant
    var call: @Sendable (ScanResult) -> Void
  }

  private var waiters: [Int: Waiter] = [:]
  private var nextTicket = 0
  private(set) var armed = 0
  private var byKind: [StreamKind: Set<Int>] = [:]
  private var byOfficer: [Identifier: Set<Int>] = [:]
  private var byCredential: [Identifier: Set<Int>] = [:]
  private var ofOfficers: Set<Int> = []
  private var ofCredentials: Set<Int> = []
  /// Everything before it was looked at.
  private var looked: LogPosition = 0
  /// The summaries from `recentFrom` until `looked`.
  private var recent: [EventSummary] = []
  private var recentFrom: LogPosition = 0

  var plan: Plan {
    Plan(
      from: looked, needsOfficers: !ofOfficers.isEmpty || !ofCredentials.isEmpty,
      needsCredentials: !ofCredentials.isEmpty)
  }

  // MARK: who waits

  mutating func subscribe(_ filter: WatchFilter) -> Int {
    let (ticket, before) = (nextTicket, plan)
    nextTicket += 1
    waiters[ticket] = Waiter(filter: filter)
    note(filter, of: ticket) { $0.insert(ticket) }
    // Earlier summaries were made without such a subscriber.
    if plan != before { forget(until: looked) }
    return ticket
  }

  mutating func leave(_ ticket: Int) {
    guard let waiter = waiters.removeValue(forKey: ticket) else { return }
    if waiter.armed != nil { armed -= 1 }
    note(waiter.filter, of: ticket) { $0.remove(ticket) }
  }

  private mutating func note(
    _ filter: WatchFilter, of ticket: Int, _ change: (inout Set<Int>) -> Void
  ) {
    func update<K>(_ table: inout [K: Set<Int>], _ key: K) {
      change(&table[key, default: []])
      if table[key]?.isEmpty ?? false { table[key] = nil }
    }
    switch filter {
    case .kinds(let kinds): for kind in kinds { update(&byKind, kind) }
    case .officers(let watched):
      change(&ofOfficers)
      for officer in watched.ids { update(&byOfficer, officer) }
    case .credentials(let watched):
      change(&ofCredentials)
      for credential in watched.ids { update(&byCredential, credential) }
    }
  }

  private mutating func forget(until position: LogPosition) {
    (looked, recentFrom) = (position, position)
    recent.removeAll()
  }

  /// Lets a waiter wait; what it waited for before is forgotten.
  ///
  /// - Parameters:
  ///   - from: what it has read to.
  ///   - told: what its watcher knows that it has read to.
  /// - Returns: what wakes it at once.
  mutating func arm(
    _ ticket: Int, from: LogPosition, told: LogPosition, at now: ContinuousClock.Instant = .now,
    _ call: @escaping @Sendable (ScanResult) -> Void
  ) -> Wake? {
    guard var waiter = waiters[ticket] else { return nil }
    if waiter.armed != nil {
      waiter.armed = nil
      waiters[ticket] = waiter
      armed -= 1
    }
    // Nobody else waits: what lies between concerns nobody.
    if armed == 0, from > looked { forget(until: from) }
    guard from >= recentFrom else { return Wake(passed: ScanResult(), call: call) }
    if let match = recent.first(where: { $0.position >= from && concerns($0, waiter.filter) }) {
      return Wake(passed: ScanResult(to: match.position), call: call)
    }
    waiter.armed = PendingWakeup(from: from, told: told, since: now, call: call)
    waiters[ticket] = waiter
    armed += 1
    return nil
  }

  private func concerns(_ summary: EventSummary, _ filter: WatchFilter) -> Bool {
    switch filter {
    case .kinds(let kinds): kinds.contains(summary.kind)
    case .officers(let watched):
      summary.allOfficers || !summary.officers.isDisjoint(with: watched.set)
    case .credentials(let watched):
      summary.allCredentials || !summary.credentials.isDisjoint(with: watched.set)
    }
  }

  // MARK: what happened

  /// Takes the summaries made by a plan; nil when the plan has changed: scan again.
  mutating func note(_ summaries: [EventSummary], by plan: Plan, until end: LogPosition) -> [Wake]?
  {
    guard plan == self.plan else { return nil }
    precondition(end >= looked)
    looked = end
    recent += summaries
    if recent.count > 2 * Self.recentMax {
      recent.removeFirst(recent.count - Self.recentMax)
      recentFrom = recent[0].position
    }
    var wakes: [Wake] = []
    func wake(_ tickets: Set<Int>?, _ position: LogPosition) {
      for ticket in tickets ?? [] {
        guard let armed = waiters[ticket]?.armed, armed.from <= position else { continue }
        wakes.append(disarm(ticket, armed, ScanResult(to: position)))
      }
    }
    for summary in summaries {
      wake(byKind[summary.kind], summary.position)
      for officer in summary.officers { wake(byOfficer[officer], summary.position) }
      for credential in summary.credentials { wake(byCredential[credential], summary.position) }
      if summary.allOfficers { wake(ofOfficers, summary.position) }
      if summary.allCredentials { wake(ofCredentials, summary.position) }
    }
    return wakes
  }

  private mutating func disarm(_ ticket: Int, _ was: PendingWakeup, _ passed: ScanResult) -> Wake {
    waiters[ticket]?.armed = nil
    armed -= 1
    return Wake(passed: passed, call: was.call)
  }

  /// Wakes those who for long were told nothing although the log went on; not all at one time.
  mutating func wakeQuiet(at now: ContinuousClock.Instant = .now) -> [Wake] {
    var wakes: [Wake] = []
    for (ticket, waiter) in waiters {
      guard wakes.count < Self.quietMax else { break }
      guard let armed = waiter.armed, armed.told < looked,
        now - armed.since >= .milliseconds(WatchQuery.quietMs)
      else { continue }
      wakes.append(disarm(ticket, armed, ScanResult(to: looked, isToBeTold: true)))
    }
    return wakes
  }

  /// Whether somebody waits to be told how far the log is read.
  var isAnyQuiet: Bool {
    waiters.values.contains { $0.armed.map { $0.told < looked } ?? false }
  }

  /// Wakes everybody, as nobody knows what they would miss.
  mutating func wakeAll() -> [Wake] {
    waiters.compactMap { ticket, waiter in
      waiter.armed.map { (ticket, $0) }
    }.map { disarm($0.0, $0.1, ScanResult()) }
  }
}
