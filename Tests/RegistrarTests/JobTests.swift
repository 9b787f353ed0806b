import Messages
import Projections
import Registry
import Testing
import Wire

@testable import Registrar

/// Questions over many subjects: their places, their slices, their ends.
struct JobTests {
  /// Gives pages of one byte, so many and no more.
  struct Counting: PageJob {
    var left: UInt8
    var weight = JobWeight.heavy

    mutating func begin(_ desk: ReadDesk) throws -> JobWeight { weight }

    mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
      left -= 1
      return left == 0 ? .last([left]) : .page([left])
    }
  }

  struct Failing: PageJob {
    mutating func begin(_ desk: ReadDesk) throws -> JobWeight { .heavy }
    mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
      throw CallStatus(.internal, "It fails.")
    }
  }

  private func withDesk(_ body: (ReadDesk) throws -> Void) throws {
    let registry = try TestRegistry()
    try registry.given(Facts.established())
    let desk = try ReadDesk(registry.store)
    try body(desk)
    desk.end()
    try registry.end()
  }

  @Test func `A job gives its pages and then nothing`() throws {
    try withDesk { desk in
      var job = RunningJob(Counting(left: 3))
      var pages: [[UInt8]] = []
      while let page = try job.next(from: desk) { pages.append(page) }
      #expect(pages == [[2], [1], [0]])
      #expect(try job.next(from: desk) == nil)
    }
  }

  @Test func `Beyond the places a heavy question is told to come again, and a light one is not`()
    throws
  {
    try withDesk { desk in
      var running = (0..<JobPlaces.places).map { _ in RunningJob(Counting(left: 9)) }
      for at in running.indices { _ = try running[at].next(from: desk) }
      var late = RunningJob(Counting(left: 9))
      let refusal = #expect(throws: CallStatus.self) { _ = try late.next(from: desk) }
      #expect(refusal?.code == .resourceExhausted)
      #expect(refusal?.notProcessed == true)
      #expect(refusal?.retryAfterMs ?? 0 > 0)
      late.close()
      var light = RunningJob(Counting(left: 2, weight: .light))
      #expect(try light.next(from: desk) == [1])
      // Whoever leaves, or ends, or fails, makes room.
      running[0].close()
      var next = RunningJob(Counting(left: 1))
      #expect(try next.next(from: desk) == [0])
      var failing = RunningJob(Failing())
      #expect(throws: CallStatus.self) { _ = try failing.next(from: desk) }
      failing.close()
      var last = RunningJob(Counting(left: 1))
      #expect(try last.next(from: desk) == [0])
    }
  }

  @Test func `A source that is closed half way gives nothing more`() throws {
    try withDesk { desk in
      var source = PageSource.job(Counting(left: 5))
      guard case .message = try source.next(from: desk) else {
        Issue.record("the first page is missing")
        return
      }
      source.close()
      guard case .end = try source.next(from: desk) else {
        Issue.record("a closed source went on")
        return
      }
      source.close()
    }
  }

  @Test func `A slice ends`() {
    #expect(Slice(ms: 0).isOver)
    #expect(!Slice.endless.isOver)
  }
}
