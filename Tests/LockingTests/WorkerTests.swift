import Foundation
import Locking
import Testing

/// Threads that are started once and waited for at their end.
struct WorkerTests {
  /// What a body says of how far it is; guarded by the worker's condition.
  private final class Board: @unchecked Sendable {
    var isThere = false
    var isDone = false
  }

  private func wait(_ worker: Worker, until isSo: () -> Bool) {
    worker.condition.withLock {
      while !isSo() { worker.condition.wait() }
    }
  }

  @Test func `A stop wakes a body that waits, and returns when it has returned`() {
    let worker = Worker("waits")
    let board = Board()
    worker.start {
      worker.condition.withLock {
        board.isThere = true
        worker.condition.broadcast()
        while !worker.isStopping { worker.condition.wait() }
        board.isDone = true
      }
    }
    wait(worker) { board.isThere }
    #expect(!worker.condition.withLock { board.isDone })
    worker.stop()
    #expect(board.isDone)
    // Once more is no more.
    worker.stop()
    worker.join()
  }

  @Test func `A stop waits for a body that is at work`() {
    let worker = Worker("works")
    let board = Board()
    let rounds = Atomic(0)
    worker.start {
      worker.condition.withLock {
        board.isThere = true
        worker.condition.broadcast()
      }
      // Looks up only between two rounds.
      repeat {
        rounds.add(1, ordering: .relaxed)
      } while worker.condition.withLock {
        !worker.isStopping
      }
      for _ in 0..<1000 { rounds.add(1, ordering: .relaxed) }
      board.isDone = true
    }
    wait(worker) { board.isThere }
    worker.stop()
    #expect(board.isDone)
    #expect(rounds.load(ordering: .relaxed) > 1000)
  }

  @Test func `A rest ends with its time or at the stop, and says which it was`() {
    let worker = Worker("rests")
    let board = Board()
    let rests = Mutex<[Bool]>([])
    worker.start {
      let short = worker.rest(.milliseconds(1))
      worker.condition.withLock {
        board.isThere = true
        worker.condition.broadcast()
      }
      let long = worker.rest(.seconds(3600))
      rests.withLock { $0 = [short, long] }
    }
    wait(worker) { board.isThere }
    let begun = ContinuousClock.now
    worker.stop()
    #expect(rests.withLock { $0 } == [true, false])
    #expect(ContinuousClock.now - begun < .seconds(60))
  }

  @Test func `One that was never started has ended`() {
    let worker = Worker("never")
    #expect(!worker.isStarted)
    worker.join()
    worker.stop()
  }

  @Test func `One that is asked to stop before it is started sees it at once`() {
    let worker = Worker("late")
    let seen = Mutex(false)
    worker.askToStop()
    worker.start { seen.withLock { $0 = !worker.rest(.seconds(3600)) } }
    worker.join()
    #expect(seen.withLock { $0 })
  }

  @Test func `A second start is an error of ours`() async {
    await #expect(processExitsWith: .failure) {
      let worker = Worker("twice")
      worker.start {}
      worker.start {}
    }
  }

  @Test func `Who waits for his own end is an error of ours`() async {
    await #expect(processExitsWith: .failure) {
      let worker = Worker("own")
      worker.start { worker.stop() }
      worker.join()
    }
  }

  @Test func `A thread has its name, its stack and its niceness`() {
    let worker = Worker("of-its-own", stackBytes: 3 << 20, niceness: 10)
    let found = Mutex((name: "", stack: 0, niceness: Int32(-1)))
    worker.start {
      found.withLock {
        $0 = (Self.name(), Thread.current.stackSize, Self.niceness())
      }
    }
    worker.join()
    let (name, stack, niceness) = found.withLock { $0 }
    #expect(name == "of-its-own")
    #expect(stack == 3 << 20)
    #expect(niceness == 10)
    // And nobody else's is lowered with it.
    #expect(Self.niceness() == 0)
  }

  /// Of the calling thread, as the kernel has it: proc_pid_comm(5).
  private static func name() -> String {
    ((try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? "")
      .trimmingCharacters(in: .newlines)
  }

  /// Of the calling thread: getpriority(2).
  private static func niceness() -> Int32 {
    getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
  }

  @Test func `Several that share a condition are woken and waited for each`() {
    let condition = Condition()
    let workers = (0..<4).map { Worker("shared \($0)", condition: condition) }
    let ended = Atomic(0)
    for worker in workers {
      worker.start {
        while worker.rest(.seconds(3600)) {}
        ended.add(1, ordering: .relaxed)
      }
    }
    for (at, worker) in workers.enumerated() {
      worker.stop()
      #expect(ended.load(ordering: .relaxed) == at + 1)
    }
  }
}

/// Work that is done one after the other.
struct WorkQueueTests {
  @Test func `What was submitted before a stop is run, in its order, and what comes after is not`()
  {
    let queue = WorkQueue("queue")
    let ran = Mutex<[Int]>([])
    for number in 0..<10 {
      #expect(queue.submit { ran.withLock { $0.append(number) } })
    }
    queue.start()
    for number in 10..<1000 {
      #expect(queue.submit { ran.withLock { $0.append(number) } })
    }
    queue.stop()
    #expect(ran.withLock { $0 } == Array(0..<1000))
    #expect(!queue.submit { ran.withLock { $0.append(-1) } })
    #expect(ran.withLock { $0.count } == 1000)
  }

  @Test func `A flush returns when what was submitted before it is done`() {
    let queue = WorkQueue("queue")
    queue.start()
    defer { queue.stop() }
    let ran = Atomic(0)
    queue.flush()
    for number in 1...200 {
      for _ in 0..<5 { queue.submit { ran.add(1, ordering: .relaxed) } }
      queue.flush()
      #expect(ran.load(ordering: .relaxed) == 5 * number)
    }
  }

  @Test func `Work may submit more, which is run behind what waits`() {
    let queue = WorkQueue("queue")
    let ran = Mutex<[Int]>([])
    queue.submit {
      ran.withLock { $0.append(1) }
      queue.submit { ran.withLock { $0.append(3) } }
    }
    queue.submit { ran.withLock { $0.append(2) } }
    queue.start()
    while ran.withLock({ $0.count }) < 3 { queue.flush() }
    queue.stop()
    #expect(ran.withLock { $0 } == [1, 2, 3])
  }

  @Test func `Each piece of work is freed when it is done`() {
    let queue = WorkQueue("queue")
    let wasFreed = Mutex(false)
    let probe = Probe()
    do {
      let held = Held()
      probe.held = held
      queue.submit { held.touch() }
    }
    queue.submit { wasFreed.withLock { $0 = probe.held == nil } }
    queue.start()
    queue.stop()
    #expect(wasFreed.withLock { $0 })
  }

  private final class Held: Sendable {
    func touch() {}
  }

  /// Read by the queue's thread alone, once it is started.
  private final class Probe: @unchecked Sendable {
    weak var held: AnyObject?
  }
}
