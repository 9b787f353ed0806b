import HeapModule
import NIOCore

/// Has matters that are due at some time; belongs to one event loop.
protocol Alarmed: AnyObject {
  /// Does what is due.
  ///
  /// - Returns: when something is due next.
  func ring(at now: NIODeadline) -> NIODeadline
}

/// The alarms of everything on one event loop, behind one timer of that loop.
///
/// A loop's own timers are no place for what is nearly always taken back before it comes: NIO looks
/// at each one that waits to take one back, and calls and connections come and go in thousands.
/// Here nothing is taken back: what is not wanted any more comes to nobody.
final class AlarmClock {
  private struct Entry: Comparable {
    let due: NIODeadline
    let alarm: Alarm

    static func < (one: Entry, other: Entry) -> Bool { one.due < other.due }
    static func == (one: Entry, other: Entry) -> Bool { one.due == other.due }
  }

  private let eventLoop: any EventLoop
  private var queue = Heap<Entry>()
  private var timer: (due: NIODeadline, task: Scheduled<Void>)?
  private var isRinging = false

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// What waits, also for nobody.
  var count: Int { queue.count }

  fileprivate func add(_ alarm: Alarm, _ due: NIODeadline) {
    queue.insert(Entry(due: due, alarm: alarm))
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
      next.alarm.ring(at: now)
    }
    isRinging = false
    arm()
  }
}

/// One owner's place on its loop's clock.
final class Alarm {
  private let clock: AlarmClock
  private var owner: (any Alarmed)?
  /// What is on the clock for it, the next last: only what comes before all of it is added, so that
  /// an owner that is woken often has few entries.
  private var dues: [NIODeadline] = []

  /// Keeps the owner until `end`.
  init(_ clock: AlarmClock, _ owner: any Alarmed) {
    self.clock = clock
    self.owner = owner
  }

  /// Rings then, or before.
  func wake(by due: NIODeadline) {
    guard owner != nil, due < dues.last ?? .distantFuture else { return }
    dues.append(due)
    clock.add(self, due)
  }

  /// Rings no more.
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
