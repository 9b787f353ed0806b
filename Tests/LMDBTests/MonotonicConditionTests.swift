import LMDB
import Testing

struct MonotonicConditionTests {
  @Test func `A wait whose time is up says so, and one of no time does not wait`() {
    let condition = MonotonicCondition()
    condition.withLock {
      #expect(!condition.wait(seconds: 0.001))
      #expect(!condition.wait(seconds: 0))
      #expect(!condition.wait(seconds: -.infinity))
      #expect(!condition.wait(seconds: .nan))
      #expect(!condition.wait(until: .now - .seconds(1)))
    }
  }

  @Test func `Who waits for longer than a clock can count is woken`() async {
    let condition = MonotonicCondition()
    let waiter = Task.detached {
      condition.withLock { condition.wait(seconds: .greatestFiniteMagnitude) }
    }
    // It may not wait yet: told again until it ends.
    let waker = Task.detached {
      while !Task.isCancelled {
        condition.withLock { condition.broadcast() }
        await Task.yield()
      }
    }
    #expect(await waiter.value)
    waker.cancel()
  }
}
