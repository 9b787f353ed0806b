import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// `ListCredentials`: an officer's, those of all records of the person, by profile; an issuer's by
/// the certificate numbers, or at an old position by looking at every credential there is. All
/// pages are as of one position.
package struct CredentialsQuery: Query {
  private enum Stage: Sendable {
    case fresh
    /// An officer's, found in the first slice.
    case held(LineQueue<CredentialLine>)
    case issued(IssuedCredentials)
    case folding(done: UInt64, of: UInt64)
  }

  private let question: ListCredentialsRequest
  private var asOf: AsOf
  private var stage = Stage.fresh
  private var after: [UInt8]

  package init(_ question: ListCredentialsRequest) {
    self.question = question
    asOf = AsOf(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
    after = question.resumeAfter
  }

  package var cost: QueryCost { if case .folding = stage { .heavy } else { .light } }

  private var size: Int {
    question.pageSize == 0 ? ReadSession.pageSizeDefault : Int(question.pageSize)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(session)
    let readModel = session.readModel
    if case .fresh = stage { stage = try begin(day, position, readModel) }
    var page = ListCredentialsPage(asOf: position)
    let lines = CredentialLineBuilder(readModel: readModel, day: day, position: position)
    switch stage {
    case .held(var found):
      page.credentials = found.take(size, slice, session)
      if !found.isEmpty {
        page.resumeAfter = page.credentials.last.map { ViewKey.of($0.credential) } ?? []
      }
      stage = .held(found)
    case .issued(var issued):
      stage = .fresh
      defer { stage = .issued(issued) }
      guard try issued.next(size, into: &page, lines, session, slice) else { return .working }
    case .folding(var done, let all):
      try fold(lines, into: &page, &done, session, slice)
      page.progress = Progress(done: min(done, all), of: all)
      stage = .folding(done: done, of: all)
    case .fresh: preconditionFailure("it has begun")
    }
    after = page.resumeAfter
    let bytes = Codec.encode(page, arena: session.arena)
    return after.isEmpty ? .end(bytes) : .message(bytes)
  }

  private func begin(
    _ day: Day, _ position: LogPosition, _ readModel: RegistryReader
  ) throws -> Stage {
    switch question.whose {
    case .officer(let officer):
      try readModel.expect(StreamID(.officer, officer), "officer", knownAt: position)
      // In the order of the credentials' ids.
      let profile = try Profile(of: officer, on: day, knownAt: position, from: readModel)
      return .held(
        LineQueue(
          profile.credentialLines.sorted { $0.credential < $1.credential }
            .filter {
              after.isEmpty || after.lexicographicallyPrecedes(ViewKey.of($0.credential))
            }))
    case .issuer(let issuer):
      try readModel.sharedStreams.expect(.organisation, issuer, "issuer", knownAt: position)
      guard position < readModel.asOf else {
        return .issued(IssuedCredentials(issuer, after: after, knownAt: position))
      }
      return .folding(
        done: 0, of: UInt64(try readModel.snapshot.count(readModel.views[.credentials])))
    }
  }

  /// In the order of the credentials' ids.
  private func fold(
    _ lines: CredentialLineBuilder, into page: inout ListCredentialsPage, _ done: inout UInt64,
    _ session: ReadSession, _ slice: TimeSlice
  ) throws {
    guard case .issuer(let issuer) = question.whose else { return }
    let source = OfficerSource.rows(.heads, prefix: Array("credential/".utf8))
    var budget = PageBudget(slice)
    try source.lend(session.readModel) { search in
      var from = after.isEmpty ? [] : OfficerSource.after(after)
      while case .officer(let key) = try search.first(from: from, { false }) {
        done += 1
        from = OfficerSource.after(key)
        if let id = Identifier(key: key), let line = try lines.line(id, issuer) {
          page.credentials.append(line)
          budget.add(line, session)
        }
        page.resumeAfter = key
        if page.credentials.count == size || budget.isFull || slice.isOver { return }
      }
      page.resumeAfter = []
    }
  }
}

/// Builds the lines as of one day and position.
struct CredentialLineBuilder {
  let readModel: RegistryReader
  let day: Day
  let position: LogPosition

  /// Nil where the credential was not there, or was not the issuer's.
  func line(_ id: Identifier, _ issuer: Identifier) throws -> CredentialLine? {
    let stream = StreamID(.credential, id)
    guard
      let state = try readModel.state(of: stream, on: day, knownAt: position)?.credential,
      state.terms.issuer == issuer
    else { return nil }
    let evidence = try readModel.evidence(of: id, state, on: day, knownAt: position)
    var line = CredentialLine.of(
      id, state, on: day, isWithdrawn: evidence.isWithdrawn,
      holder: readModel.sharedStreams.merges.owner(
        of: stream, naming: state.terms.holder, on: day, knownAt: position))
    let facts = RecordedFacts(readModel, knownAt: position, today: .distantFuture)
    let found = Plausibility.contradictions(of: state, stream, given: facts)
    if let failure = facts.failure { throw failure }
    line.findings = readModel.sharedStreams.open(
      found, of: state.issuedEvent, on: day, knownAt: position)
    return line
  }
}

/// An issuer's credentials in the order of the certificate numbers, as of the first slice.
///
/// The rows are those of now. A credential that was recorded about since then may have had another
/// number or issuer, so that it is looked up as it was, and takes its place among the others by the
/// number that it had.
struct IssuedCredentials: Sendable {
  private let issuer: Identifier
  private let position: LogPosition
  private var after: [UInt8]
  /// Where the log was looked through for credentials that were recorded about.
  private var looked: LogPosition
  private var touched: Set<Identifier> = []
  /// Those of them that were the issuer's, by the key of the number that they had.
  private var apart: [(number: [UInt8], id: Identifier)] = []

  init(_ issuer: Identifier, after: [UInt8], knownAt position: LogPosition) {
    self.issuer = issuer
    self.position = position
    self.after = after
    looked = position
  }

  /// Fills a page; false when the slice was over first.
  mutating func next(
    _ size: Int, into page: inout ListCredentialsPage, _ lines: CredentialLineBuilder,
    _ session: ReadSession,
    _ slice: TimeSlice
  ) throws -> Bool {
    let readModel = session.readModel
    guard try catchUp(readModel, slice) else { return false }
    let found = try numbers(size + 1, readModel)
    var budget = PageBudget(slice)
    for (at, entry) in found.enumerated() {
      guard at < size, !budget.isFull, at == 0 || !slice.isOver else {
        page.resumeAfter = after
        return true
      }
      if let line = try lines.line(entry.id, issuer) {
        page.credentials.append(line)
        budget.add(line, session)
      }
      after = entry.number
    }
    return true
  }

  /// The next by their numbers, of the rows and of those apart.
  private func numbers(
    _ count: Int, _ readModel: RegistryReader
  ) throws -> [(number: [UInt8], id: Identifier)] {
    let prefix = ViewKey.prefix(issuer.text)
    var rows: [(number: [UInt8], id: Identifier)] = []
    try readModel.snapshot.scan(
      readModel.views[.certificates], from: .key(prefix + after), prefix: prefix
    ) { key, _ in
      let number = ViewKey.copy(key.extracting(droppingFirst: prefix.count))
      // A key ends with the credential, and no number has a byte 0x00.
      if number != after, let end = number.lastIndex(of: 0),
        let id = Identifier(key: Array(number[(end + 1)...])), !touched.contains(id)
      {
        rows.append((number, id))
      }
      return rows.count < count
    }
    let others = apart.filter { after.lexicographicallyPrecedes($0.number) }
    guard !others.isEmpty else { return rows }
    return Array(
      (rows + others).sorted { $0.number.lexicographicallyPrecedes($1.number) }.prefix(count))
  }

  /// True when it is known of every credential whether it was recorded about since.
  private mutating func catchUp(_ readModel: RegistryReader, _ slice: TimeSlice) throws -> Bool {
    while looked < readModel.asOf {
      var found: Set<Identifier> = []
      let start = looked
      try readModel.log.read(start..<min(start + 256, readModel.asOf)) { at, event in
        if EventFields.kind(of: event) == .credential,
          let stream = EventFields.stream(of: event)
        {
          found.insert(stream.key)
        }
        looked = at + 1
        return true
      }
      for id in found where touched.insert(id).inserted {
        let state = try readModel.state(
          of: StreamID(.credential, id), on: .distantFuture, knownAt: position)?.credential
        guard let state, state.terms.issuer == issuer else { continue }
        apart.append(
          (Array(NumberKey(state.terms.number).text.utf8) + [0] + ViewKey.of(id), id))
      }
      if slice.isOver { break }
    }
    return looked == readModel.asOf
  }
}
