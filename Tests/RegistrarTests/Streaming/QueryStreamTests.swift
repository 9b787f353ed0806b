import Locking
import Messages
import Projections
import Registry
import Server
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A stream's bytes, its ends, and what it leaves behind.
struct QueryStreamTests {
  private static func amended(_ number: Int, bytes: Int) -> Proposal {
    let text = String(repeating: "x", count: 300)
    return Fixture.said(
      "g", "2021-07-01",
      .amended(
        AgreementAmended(
          terms: AgreementTerms(
            agreementKind: .mou, title: "Example \(number)", parties: [id("moict"), id("heta")],
            obligations: (0..<(bytes / 300)).map {
              Obligation(code: id("o\($0)"), text: text)
            }))))
  }

  @Test func `A history of large events comes in pages that a frame holds, one event at least`()
    throws
  {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.agreement("g"))
    // Above what one frame holds, together.
    for number in 0..<240 { try registry.given(Self.amended(number, bytes: 60 * 300)) }
    let end = try registry.size
    func events(_ bytesMax: Int) throws -> [[Int]] {
      let pages = try registry.allPages(
        .streamHistory, StreamHistoryRequest(stream: StreamID("agreement/g")!),
        StreamHistoryPage.self, slice: { TimeSlice(ms: 1000, bytesMax: bytesMax) })
      #expect(pages.flatMap(\.lines).count == 241)
      return pages.map { $0.lines.map(\.event.count) }
    }
    let pages = try events(TimeSlice.bytesMax)
    #expect(pages.allSatisfy { $0.reduce(0, +) <= TimeSlice.bytesMax })
    #expect(pages.flatMap(\.self).reduce(0, +) > Limits().frameLengthMax)
    // As many as there is room for, and never fewer than one.
    #expect(pages.dropFirst().dropLast().allSatisfy { $0.reduce(0, +) > TimeSlice.bytesMax / 2 })
    #expect(try events(1).allSatisfy { $0.count == 1 })
    let log = try registry.allPages(
      .readLog, ReadLogRequest(from: 0), ReadLogPage.self,
      slice: { TimeSlice(ms: 1000, bytesMax: 100_000) })
    #expect(log.flatMap(\.events).count == Int(end))
    #expect(log.allSatisfy { $0.events.reduce(0) { $0 + $1.count } <= 100_000 })
    try registry.end()
  }

  @Test func `Lines that were found together go out on pages that have room for them`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    try registry.session { session in
      let lines = (0..<100).map { GapTotal(wanted: Fixture.claimed, asked: UInt64($0)) }
      let length = Codec.encode(lines[99]).count + 5
      var queue = LineQueue<GapTotal>()
      queue.append(Array(lines.prefix(60)))
      queue.append(Array(lines.dropFirst(60)))
      var taken: [[GapTotal]] = []
      while !queue.isEmpty {
        taken.append(queue.take(8, TimeSlice(bytesMax: 5 * length), session))
      }
      #expect(taken.flatMap(\.self) == lines)
      #expect(taken.allSatisfy { (1...6).contains($0.count) })
      queue.append(lines)
      #expect(queue.take(8, TimeSlice(bytesMax: 1), session).count == 1)
      #expect(queue.take(8, TimeSlice(), session).count == 8)
    }
    try registry.end()
  }

  private final class Token: Sendable {}

  @Test func `A follower that leaves waits for no commit, and nothing is kept of it`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    try registry.withStreams { streams in
      weak var kept: Token?
      let stream = try streams.open(
        .readLog, Codec.encode(ReadLogRequest(from: 0, follow: true)))
      #expect(try stream.message() != nil)
      #expect(try stream.message() == nil)
      do {
        let token = Token()
        kept = token
        stream.whenReady { _ = token }
      }
      #expect(streams.commits.waiting == 1 && kept != nil)
      stream.close()
      #expect(streams.commits.waiting == 0 && kept == nil)
      streams.commits.signal()
      guard case .end(nil) = try stream.next(TimeSlice()) else {
        Issue.record("a closed stream went on")
        return
      }
    }
    try registry.end()
  }

  private final class Count: Sendable {
    let count = Atomic(0)
  }

  @Test func `Who waits for a commit is woken once, and one that has come is not slept through`() {
    let signal = CommitSignal()
    let woken = Count()
    let seen = signal.count
    let wake: @Sendable () -> Void = { woken.count.add(1, ordering: .relaxed) }
    let ticket = signal.wait(since: seen, wake)
    #expect(ticket != nil && woken.count.load(ordering: .relaxed) == 0)
    signal.signal()
    signal.signal()
    #expect(woken.count.load(ordering: .relaxed) == 1)
    #expect(signal.wait(since: seen, wake) == nil)
    #expect(woken.count.load(ordering: .relaxed) == 2)
    signal.leave(ticket)
    signal.leave(nil)
    #expect(signal.waiting == 0)
  }

  /// Gathers so many bytes with each step.
  private struct Gathering: Query {
    var gatheredBytes = 0
    var more = 100
    var steps = 3

    mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
      guard steps > 0 else { return .end([1]) }
      steps -= 1
      gatheredBytes += more
      return .working
    }
  }

  @Test func `Who takes nothing gives way to others when too much is gathered, the oldest first`()
    throws
  {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    let memory = QueryMemory(bytesMax: 350)
    try registry.withStreams(memory: memory) { streams in
      let unread = (0..<3).map { _ in streams.stream(Gathering()) }
      for stream in unread { _ = try stream.next(TimeSlice()) }
      #expect(memory.bytes == 300)
      // The first is asked again, so that the second is now the longest without.
      _ = try unread[0].next(TimeSlice())
      #expect(memory.bytes == 300)
      let refusal = #expect(throws: CallStatus.self) { try unread[1].next(TimeSlice()) }
      #expect(refusal?.code == .resourceExhausted && refusal?.rule == "query_memory_max")
      #expect(refusal?.retryAfterMs ?? 0 > 0)
      // A fifth caller is answered, however many there were.
      let fifth = streams.stream(Gathering())
      #expect(try fifth.message() == [1])
      // What ends or is left gives back what it has.
      fifth.close()
      for stream in unread { stream.close() }
      #expect(memory.bytes == 0)
      // Alone it may have more than all should.
      #expect(try streams.stream(Gathering(more: 1000)).message() == [1])
      #expect(memory.bytes == 0)
    }
    try registry.end()
  }

  @Test func `A slice ends, and says how much a message may hold`() {
    #expect(TimeSlice(ms: 0).isOver && !TimeSlice.endless.isOver)
    #expect(TimeSlice(ms: 5, bytesMax: 7).bytesMax == 7)
  }
}
