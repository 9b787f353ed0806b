import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// What stands on a day and runs out within so many days: agreements and authorisations from
/// memory, then the credentials in the order of their keys; or of credentials alone those that were
/// named, and those of officers who were.
package struct ExpiringQuery: Query {
  /// Credentials examined for one page: by their rows, and by fold.
  static let rowsMax = 20_000
  static let foldedRowsMax = 128
  static let pageLinesMax = 500

  private let question: ExpiringRequest
  private var asOf: AsOf
  private enum Stage {
    case fresh
    case shared(LineQueue<ExpiringLine>)
    case credentials(after: Identifier?)
    case named(NamedCredentials)
    case over
  }
  private var stage = Stage.fresh
  private var examined: UInt64 = 0

  /// - Throws: `QueryFailure` for a kind that does not run out, and where credentials are named and
  ///   not asked for.
  package init(_ question: ExpiringRequest) throws {
    let kinds = [StreamKind.agreement, .authorisation, .credential].map(\.rawValue)
    for (at, kind) in question.streamKinds.enumerated() where !kinds.contains(kind.text) {
      throw QueryFailure(
        noSuch: "kind of stream that runs out", kind.text, among: kinds,
        field: "stream_kinds[\(at)]")
    }
    self.question = question
    asOf = AsOf(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
    guard question.namesSome, !wants(.credential) else { return }
    throw QueryFailure.invalid(
      "Credentials or officers are named, and credentials are not among the kinds asked for.",
      field: "stream_kinds", rule: .streamKind)
  }

  private func wants(_ kind: StreamKind) -> Bool {
    question.streamKinds.isEmpty || question.streamKinds.contains { $0.text == kind.rawValue }
  }

  package var cost: QueryCost { .heavy }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let readModel = session.readModel
    let (day, position) = try asOf.pin(session)
    let until = day.adding(days: Int(question.withinDays))
    let finder = ExpiryFinder(
      readModel: readModel, day: day, until: until, position: position, slice: slice)
    if case .fresh = stage, question.namesSome {
      stage = .named(NamedCredentials(question))
    } else if case .fresh = stage {
      stage = .shared(LineQueue(finder.shared.filter { wants($0.stream.kind) }))
    }
    var page = ExpiringPage(asOf: position)
    switch stage {
    case .shared(var found):
      page.lines = found.take(Self.pageLinesMax, slice, session)
      stage =
        !found.isEmpty ? .shared(found) : wants(.credential) ? .credentials(after: nil) : .over
    case .credentials(let after):
      let (lines, last, count) = try finder.credentials(after: after)
      page.lines = lines
      examined += count
      stage = last.map { .credentials(after: $0) } ?? .over
    case .named(var named):
      page.lines = try named.lines(finder)
      page.progress = named.progress
      stage = named.isEmpty ? .over : .named(named)
    case .fresh, .over: break
    }
    if wants(.credential), !question.namesSome {
      let all = UInt64(try readModel.snapshot.count(readModel.views[.credentials]))
      if case .over = stage { examined = all }
      page.progress = Progress(done: min(examined, all), of: all)
    }
    let bytes = Codec.encode(page, arena: session.arena)
    if case .over = stage { return .end(bytes) }
    return .message(bytes)
  }
}

extension ExpiringRequest {
  /// Whether the caller says which credentials are meant, itself or by their holders.
  package var namesSome: Bool { !credentials.isEmpty || !officers.isEmpty }
}

/// The credentials that a caller named, and those of the officers named, each told of once.
private struct NamedCredentials: Sendable {
  private var credentials: [Identifier]
  private var officers: [Identifier]
  private var credentialsDone = 0
  private var officersDone = 0
  private var told: Set<Identifier> = []

  init(_ question: ExpiringRequest) {
    (credentials, officers) = (question.credentials, question.officers)
  }

  var isEmpty: Bool { credentialsDone == credentials.count && officersDone == officers.count }

  var progress: Progress {
    Progress(
      done: UInt64(credentialsDone + officersDone), of: UInt64(credentials.count + officers.count))
  }

