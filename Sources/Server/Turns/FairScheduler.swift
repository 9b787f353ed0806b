import Glibc
import Locking
import NIOCore
import NIOPosix

/// Schedules work off the event loops, fairly, on a few threads.
///
/// Three kinds of work have queues of their own, each in turns by principal and connection.
/// Questions have threads of their own, so that a short one is not held up by pages. Streams have
/// others, which yield the processor: where event loops and streams want it at once, the loops have
/// nearly all of it, and streams what is left.
final class FairScheduler: Sendable {
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
  /// Linux gives a thread of this niceness about a tenth of what it gives an event loop where both
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
      precondition(violations().isEmpty, "\(violations())")
      return (item, kind)
    }

    mutating func end(_ kind: Kind) {
      precondition(running[kind.rawValue] > 0, Invariant.endsWhatBegan.rawValue)
      running[kind.rawValue] -= 1
    }
  }

  private struct State {
    var turns = WorkQueues<Work>()
    /// Threads of each kind that are looking for work, or have some.
    var busy = Threads.allCases.map { _ in 0 }
  }

  /// One thread more than questions have, for what belongs to no connection.
  private let questions = NIOThreadPool(numberOfThreads: FairScheduler.threads + 1)
  private let steps = NIOThreadPool(numberOfThreads: FairScheduler.threads)
  private let isNice = ThreadSpecificVariable<Nice>()
  private let state = Mutex(State())

  /// A thread's niceness was set.
  private final class Nice: Sendable {}

  init() {
    questions.start()
    steps.start()
  }

  /// Runs the work in its turn, on one of the threads.
  func submit(
    _ kind: Kind, of connection: ObjectIdentifier, _ principal: String, _ work: @escaping Work
  ) {
    let threads = kind.threads
    let isFree = state.withLock { state in
      state.turns.append(work, kind, of: connection, principal)
      guard state.busy[threads.rawValue] < Self.threads else { return false }
      state.busy[threads.rawValue] += 1
      return true
    }
    guard isFree else { return }
    // A thread that finds nothing that may run goes to sleep again.
    switch threads {
    case .questions: questions.submit { self.run(.questions, $0 == .active) }
    case .steps:
      steps.submit {
        self.yieldProcessor()
        self.run(.steps, $0 == .active)
      }
    }
  }

  /// A thread may lower its own priority without any privilege; who 0 is the calling thread
  /// (setpriority(2), "C library/kernel differences"). Where it fails, streams and loops share
  /// alike.
  private func yieldProcessor() {
    guard isNice.currentValue == nil else { return }
    isNice.currentValue = Nice()
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.stepNiceness)
  }

  private func run(_ threads: Threads, _ isActive: Bool) {
    var done: Kind?
    while true {
      let next = state.withLock { state -> (item: Work, kind: Kind)? in
        if let done { state.turns.end(done) }
        let next = state.turns.begin(on: threads)
        if next == nil { state.busy[threads.rawValue] -= 1 }
        return next
      }
      guard let next else { return }
      next.item(isActive)
      done = next.kind
    }
  }

  /// Runs something that belongs to no connection, on a thread that nothing else has.
  @discardableResult
  func aside<R: Sendable>(
    _ eventLoop: any EventLoop, _ body: @escaping @Sendable () -> R
  ) -> EventLoopFuture<R> {
    questions.runIfActive(eventLoop: eventLoop, body)
  }

  /// Returns when nothing runs; what waited is told that the server stops.
  func stop() async {
    try? await steps.shutdownGracefully()
    try? await questions.shutdownGracefully()
  }
}
