import Locking
import Wire

/// A question over many subjects, worked off in slices of a few milliseconds.
///
/// Each slice reads a fresh snapshot and gives a page, if only one of `Progress`. So no snapshot
/// grows old, a thread of the pool is soon free for others, and nobody works for a caller who
/// cancelled or ran out of time: the transport asks for no further page. What is answered over
/// several slices is as of one position, which the first of them pins.
public protocol PageJob: Sendable {
  /// Looks at the question in the first slice's snapshot, and says how heavy it is.
  ///
  /// - Throws: `CallStatus` when it cannot be answered.
  mutating func begin(_ desk: ReadDesk) throws -> JobWeight
  /// Works until it is done or the slice is over.
  mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage
  /// What the next slice weighs, where that may change on the way.
  var weightNow: JobWeight { get }
}

extension PageJob {
  public var weightNow: JobWeight { .light }
}

public enum JobWeight: Sendable {
  /// Its pages come from indexes or from what stands ready.
  case light
  /// It looks at every subject there is: so many at once, `JobPlaces.places`.
  case heavy
}

public enum JobPage: Sendable {
  /// A packed message; more follows.
  case page([UInt8])
  /// The last message, if there is one.
  case last([UInt8]?)
}

/// How long a job works before it gives way.
public struct Slice: Sendable {
  /// Far below what a writer's pages may wait for, far above what a snapshot costs.
  public static let standardMs = 20
  /// Of a job's first slice: who asks sees a first page soon, if a short one.
  public static let firstMs = 4
  private let until: ContinuousClock.Instant

  public init(ms: Int = Slice.standardMs) {
    until = ContinuousClock.now + .milliseconds(ms)
  }

  public var isOver: Bool { ContinuousClock.now >= until }

  /// A slice that never ends, for those who wait for the whole.
  public static let endless = Slice(ms: 1 << 40)
}

/// The places for heavy jobs: they share few threads with everybody else's questions.
public final class JobPlaces: Sendable {
  public static let places = 4
  private let taken = Mutex(0)

  /// - Throws: `CallStatus` when all are taken; asking again later is safe.
  func take() throws(CallStatus) {
    let isTaken = taken.withLock { taken in
      guard taken < Self.places else { return false }
      taken += 1
      return true
    }
    guard isTaken else {
      throw CallStatus(
        .resourceExhausted,
        "\(Self.places) questions over everybody are being answered: ask again a little later.",
        rule: "jobs_max", retryAfterMs: 1000, notProcessed: true)
    }
  }

  func leave() {
    taken.withLock { taken in
      precondition(taken > 0, "who leaves a place took one")
      taken -= 1
    }
  }
}

/// A job as a stream of pages, with its place while it holds one.
struct RunningJob: Sendable {
  var job: any PageJob
  private var isBegun = false
  private var place: JobPlaces?
  private var isDone = false

  init(_ job: any PageJob) { self.job = job }

  mutating func next(from desk: ReadDesk) throws -> [UInt8]? {
    guard !isDone else { return nil }
    let slice = Slice(ms: isBegun ? Slice.standardMs : Slice.firstMs)
    let page = try desk.read { _ in
      // Begun and worked on in one snapshot, so that a light question has one position.
      if !isBegun {
        if case .heavy = try job.begin(desk) { try takePlace(desk) }
        isBegun = true
      }
      if case .heavy = job.weightNow { try takePlace(desk) }
      return try job.work(desk, slice)
    }
    switch page {
    case .page(let bytes): return bytes
    case .last(let bytes):
      close()
      return bytes
    }
  }

  private mutating func takePlace(_ desk: ReadDesk) throws(CallStatus) {
    guard place == nil else { return }
    try desk.store.jobs.take()
    place = desk.store.jobs
  }

  /// Gives the place back; called when the stream ends, however it ends.
  mutating func close() {
    isDone = true
    place?.leave()
    place = nil
  }
}