  /// The lines of the next few names, at least of one.
  ///
  /// - Throws: `QueryFailure` for a name under which nothing was recorded: "nothing runs out" is an
  ///   answer about what there is.
  mutating func lines(_ finder: ExpiryFinder) throws -> [ExpiringLine] {
    let (readModel, position) = (finder.readModel, finder.position)
    var lines: [ExpiringLine] = []
    repeat {
      if credentialsDone < credentials.count {
        let stream = StreamID(.credential, credentials[credentialsDone])
        try readModel.expect(stream, "credentials[\(credentialsDone)]", knownAt: position)
        credentialsDone += 1
        let state = try readModel.state(of: stream, on: finder.day, knownAt: position)?.credential
        add(finder.line(stream, state), to: &lines)
      } else if officersDone < officers.count {
        let officer = officers[officersDone]
        try readModel.expect(
          StreamID(.officer, officer), "officers[\(officersDone)]", knownAt: position)
        officersDone += 1
        let profile = try Profile(of: officer, on: finder.day, knownAt: position, from: readModel)
        for (id, state) in profile.credentials {
          add(finder.line(StreamID(.credential, id), state), to: &lines)
        }
      }
    } while !isEmpty && !finder.slice.isOver && lines.count < ExpiringQuery.pageLinesMax
    return lines
  }

  private mutating func add(_ line: ExpiringLine?, to lines: inout [ExpiringLine]) {
    if let line, told.insert(line.stream.key).inserted { lines.append(line) }
  }
}

/// Finds what runs out from one snapshot.
struct ExpiryFinder {
  let readModel: RegistryReader
  let day: Day
  let until: Day
  let position: LogPosition
  let slice: TimeSlice

  /// Agreements and authorisations, what runs out first before the others.
  var shared: [ExpiringLine] {
    var lines: [ExpiringLine] = []
    for kind in [StreamKind.agreement, .authorisation] {
      for stream in readModel.sharedStreams.streams(of: kind) {
        guard
          let state = readModel.sharedStreams.state(of: stream, on: day, knownAt: position),
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
    case .authorisation(let state):
      state.status != .granted
        ? nil
        : state.validUntil.map {
          ExpiringLine(
            stream: stream, lastDay: $0, title: state.certificate, organisation: state.organisation)
        }
    // Credentials are found by their rows; nothing else runs out.
    case .registry, .organisation, .officer, .framework, .instrument, .programme, .course,
      .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate, .duty:
      nil
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
    guard position >= readModel.asOf else { return try folded(after: after) }
    var candidates: [Identifier] = []
    var (last, count, isWhole): (Identifier?, Int, Bool) = (nil, 0, true)
    try readModel.snapshot.scan(
      readModel.views[.credentials], from: after.map { .key(ViewKey.of($0)) } ?? .first
    ) { key, row in
      guard let id = Identifier(ViewKey.text(key)), id != after else { return true }
      (last, count) = (id, count + 1)
      let span = VerifyRow.span(row)
      if day < span.from || day <= span.until && span.until <= until { candidates.append(id) }
      isWhole =
        count < ExpiringQuery.rowsMax && candidates.count < ExpiringQuery.pageLinesMax
        && (count % 64 != 0 || !slice.isOver)
      return isWhole
    }
    var lines: [ExpiringLine] = []
    for (at, id) in candidates.enumerated() {
      // At least one, so that a slice that is over goes on: those before it were examined, the rest
      // is again.
      if at > 0, slice.isOver { return (lines, candidates[at - 1], UInt64(at)) }
      let stream = StreamID(.credential, id)
      let state = try readModel.state(of: stream, on: day, knownAt: position)?.credential
      if let line = line(stream, state) { lines.append(line) }
    }
    return (lines, isWhole ? nil : last, UInt64(count))
  }

  private func folded(
    after: Identifier?
  ) throws -> (lines: [ExpiringLine], last: Identifier?, count: UInt64) {
    let rows = try readModel.rows(of: .credential, after: after, limit: ExpiringQuery.foldedRowsMax)
    var lines: [ExpiringLine] = []
    for (at, (stream, row)) in rows.enumerated() {
      let state = try readModel.state(of: stream, row, on: day, knownAt: position)?.credential
      if let line = line(stream, state) { lines.append(line) }
      if slice.isOver, at + 1 < rows.count { return (lines, stream.key, UInt64(at + 1)) }
    }
    let isFull = rows.count == ExpiringQuery.foldedRowsMax
    return (lines, isFull ? rows.last?.stream.key : nil, UInt64(rows.count))
  }

  /// Nil where it is not valid on the day, or does not run out in time.
  func line(_ stream: StreamID, _ state: Credential?) -> ExpiringLine? {
    guard let state, state.standing(on: day).status == .valid,
      let last = state.terms.validUntil, last <= until
    else { return nil }
    return ExpiringLine(
      stream: stream, lastDay: last, title: state.terms.number, organisation: state.terms.issuer,
      holder: readModel.sharedStreams.merges.owner(
        of: stream, naming: state.terms.holder, on: day, knownAt: position))
  }
}
