import Foundation
import Locking

/// The signals that ask the program to end or to look at its files again.
///
/// They are blocked in every thread from the program's first instruction on, and the first thread
/// waits for them: however early one comes it is kept until it is looked at, and none falls into a
/// system call or ends the process by its default action. (A source of libdispatch, which
/// ServiceGroup would make, takes a signal only from when it is registered; and a main thread that
/// is given to libdispatch waits with every signal let through.)
enum Signals {
  enum Reaction {
    /// The command knows what to do.
    case taken
    /// The command was cancelled: when it has not ended after so many seconds, or another signal
    /// comes, the process ends as the signal would have ended it.
    case ending(seconds: TimeInterval)
  }

  /// Told of each signal, on the first thread.
  typealias Handler = @Sendable (Int32) -> Reaction

  private struct State {
    var handler: Handler = { _ in .taken }
    /// Handlers that took over: what one before says is of no account any more.
    var handlers = 0
    /// Those that came, for a handler that takes over.
    var came: [Int32] = []
    /// The signal that the process is to end by, and when.
    var ending: (number: Int32, at: ContinuousClock.Instant)?
  }

  private static let state = Mutex(State())

  /// The signal that asked the command to end; nil while none did, or where it knows what to do.
  static var ending: Int32? { state.withLock { $0.ending?.number } }

  /// Blocks the signals in this thread and in all that it begins.
  static func block() {
    // A reader that goes away (`ujuzi log | head`) is seen where it is written to.
    signal(SIGPIPE, SIG_IGN)
    var all = set
    unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
  }

  private static var set: sigset_t {
    var all = sigset_t()
    unsafe sigemptyset(&all)
    for number in [SIGTERM, SIGINT] { unsafe sigaddset(&all, number) }
    // One that is to be ignored (nohup) stays so.
    var hangup = sigaction()
    unsafe sigaction(SIGHUP, nil, &hangup)
    if unsafe hangup.__sigaction_handler.sa_handler == nil { unsafe sigaddset(&all, SIGHUP) }
    return all
  }

  /// Has the signals handled so from now on, those that came before among them.
  static func handle(_ handler: @escaping Handler) {
    let (came, own) = state.withLock { state in
      state.handler = handler
      state.handlers += 1
      state.ending = nil
      return (state.came, state.handlers)
    }
    for number in came { react(handler(number), of: own, to: number) }
  }

  /// Waits for signals for as long as the process lives.
  static func wait() -> Never {
    var all = set
    while true {
      let ending = state.withLock { $0.ending }
      let number = next(&all, within: ending.map { ContinuousClock.now.duration(to: $0.at) })
      guard number > 0 else {
        if let ending = state.withLock({ $0.ending }), ending.at <= .now { end(by: ending.number) }
        continue
      }
      if ending != nil, Self.ending != nil { end(by: number) }
      let (handler, own) = state.withLock { state in
        state.came.append(number)
        return (state.handler, state.handlers)
      }
      react(handler(number), of: own, to: number)
    }
  }

  private static func react(_ reaction: Reaction, of handler: Int, to number: Int32) {
    guard case .ending(let seconds) = reaction else { return }
    state.withLock { state in
      guard state.handlers == handler else { return }
      state.ending = (number, .now + .seconds(seconds))
    }
  }

  /// - Returns: the signal, or −1 when none came in the time.
  private static func next(_ all: inout sigset_t, within time: Duration?) -> Int32 {
    guard let time else { return unsafe sigwaitinfo(&all, nil) }
    let left = max(time, .zero).components
    var wait = timespec(
      tv_sec: Int(left.seconds), tv_nsec: Int(left.attoseconds / 1_000_000_000))
    return unsafe sigtimedwait(&all, nil, &wait)
  }

  /// Ends the process as the signal would have, so that whoever started it sees that it was
  /// interrupted.
  static func end(by number: Int32) -> Never {
    fflush(nil)
    signal(number, SIG_DFL)
    var one = sigset_t()
    unsafe sigemptyset(&one)
    unsafe sigaddset(&one, number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &one, nil)
    raise(number)
    Foundation.exit(128 + number)
  }
}
