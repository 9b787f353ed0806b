import Locking
import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Who is woken by what, and who is left in peace.
struct WatchBoardTests {
  /// What waiters were told when they were woken.
  final class Woken: Sendable {
    private let passed = Mutex<[WatchBoard.Passed]>([])
    var list: [WatchBoard.Passed] { passed.withLock { $0 } }
    var call: @Sendable (WatchBoard.Passed) -> Void {
      { passed in self.passed.withLock { $0.append(passed) } }
    }
  }

  func look(_ position: LogPosition, _ kind: StreamKind, _ officers: String...) -> WatchBoard.Look {
    WatchBoard.Look(position: position, kind: kind, officers: Set(officers.map(id)))
  }

  func filter(_ what: WatchRequest.What) throws -> WatchFilter { try WatchFilter(what) }

  @Test func `Only those whom an event may concern are woken, and told how far to go`() throws {
    var board = WatchBoard()
    let (a, b, kind) = (Woken(), Woken(), Woken())
    let tickets = [
      board.subscribe(try filter(.officers("a"))), board.subscribe(try filter(.officers("b"))),
      board.subscribe(try filter(.kinds("duty"))),
    ]
    for (ticket, woken) in zip(tickets, [a, b, kind]) {
      #expect(board.arm(ticket, from: 10, told: 10, woken.call) == nil)
    }
    let looks = [look(10, .officer, "x"), look(11, .enrolment, "a"), look(12, .enrolment, "a")]
    let wakes = board.note(looks, by: board.plan, until: 13) ?? []
    for wake in wakes { wake() }
    #expect(a.list.map(\.to) == [11] && b.list.isEmpty && kind.list.isEmpty)
    #expect(board.armed == 2)
  }

  @Test func `What was looked at before one waits again is not slept through`() throws {
    var board = WatchBoard()
    let (a, b) = (Woken(), Woken())
    let first = board.subscribe(try filter(.officers("a")))
    let second = board.subscribe(try filter(.officers("b")))
    #expect(board.arm(second, from: 10, told: 10, b.call) == nil)
    _ = board.note([look(10, .enrolment, "a")], by: board.plan, until: 11)
    let wake = board.arm(first, from: 10, told: 10, a.call)
    #expect(wake?.passed.to == 10)
    #expect(board.arm(first, from: 11, told: 11, a.call) == nil)
    board.leave(first)
    #expect(board.armed == 1)
  }

  @Test func `Who is far behind, or came after a look, reads for itself`() throws {
    var board = WatchBoard()
    let woken = Woken()
    let kinds = board.subscribe(try filter(.kinds("duty")))
    #expect(board.arm(kinds, from: 10, told: 10, woken.call) == nil)
    let plan = board.plan
    let officer = board.subscribe(try filter(.officers("a")))
    // The look was taken before anybody asked for officers.
    #expect(board.note([look(10, .enrolment)], by: plan, until: 11) == nil)
    #expect(board.arm(officer, from: 9, told: 9, woken.call)?.passed.to == nil)
    _ = board.note([look(10, .enrolment, "a")], by: board.plan, until: 11)
    #expect(board.arm(officer, from: 10, told: 10, woken.call)?.passed.to == 10)
  }

  @Test func `Whoever is told nothing for long is told how far the log is read, a part at a time`()
    throws
  {
    var board = WatchBoard()
    let woken = Woken()
    let now = ContinuousClock.now
    for _ in 0..<100 {
      let ticket = board.subscribe(try filter(.officers("a")))
      #expect(board.arm(ticket, from: 5, told: 5, at: now, woken.call) == nil)
    }
    let late = now + .milliseconds(WatchQuery.quietMs)
    #expect(board.wakeQuiet(at: late).isEmpty, "nothing was recorded")
    _ = board.note([look(5, .officer, "b")], by: board.plan, until: 6)
    #expect(board.wakeQuiet(at: now).isEmpty, "not yet")
    let part = board.wakeQuiet(at: late)
    #expect(part.count == WatchBoard.quietMax)
    #expect(part.allSatisfy { $0.passed.to == 6 && $0.passed.isToBeTold })
    #expect(board.wakeQuiet(at: late).count == 100 - WatchBoard.quietMax)
    #expect(!board.isAnyQuiet)
  }
}
