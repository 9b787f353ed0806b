import Locking
import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Who is woken by what, and who is left in peace.
struct SubscriptionIndexTests {
  /// What waiters were told when they were woken.
  final class Woken: Sendable {
    private let passed = Mutex<[SubscriptionIndex.ScanResult]>([])
    var list: [SubscriptionIndex.ScanResult] { passed.withLock { $0 } }
    var call: @Sendable (SubscriptionIndex.ScanResult) -> Void {
      { passed in self.passed.withLock { $0.append(passed) } }
    }
  }

  func summary(_ position: LogPosition, _ kind: StreamKind, _ officers: String...)
    -> SubscriptionIndex.EventSummary
  {
    SubscriptionIndex.EventSummary(position: position, kind: kind, officers: Set(officers.map(id)))
  }

  func filter(_ what: WatchRequest.What) throws -> WatchFilter { try WatchFilter(what) }

  @Test func `Only those whom an event may concern are woken, and told how far to go`() throws {
    var subscriptions = SubscriptionIndex()
    let (a, b, kind) = (Woken(), Woken(), Woken())
    let tickets = [
      subscriptions.subscribe(try filter(.officers("a"))),
      subscriptions.subscribe(try filter(.officers("b"))),
      subscriptions.subscribe(try filter(.kinds("duty"))),
    ]
    for (ticket, woken) in zip(tickets, [a, b, kind]) {
      #expect(subscriptions.arm(ticket, from: 10, told: 10, woken.call) == nil)
    }
    let summaries = [
      summary(10, .officer, "x"), summary(11, .enrolment, "a"), summary(12, .enrolment, "a"),
    ]
    let wakes = subscriptions.note(summaries, by: subscriptions.plan, until: 13) ?? []
    for wake in wakes { wake() }
    #expect(a.list.map(\.to) == [11] && b.list.isEmpty && kind.list.isEmpty)
    #expect(subscriptions.armed == 2)
  }

  @Test func `What was looked at before one waits again is not slept through`() throws {
    var subscriptions = SubscriptionIndex()
    let (a, b) = (Woken(), Woken())
    let first = subscriptions.subscribe(try filter(.officers("a")))
    let second = subscriptions.subscribe(try filter(.officers("b")))
    #expect(subscriptions.arm(second, from: 10, told: 10, b.call) == nil)
    _ = subscriptions.note([summary(10, .enrolment, "a")], by: subscriptions.plan, until: 11)
    let wake = subscriptions.arm(first, from: 10, told: 10, a.call)
    #expect(wake?.passed.to == 10)
    #expect(subscriptions.arm(first, from: 11, told: 11, a.call) == nil)
    subscriptions.leave(first)
    #expect(subscriptions.armed == 1)
  }

  @Test func `A subscriber that is far behind, or came after a scan, reads for itself`() throws {
    var subscriptions = SubscriptionIndex()
    let woken = Woken()
    let kinds = subscriptions.subscribe(try filter(.kinds("duty")))
    #expect(subscriptions.arm(kinds, from: 10, told: 10, woken.call) == nil)
    let plan = subscriptions.plan
    let officer = subscriptions.subscribe(try filter(.officers("a")))
    // The look was taken before anybody asked for officers.
    #expect(subscriptions.note([summary(10, .enrolment)], by: plan, until: 11) == nil)
    #expect(subscriptions.arm(officer, from: 9, told: 9, woken.call)?.passed.to == nil)
    _ = subscriptions.note([summary(10, .enrolment, "a")], by: subscriptions.plan, until: 11)
    #expect(subscriptions.arm(officer, from: 10, told: 10, woken.call)?.passed.to == 10)
  }

  @Test func `Whoever is told nothing for long is told how far the log is read, a part at a time`()
    throws
  {
    var subscriptions = SubscriptionIndex()
    let woken = Woken()
    let now = ContinuousClock.now
    for _ in 0..<100 {
      let ticket = subscriptions.subscribe(try filter(.officers("a")))
      #expect(subscriptions.arm(ticket, from: 5, told: 5, at: now, woken.call) == nil)
    }
    let late = now + .milliseconds(WatchQuery.quietMs)
    #expect(subscriptions.wakeQuiet(at: late).isEmpty, "nothing was recorded")
    _ = subscriptions.note([summary(5, .officer, "b")], by: subscriptions.plan, until: 6)
    #expect(subscriptions.wakeQuiet(at: now).isEmpty, "not yet")
    let part = subscriptions.wakeQuiet(at: late)
    #expect(part.count == SubscriptionIndex.quietMax)
    #expect(part.allSatisfy { $0.passed.to == 6 && $0.passed.isToBeTold })
    #expect(subscriptions.wakeQuiet(at: late).count == 100 - SubscriptionIndex.quietMax)
    #expect(!subscriptions.isAnyQuiet)
  }
}
