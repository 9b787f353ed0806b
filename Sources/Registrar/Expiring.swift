import LMDB
import Messages
import Projections
import Registry

/// What stands on a day and runs out within so many days: agreements and authorisations from
/// memory, then the credentials in the order of their keys.
struct Expiring: PagedAnswer {
  /// Credentials examined for one page.
  static let rowsMax = 20_000
  static let foldedRowsMax = 2_000
  static let pageLinesMax = 500

  private let question: ExpiringRequest
  var moment: Moment
  private enum Stage { case shared, credentials(after: Identifier?), over }
  private var stage = Stage.shared
  private var examined: UInt64 = 0

  init(_ question: ExpiringRequest) {
    self.question = question
    moment = Moment(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  private func wants(_ kind: StreamKind) -> Bool {
    question.streamKinds.isEmpty || question.streamKinds.contains { $0.text == kind.rawValue }
  }

  var weight: JobWeight { .heavy }

  mutating func next(from desk: ReadDesk) throws -> [UInt8]? {
    if case .over = stage { return nil }
    let records = desk.records
    let (day, position) = try moment.fix(desk)
    let until = day.adding(days: Int(question.withinDays))
    let finder = ExpiryFinder(records: records, day: day, until: until, position: position)
    var page = ExpiringPage(asOf: position)
    switch stage {
    case .shared:
      page.lines = finder.shared.filter { wants($0.stream.kind) }
      stage = wants(.credential) ? .credentials(after: nil) : .over
    case .credentials(let after):
      let (lines, last, count) = try finder.credentials(after: after)
      page.lines = lines
      examined += count
      stage = last.map { .credentials(after: $0) } ?? .over
    case .over: break
    }
    if wants(.credential) {
      let all = UInt64(try records.snapshot.count(records.views[.credentials]))
      if case .over = stage { examined = all }
      page.progress = Progress(done: min(examined, all), of: all)
    }
    return Codec.encode(page, arena: desk.arena)
  }
}

/// Finds what runs out from one snapshot.
struct ExpiryFinder {
  let records: RegistryReader
  let day: Day
  let until: Day
  let position: LogPosition

  /// Agreements and authorisations, what runs out first before the others.
  var shared: [ExpiringLine] {
    var lines: [ExpiringLine] = []
    for kind in [StreamKind.agreement, .authorisation] {
      for stream in records.catalogue.streams(of: kind) {
        guard
          let state = records.catalogue.state(of: stream, on: day, knownAt: position),
          state.mayBeReliedOn(on: day), let line = line(stream, state), line.lastDay <= until
        else { continue }
        lines.append(line)
      }
    }
    return lines.sorted { ($0.lastDay, $0.stream) < ($1.lastDay, $1.stream) }
  }

  private func line(_ stream: StreamID, _ state: StreamState) -> ExpiringLine? {
    switch state {
    case .agreement(let state):
      state.terms.validUntil.map {
        ExpiringLine(
          stream: stream, lastDay: $0, title: state.terms.title,
          organisation: state.terms.parties.first)
      }
    case .authorisation(let state) where state.status == .granted:
      state.validUntil.map {
        ExpiringLine(
          stream: stream, lastDay: $0, title: state.certificate, organisation: state.organisation)
      }
    default: nil
    }
  }

  /// The next credentials that are valid and run out in time.
  ///
  /// A stored row tells by its first bytes from which to which day it is exact, and only the row of
  /// a credential that is valid ends before the end of days: it ends with the validity. Where rows
  /// know more than the question, or the day is before what a row tells of, the stream is folded.
  ///
  /// - Returns: the lines, where to go on (nil after the last), and how many were examined.
  func credentials(
    after: Identifier?
  ) throws -> (lines: [ExpiringLine], last: Identifier?, count: UInt64) {
    guard position >= records.asOf else { return try folded(after: after) }
    var candidates: [Identifier] = []
    var (last, count): (Identifier?, Int) = (nil, 0)
    try records.snapshot.scan(
      records.views[.credentials], from: after.map { .key(ViewKey.of($0)) } ?? .first
    ) { key, row in
      guard let id = Identifier(ViewKey.text(key)), id != after else { return true }
      (last, count) = (id, count + 1)
      let span = VerifyRow.span(row)
      if day < span.from || day <= span.until && span.until <= until { candidates.append(id) }
      return count < Expiring.rowsMax && candidates.count < Expiring.pageLinesMax
    }
    var lines: [ExpiringLine] = []
    for id in candidates {
      let stream = StreamID(.credential, id)
      let state = try records.state(of: stream, on: day, knownAt: position)?.credential
      if let line = line(stream, state) { lines.append(line) }
    }
    let isFull = count == Expiring.rowsMax || candidates.count == Expiring.pageLinesMax
    return (lines, isFull ? last : nil, UInt64(count))
  }

  private func folded(
    after: Identifier?
  ) throws -> (lines: [ExpiringLine], last: Identifier?, count: UInt64) {
    let rows = try records.rows(of: .credential, after: after, limit: Expiring.foldedRowsMax)
    let lines = try rows.compactMap { stream, row in
      line(
        stream,
        try records.state(of: stream, row, on: day, knownAt: position)?.credential)
    }
    return (
      lines, rows.count == Expiring.foldedRowsMax ? rows.last?.stream.key : nil,
      UInt64(rows.count)
    )
  }

  private func line(_ stream: StreamID, _ state: Credential?) -> ExpiringLine? {
    guard let state, state.standing(on: day).status == .valid,
      let last = state.terms.validUntil, last <= until
    else { return nil }
    return ExpiringLine(
      stream: stream, lastDay: last, title: state.terms.number, organisation: state.terms.issuer,
      holder: records.catalogue.merges.owner(
        of: stream, naming: state.terms.holder, on: day, knownAt: position))
  }
}
