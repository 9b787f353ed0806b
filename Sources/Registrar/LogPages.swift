import LMDB
import Messages
import Projections
import Registry
import Wire

/// Reading the log and a stream's history in pages that a frame can hold.
extension ReadDesk {
  /// Bytes of events in one page, beyond which no more are added.
  static let pageBytesMax = 256 << 10

  /// Events from `next` on, as of now; where `next` stays, there are none.
  func logPage(
    _ question: ReadLogRequest, next: LogPosition, left: UInt64
  ) throws -> ReadLogPage {
    var page = ReadLogPage(next: next, asOf: records.asOf)
    var bytes = 0
    let asOf = records.asOf
    var filter = LogFilter(question, records.catalogue)
    try records.log.read(from: next) { position, event in
      // What is not in the views yet is not acknowledged yet.
      guard position < asOf, bytes < Self.pageBytesMax, UInt64(page.events.count) < left else {
        return false
      }
      if filter.takes(event) {
        let copy = Splice.bytes(event)
        bytes += copy.count
        page.events.append(copy)
      }
      page.next = position + 1
      // A filter must not hold a snapshot of the whole log.
      return position - next < 20_000
    }
    return page
  }

  /// A stream's events with what became of each.
  func history(_ question: StreamHistoryRequest) throws -> [HistoryLine] {
    try check(atLeast: question.atLeast)
    guard let row = try records.row(of: question.stream) else { return [] }
    let positions = try store.positions(of: question.stream, row, records)
    let standing = Standing(try records.history(of: question.stream, row))
    return try zip(positions, standing.fates).map { position, fate in
      let bytes = try records.log.read(position) { Splice.bytes($0) } ?? []
      return switch fate {
      case .stands, .act: HistoryLine(event: bytes, standing: .stands)
      case .voided(let by): HistoryLine(event: bytes, standing: .voided, by: by)
      case .corrected(let by): HistoryLine(event: bytes, standing: .corrected, by: by)
      }
    }
  }

  /// A source of the pages of a stream method; each call reads the next page from a fresh snapshot.
  public static func pages(
    _ method: Method, _ request: [UInt8]
  ) throws -> PageSource {
    let bytes = unsafe request.span.bytes
    // Whoever opens streams as fast as it can would have as much memory mapped as often.
    let arena = Arena(budget: min(1 << 20, 8 << 10 + 128 * request.count))
    func decode<M: Message>(_ type: M.Type) throws -> M {
      try Codec.decode(type, from: bytes, arena: arena, unknownFields: .ignored)
    }
    switch method {
    case .readLog:
      let question = try decode(ReadLogRequest.self)
      return PageSource(
        follows: question.follow, state: .log(question, question.from, question.limit))
    case .streamHistory:
      return PageSource(state: .history(try decode(StreamHistoryRequest.self), 0))
    case .cohortRoll: return PageSource(state: .roll(try decode(CohortRollRequest.self), 0))
    case .findOfficers: return .job(FindJob(try decode(FindOfficersRequest.self)))
    case .listCredentials:
      return .job(CredentialsJob(try decode(ListCredentialsRequest.self)))
    case .complianceOfficers:
      return .job(ComplianceOfficersJob(try decode(ComplianceOfficersRequest.self)))
    case .gap: return .job(GapJob(try decode(GapRequest.self)))
    case .explain: return .job(Explaining(try decode(ExplainRequest.self)))
    case .exceptions: return .job(Exceptions(try decode(ExceptionsRequest.self)))
    case .citedBy: return .job(CitingEvents(try decode(CitedByRequest.self)))
    case .diff: return .job(Differing(try decode(DiffRequest.self)))
    case .expiring: return .job(Expiring(try decode(ExpiringRequest.self)))
    case .duplicates: return .job(Duplicates(try decode(DuplicatesRequest.self)))
    case .officerRecord:
      return .job(OfficerRecord(try decode(OfficerRecordRequest.self)))
    case .watch: return PageSource(state: .watch(try WatchPages(decode(WatchRequest.self))))
    case .compliance: return .job(ComplianceJob(try decode(ComplianceRequest.self)))
    default: throw CallStatus(.unimplemented, "There is no such stream.", notProcessed: true)
    }
  }
}

/// Where a stream of pages is; one thread at a time asks for the next.
public struct PageSource: Sendable {
  enum State: Sendable {
    case log(ReadLogRequest, LogPosition, UInt64)
    case history(StreamHistoryRequest, Int)
    case roll(CohortRollRequest, Int)
    case job(RunningJob)
    case watch(WatchPages)
    case done
  }

  public enum Next: Sendable {
    case message([UInt8])
    case idle
    case end
  }

  var follows = false
  var state: State

  /// Pages that a job gives, slice by slice.
  static func job(_ job: any PageJob) -> PageSource { PageSource(state: .job(RunningJob(job))) }

  public mutating func next(from desk: ReadDesk) throws -> Next {
    switch state {
    case .log(let question, let position, let left):
      let most = question.limit == 0 ? UInt64.max : left
      if most == 0 { return .end }
      let page = try desk.read { _ in
        try desk.logPage(question, next: position, left: most)
      }
      let rest = question.limit == 0 ? 0 : left - UInt64(page.events.count)
      state = .log(question, page.next, rest)
      if page.next == position { return follows ? .idle : .end }
      // Where a filter took nothing, the page says how far it looked; who follows waits in peace.
      if page.events.isEmpty, follows { return try next(from: desk) }
      return .message(Codec.encode(page, arena: desk.arena))
    case .history(let question, let offset):
      let (lines, asOf) = try desk.read { (try desk.history(question), $0.asOf) }
      let part = Array(lines.dropFirst(offset).prefix(500))
      state = offset + part.count < lines.count ? .history(question, offset + part.count) : .done
      return .message(Codec.encode(StreamHistoryPage(lines: part, asOf: asOf), arena: desk.arena))
    case .roll(let question, let offset):
      let (lines, asOf) = try desk.read {
        (try desk.rollLines(question), question.atPosition ?? $0.asOf)
      }
      let size = question.pageSize == 0 ? 1000 : Int(question.pageSize)
      let part = Array(lines.dropFirst(offset).prefix(size))
      state = offset + part.count < lines.count ? .roll(question, offset + part.count) : .done
      return .message(Codec.encode(CohortRollPage(lines: part, asOf: asOf), arena: desk.arena))
    case .job(var job):
      // Held once, so that what it gathers is not copied for each page.
      state = .done
      defer { state = .job(job) }
      return try job.next(from: desk).map(Next.message) ?? .end
    case .watch(var pages):
      state = .done
      defer { state = .watch(pages) }
      return try pages.next(from: desk).map {
        .message(Codec.encode($0, arena: desk.arena))
      } ?? .idle
    case .done: return .end
    }
  }

  /// A watcher's pages; nil for any other stream.
  public var watch: WatchPages? { if case .watch(let pages) = state { pages } else { nil } }

  /// Where somebody looked for a watcher that had nothing to be told.
  public mutating func skip(_ passed: WatchBoard.Passed) {
    guard case .watch(var pages) = state else { return }
    pages.skip(passed)
    state = .watch(pages)
  }

  /// Called once when nobody asks for more, whether the stream ended or was left.
  public mutating func close() {
    if case .job(var job) = state {
      job.close()
      state = .done
    }
  }
}
