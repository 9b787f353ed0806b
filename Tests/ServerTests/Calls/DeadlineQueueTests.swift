import NIOCore
import NIOEmbedded
import Testing

@testable import Server

/// Rings at every one of its times, and remembers when it was rung.
private final class Sleeper: DeadlineOwner {
  var dues: [Int64]
  var rung: [Int64] = []
  var meanwhile: (Int64) -> Void = { _ in }

  init(_ dues: [Int64]) { self.dues = dues.sorted() }

  func ring(at now: NIODeadline) -> NIODeadline {
    let ms = Int64(now.uptimeNanoseconds / 1_000_000)
    rung.append(ms)
    dues.removeAll { $0 <= ms }
    meanwhile(ms)
    return dues.first.map(at) ?? .distantFuture
  }
}

private func at(_ ms: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(ms) * 1_000_000) }

/// One timer of a loop serves everything that is due on it.
struct DeadlineQueueTests {
  private let loop = EmbeddedEventLoop()
  private let clock: DeadlineQueue

  init() { clock = DeadlineQueue(loop) }

  private func sleeper(_ dues: Int64...) -> (Sleeper, DeadlineTimer) {
    let sleeper = Sleeper(dues)
    let alarm = DeadlineTimer(clock, sleeper)
    for due in dues { alarm.wake(by: at(due)) }
    return (sleeper, alarm)
  }

  @Test func `Everybody is rung at each of its times, in whatever order they were said`() {
    let (early, _) = sleeper(10, 40, 20)
    let (late, _) = sleeper(30)
    loop.advanceTime(to: at(9))
    #expect(early.rung.isEmpty)
    for ms in stride(from: Int64(10), through: 50, by: 5) { loop.advanceTime(to: at(ms)) }
    #expect(early.rung == [10, 20, 40] && late.rung == [30])
    #expect(clock.count == 0)
  }

  @Test func `Whoever is over is rung no more, and is let go`() {
    weak var gone: Sleeper?
    do {
      let (sleeper, alarm) = sleeper(10)
      gone = sleeper
      alarm.end()
    }
    #expect(gone == nil)
    loop.advanceTime(to: at(20))
    #expect(clock.count == 0)
  }

  @Test func `Whoever is woken often leaves few entries`() {
    let (sleeper, alarm) = sleeper(1_000_000)
    for ms in stride(from: Int64(1), to: 1_000, by: 1) {
      sleeper.dues.insert(ms, at: 0)
      alarm.wake(by: at(ms))
      // Later than what is due: it is on the clock already.
      alarm.wake(by: at(ms + 500))
      loop.advanceTime(to: at(ms))
      #expect(clock.count == 1)
    }
    #expect(sleeper.rung.count == 999)
  }

  @Test func `What becomes due while somebody is rung is rung in time`() {
    let (other, alarm) = sleeper()
    let (first, _) = sleeper(10)
    first.meanwhile = { ms in
      other.dues = [ms + 5]
      alarm.wake(by: at(ms + 5))
    }
    loop.advanceTime(to: at(10))
    loop.advanceTime(to: at(14))
    #expect(other.rung.isEmpty)
    loop.advanceTime(to: at(15))
    #expect(other.rung == [15])
  }

  @Test func `Whoever asks to be rung at once does not keep the others waiting`() {
    let (eager, alarm) = sleeper(10)
    eager.meanwhile = { _ in if eager.rung.count < 3 { alarm.wake(by: at(10)) } }
    let (other, _) = sleeper(10)
    loop.advanceTime(to: at(10))
    #expect(eager.rung == [10, 10, 10] && other.rung == [10])
  }
}
