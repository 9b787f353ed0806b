import NIOCore
import NIOPosix
import Synchronization

/// The threads on which services work off the event loops, and who has them when.
///
/// Three kinds of work have queues of their own, each in turns by principal and connection. No kind
/// may have all threads, so that a short question is not held up by pages, nor a page by questions
/// over everybody.
final class TurnScheduler: Sendable {
  enum Kind: Int, CaseIterable, Sendable {
    /// One answer.
    case question
    /// A step of a stream whose messages come from indexes.
    case step
    /// A step of a stream that looks at every subject there is.
    case heavyStep
  }

  static let threads = 3
  /// Threads at once that answer questions.
  static let questionsMax = 2
  /// Threads at once that work on streams; and of these on streams that look at everybody.
  static let stepsMax = 2
  static let heavyStepsMax = 1

  /// - Parameter isActive: false: the server is stopping, and nothing may be begun.
  typealias Work = @Sendable (_ isActive: Bool) -> Void

  /// Which work is next: a value, without threads.
  struct Turns<Item> {
    private var queues = Kind.allCases.map { _ in TurnQueue<Item>() }
    private(set) var running = Kind.allCases.map { _ in 0 }
    private var lastStep = Kind.heavyStep

    var waiting: Int { queues.reduce(0) { $0 + $1.count } }

    mutating func append(
      _ item: Item, _ kind: Kind, of connection: ObjectIdentifier, _ principal: String
    ) {
      queues[kind.rawValue].append(item, of: connection, principal)
    }

    private func mayRun(_ kind: Kind) -> Bool {
      guard !queues[kind.rawValue].isEmpty else { return false }
      let heavy = running[Kind.heavyStep.rawValue]
      let steps = running[Kind.step.rawValue] + heavy
      return switch kind {
      case .question: running[kind.rawValue] < TurnScheduler.questionsMax
      case .step: steps < TurnScheduler.stepsMax
      case .heavyStep:
        steps < TurnScheduler.stepsMax && heavy < TurnScheduler.heavyStepsMax
      }
    }

    /// Takes the next that may run now; nil where nothing may.
    mutating func begin() -> (item: Item, kind: Kind)? {
      // Questions first: there is always a thread that they cannot have. Of streams the two kinds
      // alternate where both wait.
      let steps: [Kind] = lastStep == .step ? [.heavyStep, .step] : [.step, .heavyStep]
      guard let kind = ([.question] + steps).first(where: mayRun),
        let item = queues[kind.rawValue].popFirst()
      else { return nil }
      if kind != .question { lastStep = kind }
      running[kind.rawValue] += 1
      return (item, kind)
    }

    mutating func end(_ kind: Kind) {
      precondition(running[kind.rawValue] > 0, "what ends was begun")
      running[kind.rawValue] -= 1
    }
  }

  private struct State {
    var turns = Turns<Work>()
    /// Threads that are looking for work, or have some.
    var busy = 0
  }

  private let pool = NIOThreadPool(numberOfThreads: TurnScheduler.threads + 1)
  private let state = Mutex(State())

  init() { pool.start() }

  /// Runs the work in its turn, on one of the threads.
  func submit(
    _ kind: Kind, of connection: ObjectIdentifier, _ principal: String, _ work: @escaping Work
  ) {
    let isFree = state.withLock { state in
      state.turns.append(work, kind, of: connection, principal)
      guard state.busy < Self.threads else { return false }
      state.busy += 1
      return true
    }
    // A thread that finds nothing that may run goes to sleep again.
    if isFree { pool.submit { self.run($0 == .active) } }
  }

  private func run(_ isActive: Bool) {
    var done: Kind?
    while true {
      let next = state.withLock { state -> (item: Work, kind: Kind)? in
        if let done { state.turns.end(done) }
        let next = state.turns.begin()
        if next == nil { state.busy -= 1 }
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
    pool.runIfActive(eventLoop: eventLoop, body)
  }

  /// Returns when nothing runs; what waited is told that the server stops.
  func stop() async { try? await pool.shutdownGracefully() }
}
