import HeapModule
import NIOCore

/// Has deadlines; belongs to one event loop.
protocol DeadlineOwner: AnyObject {
  /// Does what is due.
  ///
  /// - Returns: when something is due next.
  func ring(at now: NIODeadline) -> NIODeadline
}

/// A queue of the deadlines of one event loop, behind one timer of that loop.
///
/// NIO's timers are too dear for deadlines that are nearly always cancelled: cancelling one
/// searches all that wait, and calls and connections come and go in thousands. Here nothing is
/// cancelled: a deadline without an owner fires for nobody.
final class DeadlineQueue {
  private struct Entry: Comparable {
    let due: NIODeadline
    let owner_: DeadlineTimer

    static func < (one: Entry, other: Entry) -> Bool { one.due < other.due }
    static func == (one: Entry, other: Entry) -> Bool { one.due == other.due }
  }

  private let eventLoop: any EventLoop
  private var queue = Heap<Entry>()
  private var timer: (due: NIODeadline, task: Scheduled<Void>)?
  private var isRinging = false

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Entries that wait, also without an owner.
  var count: Int { queue.count }

  fileprivate func add(_ owner_: DeadlineTimer, _ due: NIODeadline) {
    queue.insert(Entry(due: due, owner_: owner_))
    if !isRinging { arm() }
  }

  private func arm() {
    guard let due = queue.min?.due, due < timer?.due ?? .distantFuture else { return }
    timer?.task.cancel()
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    timer = (due, eventLoop.scheduleTask(deadline: due) { bound.value.ring() })
  }

  private func ring() {
    timer = nil
    isRinging = true
    let now = eventLoop.now
    while let next = queue.min, next.due <= now {
      queue.removeMin()
      next.owner_.ring(at: now)
    }
    isRinging = false
    arm()
  }
}

/// One owner's timer in its loop's deadline queue.
final class DeadlineTimer {
  private let clock: DeadlineQueue
  private var owner: (any DeadlineOwner)?
  /// Its entries in the queue, the next one last: only an earlier deadline is added, so that an
  /// owner that is woken often has few entries.
  private var dues: [NIODeadline] = []

  /// Keeps the owner until `end`.
  init(_ clock: DeadlineQueue, _ owner: any DeadlineOwner) {
    self.clock = clock
    self.owner = owner
  }

  /// Fires then, or earlier.
  func wake(by due: NIODeadline) {
    guard owner != nil, due < dues.last ?? .distantFuture else { return }
    dues.append(due)
    clock.add(self, due)
  }

  /// Never fires again.
  func end() { owner = nil }

  fileprivate func ring(at now: NIODeadline) {
    dues.removeLast()
    if let owner { wake(by: owner.ring(at: now)) }
  }
}

extension NIODeadline {
  /// Milliseconds of the clock that all deadlines share.
  var ms: Int64 { Int64(uptimeNanoseconds / 1_000_000) }
}
