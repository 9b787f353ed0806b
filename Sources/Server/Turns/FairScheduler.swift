import Dispatch
import Locking
import NIOCore

/// Schedules work off the event loops, fairly, on a few threads.
///
/// Three kinds of work have queues of their own, each in turns by principal and connection.
/// Questions have threads of their own, so that a short one is not held up by pages. Streams have
/// others, which yield the processor: where event loops and streams want it at once, the loops have
/// nearly all of it, and streams what is left.
final class FairScheduler: @unchecked Sendable {
  // What is unchecked is true because what changes is guarded by the workers' lock.

  enum Kind: Int, CaseIterable, Sendable {
    /// One answer.
    case question
    /// A step of a stream whose messages come from indexes.
    case step
    /// A step of a stream that looks at every subject there is.
    case heavyStep

    var threads: Threads { self == .question ? .questions : .steps }
  }

  enum Threads: Int, CaseIterable, Sendable {
    case questions, steps
  }

  /// Of each kind of threads.
  static let threads = 2
  /// Steps at once of streams that look at everybody: one thread is left to the others.
  static let heavyStepsMax = 1
  /// Of the threads of steps. Linux gives a thread of this niceness about a tenth of what it gives an event loop where both
  /// want the same core. Not the most there is, since an event loop may wait for a lock that such
  /// a thread holds for a moment.
  static let stepNiceness: Int32 = 10

  /// - Parameter isActive: false: the server is stopping, and nothing may be begun.
  typealias Work = @Sendable (_ isActive: Bool) -> Void

  /// Chooses the next work item: a value, without threads.
  struct WorkQueues<Item> {
    private var queues = Kind.allCases.map { _ in FairQueue<Item>() }
    var running = Kind.allCases.map { _ in 0 }
    private var lastStep = Kind.heavyStep

    var waiting: Int { queues.reduce(0) { $0 + $1.count } }

    mutating func append(
      _ item: Item, _ kind: Kind, of connection: ObjectIdentifier, _ principal: String
    ) {
      queues[kind.rawValue].append(item, of: connection, principal)
    }

    func running(on threads: Threads) -> Int {
      switch threads {
      case .questions: running[Kind.question.rawValue]
      case .steps: running[Kind.step.rawValue] + running[Kind.heavyStep.rawValue]
      }
    }

    private func mayRun(_ kind: Kind) -> Bool {
      !queues[kind.rawValue].isEmpty && running(on: kind.threads) < FairScheduler.threads
        && (kind != .heavyStep || running[kind.rawValue] < FairScheduler.heavyStepsMax)
    }

    func mayBegin(on threads: Threads) -> Bool {
      Kind.allCases.contains { $0.threads == threads && mayRun($0) }
    }

    /// Takes the next that may run now on such a thread; nil where nothing may.
    mutating func begin(on threads: Threads) -> (item: Item, kind: Kind)? {
      // The two kinds of steps alternate where both wait.
      let kinds: [Kind] =
        switch threads {
        case .questions: [.question]
        case .steps: lastStep == .step ? [.heavyStep, .step] : [.step, .heavyStep]
        }
      guard let kind = kinds.first(where: mayRun), let item = queues[kind.rawValue].popFirst()
      else { return nil }
      if kind != .question { lastStep = kind }
      running[kind.rawValue] += 1
      // Of what was begun only this kind's numbers changed: they are looked at always, all of them in
      // debug builds, since a list made at every take would cost more than the take.
      precondition(
        running(on: kind.threads) <= FairScheduler.threads, Invariant.runningWithinThreads.rawValue)
      precondition(
        kind != .heavyStep || running[kind.rawValue] <= FairScheduler.heavyStepsMax,
        Invariant.heavyStepsWithinMax.rawValue)
      assert(violations().isEmpty, "\(violations())")
      return (item, kind)
    }

    mutating func end(_ kind: Kind) {
      precondition(running[kind.rawValue] > 0, Invariant.endsWhatBegan.rawValue)
      running[kind.rawValue] -= 1
    }
  }

  private var turns = WorkQueues<Work>()
  /// By the threads' kind: what a thread waits on that finds nothing that may run. They share one
  /// lock, which guards the turns.
  private let wakes: [Condition]
  private let workers: [(thread: Worker, takes: Threads)]
  private var isStopping = false
  /// For what belongs to no connection.
  private let others = WorkQueue("aside")

  init() {
    let first = Condition()
    let wakes = Threads.allCases.map { $0 == .questions ? first : Condition(sharing: first) }
    self.wakes = wakes
    let kinds = Threads.allCases.flatMap { Array(repeating: $0, count: Self.threads) }
    workers = kinds.map { threads in
      let worker = Worker(
        "\(threads)", niceness: threads == .steps ? Self.stepNiceness : 0,
        condition: wakes[threads.rawValue])
      return (worker, threads)
    }
  }

  /// Starts the threads; what is submitted before waits for them.
  func start() {
    others.start()
    for (worker, threads) in workers {
      worker.start { [self] in run(worker, threads) }
    }
  }

  /// Runs the work in its turn, on one of the threads.
  func submit(
    _ kind: Kind, of connection: ObjectIdentifier, _ principal: String, _ work: @escaping Work
  ) {
    let wake = wakes[kind.threads.rawValue]
    let isTaken = wake.withLock {
      guard !isStopping else { return false }
      turns.append(work, kind, of: connection, principal)
      // One that finds nothing that may run goes to sleep again.
      wake.signal()
      return true
    }
    if !isTaken { work(false) }
  }

  private func run(_ worker: Worker, _ threads: Threads) {
    var done: Kind?
    while let turn = next(worker, threads, done: done) {
      turn.work(turn.isActive)
      done = turn.kind
    }
  }

  /// Waits for work that may run; nil when the scheduler stops and there is none.
  private func next(
    _ worker: Worker, _ threads: Threads, done: Kind?
  ) -> (work: Work, kind: Kind, isActive: Bool)? {
    worker.condition.withLock {
      if let done { turns.end(done) }
      while true {
        if let next = turns.begin(on: threads) {
          // What was left to wait while its kind ran already may run now beside this one.
          if turns.mayBegin(on: threads) { worker.condition.signal() }
          return (next.item, next.kind, !isStopping)
        }
        if isStopping { return nil }
        worker.condition.wait()
      }
    }
  }

  /// Runs something that belongs to no connection, on a thread that nothing else has.
  @discardableResult
  func aside<R: Sendable>(
    _ eventLoop: any EventLoop, _ body: @escaping @Sendable () -> R
  ) -> EventLoopFuture<R> {
    let promise = eventLoop.makePromise(of: R.self)
    if !others.submit({ promise.succeed(body()) }) { promise.fail(ChannelError.ioOnClosedChannel) }
    return promise.futureResult
  }

  /// Returns when nothing runs; what waited is told that the server stops.
  func stop() async {
    // All are asked before one is waited for, on a thread that may wait.
    wakes[0].withLock { isStopping = true }
    for worker in workers { worker.thread.askToStop() }
    await withCheckedContinuation { ended in
      DispatchQueue.global().async { [self] in
        for worker in workers { worker.thread.join() }
        others.stop()
        ended.resume()
      }
    }
  }
}
