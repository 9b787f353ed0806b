import LMDB
import Messages
import Projections
import Registry
import Wire

/// `FindOfficers`: candidates from the indexes, each then judged by the profile of the day. What
/// crosswalks carry over from other frameworks does not count: it is evidence of another skill.
struct FindJob: PageJob {
  private let question: FindOfficersRequest
  private var walk: PeopleWalk?
  private var source = OfficerSource.everybody
  /// Made ready again when a shared stream changes.
  private var sourceOf: LogPosition?

  init(_ question: FindOfficersRequest) { self.question = question }

  mutating func begin(_ desk: ReadDesk) throws -> JobWeight {
    guard !question.skills.isEmpty else {
      throw CallStatus(.invalidArgument, "Name at least one skill.", field: "skills")
    }
    guard !question.below || question.organisation != nil else {
      throw CallStatus(
        .invalidArgument, "Below which organisation? Name one.", field: "organisation")
    }
    let walk = try PeopleWalk(
      desk, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    self.walk = walk
    return walk.weight
  }

  mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
    guard var walk else { preconditionFailure("a job is begun before it works") }
    let records = desk.records
    let hierarchy = Hierarchy(records.catalogue, on: walk.day, knownAt: walk.position)
    if sourceOf != records.catalogue.changedAt {
      source = source(walk, hierarchy, records.catalogue)
      sourceOf = records.catalogue.changedAt
    }
    var page = FindOfficersPage(asOf: walk.position)
    let size = question.pageSize == 0 ? ReadDesk.pageSizeDefault : Int(question.pageSize)
    let (day, position) = (walk.day, walk.position)
    try walk.work(desk, slice, in: source) { officer, _ in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
      if profile.officer == officer, let hit = hit(profile, hierarchy) {
        page.officers.append(hit)
      }
      return page.officers.count < size
    }
    self.walk = walk
    page.resumeAfter = walk.token
    page.progress = walk.progress
    let bytes = Codec.encode(page, arena: desk.arena)
    return walk.isOver ? .last(bytes) : .page(bytes)
  }

  private func source(
    _ walk: PeopleWalk, _ hierarchy: Hierarchy, _ catalogue: Catalogue
  ) -> OfficerSource {
    var parts = question.skills.map {
      OfficerSource.skill($0, catalogue, knownAt: walk.position)
    }
    if let organisation = question.organisation {
      parts.append(
        .posted(in: question.below ? hierarchy.all(below: organisation) : [organisation]))
    }
    if let county = question.county {
      parts.append(.rows(.posted, prefix: ViewKey.prefix(ViewKey.county(county))))
    }
    return .allOf(parts)
  }

  private func hit(_ profile: Profile, _ hierarchy: Hierarchy) -> OfficerHit? {
    guard profile.isKnown else { return nil }
    if let wanted = question.organisation {
      guard let organisation = profile.posting?.organisation,
        question.below ? hierarchy.isBelow(organisation, wanted) : organisation == wanted
      else { return nil }
    }
    if let county = question.county, profile.posting?.county != county { return nil }
    let grounds = profile.grounds
    var lines: [SkillLine] = []
    for wanted in question.skills {
      // A higher level by weaker evidence must not hide a lower one by stronger.
      let counting = grounds.filter {
        $0.skill.framework == wanted.framework && $0.skill.skill == wanted.skill
          && $0.skill.level >= wanted.level
          && $0.strength >= question.strengthAtLeast ?? .claimed
      }
      guard let held = profile.policy.skills(from: counting, on: profile.day).first,
        held.holding != .lapsed
      else { return nil }
      lines.append(profile.line(held))
    }
    return OfficerHit(officer: profile.officer, posting: profile.posting, skills: lines)
  }
}

extension ReadDesk {
  static let pageSizeDefault = 100

  /// The next page of an officer's or an issuer's credentials.
  func credentials(_ question: ListCredentialsRequest) throws -> ListCredentialsPage {
    try check(atLeast: question.atLeast)
    let size = question.pageSize == 0 ? Self.pageSizeDefault : Int(question.pageSize)
    let day = question.on ?? today
    let (table, owner): (ViewTable, Identifier) =
      switch question.whose {
      case .officer(let id): (.held, id)
      case .issuer(let id): (.certificates, id)
      }
    let prefix = ViewKey.prefix(owner.text)
    var found: [(tail: [UInt8], id: Identifier)] = []
    let views = unsafe store.views
    try records.snapshot.scan(
      views[table], from: .key(prefix + question.resumeAfter), prefix: prefix
    ) { key, value in
      let tail = ViewKey.copy(key.extracting(droppingFirst: prefix.count))
      guard tail != question.resumeAfter else { return true }
      let text = table == .held ? String(decoding: tail, as: UTF8.self) : ViewKey.text(value)
      if let id = Identifier(text) { found.append((tail, id)) }
      return found.count < size + 1
    }
    var page = ListCredentialsPage(asOf: records.asOf)
    for (_, id) in found.prefix(size) {
      guard
        let state = try records.state(of: StreamID(.credential, id), on: day)?.credential
      else { continue }
      let evidence = try records.evidence(
        state.terms.evidence, on: .distantFuture, knownAt: records.asOf)
      page.credentials.append(
        CredentialLine.of(
          id, state, on: day, isWithdrawn: evidence.isWithdrawn,
          holder: records.catalogue.merges.owner(
            of: StreamID(.credential, id), naming: state.terms.holder, on: day)))
    }
    if found.count > size { page.resumeAfter = found[size - 1].tail }
    return page
  }

  /// A cohort's roll with the credentials that rest on each completion.
  func rollLines(_ question: CohortRollRequest) throws -> [CohortRollLine] {
    try check(atLeast: question.atLeast)
    let day = question.on ?? today
    return try roll(of: question.cohort, on: day, knownAt: records.asOf).map { entry in
      let state = try records.state(
        of: StreamID(.enrolment, entry.row.enrolment), on: day)?.enrolment
      var line = CohortRollLine(
        enrolment: entry.row.enrolment, officer: entry.officer, status: entry.row.status,
        completion: entry.row.completedOn == nil ? nil : state?.completion)
      if let event = line.completion?.eventID {
        let views = unsafe store.views
        let prefix = ViewKey.prefix(entry.officer.text)
        var held: [Identifier] = []
        try records.snapshot.scan(views[.held], prefix: prefix) { key, _ in
          if let id = Identifier(ViewKey.text(key.extracting(droppingFirst: prefix.count))) {
            held.append(id)
          }
          return true
        }
        line.credentials = try held.filter {
          try records.state(of: StreamID(.credential, $0), on: .distantFuture)?.credential?.terms
            .evidence.contains(event) ?? false
        }
      }
      return line
    }
  }
}
