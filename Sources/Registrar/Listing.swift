import Messages
import Projections
import Registry
import Wire

/// `ListCredentials`: an officer's, those of all records of the person, by profile; an issuer's by
/// the certificate numbers, or at an old position by looking at every credential there is.
struct CredentialsJob: PageJob {
  private let question: ListCredentialsRequest
  private var day = Day.distantPast
  private var position: LogPosition = 0
  private var isFolding = false
  private var after: [UInt8]
  private var (done, credentials): (UInt64, UInt64) = (0, 0)

  init(_ question: ListCredentialsRequest) {
    self.question = question
    after = question.resumeAfter
  }

  mutating func begin(_ desk: ReadDesk) throws -> JobWeight {
    try desk.check(atLeast: question.atLeast, at: question.atPosition)
    let records = desk.records
    day = question.on ?? desk.today
    position = question.atPosition ?? records.asOf
    guard case .issuer = question.whose, position < records.asOf else { return .light }
    isFolding = true
    credentials = UInt64(try records.snapshot.count(records.views[.credentials]))
    return .heavy
  }

  private var size: Int {
    question.pageSize == 0 ? ReadDesk.pageSizeDefault : Int(question.pageSize)
  }

  mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
    var page: ListCredentialsPage
    switch question.whose {
    case .officer(let officer): page = try held(by: officer, desk.records)
    case .issuer(let issuer) where isFolding:
      page = try fold(issuer, desk.records, slice)
      page.progress = Progress(done: min(done, credentials), of: credentials)
    case .issuer(let issuer): page = try issued(by: issuer, desk.records)
    }
    after = page.resumeAfter
    let bytes = Codec.encode(page, arena: desk.arena)
    return after.isEmpty ? .last(bytes) : .page(bytes)
  }

  /// In the order of the credentials' ids.
  private func held(
    by officer: Identifier, _ records: RegistryReader
  ) throws -> ListCredentialsPage {
    // Without a position of its own each page says what is known when it is made.
    let known = question.atPosition ?? records.asOf
    let profile = try Profile(of: officer, on: day, knownAt: known, from: records)
    let rest = profile.credentialLines.sorted { $0.credential < $1.credential }
      .filter { after.isEmpty || after.lexicographicallyPrecedes(ViewKey.of($0.credential)) }
    var page = ListCredentialsPage(credentials: Array(rest.prefix(size)), asOf: known)
    if rest.count > size { page.resumeAfter = ViewKey.of(page.credentials[size - 1].credential) }
    return page
  }

  /// In the order of the certificate numbers.
  private func issued(
    by issuer: Identifier, _ records: RegistryReader
  ) throws -> ListCredentialsPage {
    let prefix = ViewKey.prefix(issuer.text)
    var found: [(number: [UInt8], id: Identifier)] = []
    let after = after
    try records.snapshot.scan(
      records.views[.certificates], from: .key(prefix + after), prefix: prefix
    ) { key, value in
      let number = ViewKey.copy(key.extracting(droppingFirst: prefix.count))
      if number != after, let id = Identifier(ViewKey.text(value)) { found.append((number, id)) }
      return found.count < size + 1
    }
    var page = ListCredentialsPage(asOf: records.asOf)
    for (_, id) in found.prefix(size) {
      if let line = try line(id, issuer, knownAt: records.asOf, records) {
        page.credentials.append(line)
      }
    }
    if found.count > size { page.resumeAfter = found[size - 1].number }
    return page
  }

  /// In the order of the credentials' ids.
  private mutating func fold(
    _ issuer: Identifier, _ records: RegistryReader, _ slice: Slice
  ) throws -> ListCredentialsPage {
    var page = ListCredentialsPage(asOf: position)
    let source = OfficerSource.rows(.heads, prefix: Array("credential/".utf8))
    let (start, position, size) = (after, position, size)
    var done = done
    try source.lend(records) { search in
      var from = start.isEmpty ? [] : OfficerSource.after(start)
      while case .officer(let key) = try search.first(from: from, { false }) {
        done += 1
        from = OfficerSource.after(key)
        if let id = Identifier(key: key),
          let line = try line(id, issuer, knownAt: position, records)
        {
          page.credentials.append(line)
        }
        page.resumeAfter = key
        if page.credentials.count == size || slice.isOver { return }
      }
      page.resumeAfter = []
    }
    self.done = done
    return page
  }

  private func line(
    _ id: Identifier, _ issuer: Identifier, knownAt position: LogPosition,
    _ records: RegistryReader
  ) throws -> CredentialLine? {
    let stream = StreamID(.credential, id)
    guard
      let state = try records.state(of: stream, on: day, knownAt: position)?.credential,
      state.terms.issuer == issuer
    else { return nil }
    let evidence = try records.evidence(of: id, state, on: day, knownAt: position)
    return CredentialLine.of(
      id, state, on: day, isWithdrawn: evidence.isWithdrawn,
      holder: records.catalogue.merges.owner(
        of: stream, naming: state.terms.holder, on: day, knownAt: position))
  }
}

extension ReadDesk {
  /// A cohort's roll with the credentials that rest on each completion; who was merged stands
  /// under the survivor.
  func rollLines(_ question: CohortRollRequest) throws -> [CohortRollLine] {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let day = question.on ?? today
    let position = question.atPosition ?? records.asOf
    return try roll(of: question.cohort, on: day, knownAt: position).map { entry in
      let stream = StreamID(.enrolment, entry.row.enrolment)
      let state = try records.state(of: stream, on: day, knownAt: position)?.enrolment
      let officer = records.catalogue.merges.owner(
        of: stream, naming: entry.officer, on: day, knownAt: position)
      var line = CohortRollLine(
        enrolment: entry.row.enrolment, officer: officer, status: entry.row.status,
        completion: entry.row.completedOn == nil ? nil : state?.completion)
      if line.completion != nil, let evidence = state?.evidence {
        let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
        line.credentials = profile.credentials
          .filter { evidence.isCited(byOneOf: $0.state.terms.evidence) }.map(\.id)
      }
      return line
    }
  }
}
