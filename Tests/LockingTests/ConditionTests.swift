import Locking
import Testing

/// Waiting with a lock: for a time, for somebody.
struct ConditionTests {
  @Test func `A wait whose time is up says so, and one of no time does not wait`() {
    let condition = Condition()
    condition.withLock {
      #expect(!condition.wait(seconds: 0.001))
      #expect(!condition.wait(seconds: 0))
      #expect(!condition.wait(seconds: -.infinity))
      #expect(!condition.wait(seconds: .nan))
      #expect(!condition.wait(until: .now - .seconds(1)))
    }
  }

  @Test func `Who waits for longer than a clock can count is woken`() {
    let condition = Condition()
    let waits = Mutex(false)
    let wasWoken = Mutex(false)
    let waiter = Worker("waits", condition: condition)
    waiter.start {
      condition.withLock {
        waits.withLock { $0 = true }
        let isWoken = condition.wait(seconds: .greatestFiniteMagnitude)
        wasWoken.withLock { $0 = isWoken }
      }
    }
    // Told again and again, since it may not wait yet.
    while !waits.withLock({ $0 }) { condition.withLock { condition.broadcast() } }
    condition.withLock { condition.broadcast() }
    waiter.join()
    #expect(wasWoken.withLock { $0 })
  }

  @Test func `Who shares a lock is woken by his own condition`() {
    let first = Condition()
    let second = Condition(sharing: first)
    let stage = Atomic(0)
    let waiter = Worker("waits")
    waiter.start {
      first.withLock {
        stage.store(1, ordering: .relaxed)
        second.wait()
        stage.store(2, ordering: .relaxed)
      }
    }
    // Once the lock is had here and the stage is 1, it waits: the wait gives the one lock up.
    while first.withLock({ stage.load(ordering: .relaxed) }) == 0 {}
    first.withLock { first.broadcast() }
    first.withLock {
      #expect(stage.load(ordering: .relaxed) == 1)
      second.signal()
    }
    waiter.join()
    #expect(stage.load(ordering: .relaxed) == 2)
  }
}
