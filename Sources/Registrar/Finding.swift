import LMDB
import Messages
import Projections
import Registry
import Wire

/// Who has skills: candidates from the indexes, each then judged by the profile of the day.
extension ReadDesk {
  static let pageSizeDefault = 100

  /// The next page; `resumeAfter` in it is empty after the last.
  func find(_ question: FindOfficersRequest) throws -> FindOfficersPage {
    try check(atLeast: question.atLeast)
    guard !question.skills.isEmpty else {
      throw CallStatus(.invalidArgument, "Name at least one skill.", field: "skills")
    }
    let size = question.pageSize == 0 ? Self.pageSizeDefault : Int(question.pageSize)
    let day = question.on ?? today
    var page = FindOfficersPage(asOf: records.asOf)
    var after = question.resumeAfter
    while page.officers.count < size {
      let (candidates, isLast) = try candidates(
        question.skills[0], after: after, limit: size * 2)
      for officer in candidates {
        after = ViewKey.of(officer)
        if let hit = try hit(officer, question, on: day) { page.officers.append(hit) }
        if page.officers.count == size { break }
      }
      if isLast, candidates.last.map({ ViewKey.of($0) == after }) ?? true { return page }
    }
    page.resumeAfter = after
    return page
  }

  private func hit(
    _ officer: Identifier, _ question: FindOfficersRequest, on day: Day
  ) throws -> OfficerHit? {
    let profile = try Profile(of: officer, on: day, knownAt: records.asOf, from: records)
    guard profile.isKnown else { return nil }
    if let organisation = question.organisation, profile.posting?.organisation != organisation {
      return nil
    }
    if let county = question.county, profile.posting?.county != county { return nil }
    let skills = profile.skills
    var lines: [SkillLine] = []
    for wanted in question.skills {
      guard
        let held = skills.first(where: {
          $0.skill.framework == wanted.framework && $0.skill.skill == wanted.skill
        }), held.skill.level >= wanted.level, held.holding != .lapsed,
        held.strength.rawValue >= question.strengthAtLeast?.rawValue ?? 0
      else { return nil }
      lines.append(profile.line(held))
    }
    return OfficerHit(officer: officer, posting: profile.posting, skills: lines)
  }

  /// Officers after a key who may have a skill, in the order of their keys: those on the rolls of
  /// cohorts whose course teaches it, and those whose papers or credentials name it.
  private func candidates(
    _ wanted: SkillLevel, after: [UInt8], limit: Int
  ) throws -> (officers: [Identifier], isLast: Bool) {
    var found: Set<[UInt8]> = []
    // Keys beyond the last of any full source are not complete yet.
    var complete: [UInt8]?
    let views = unsafe store.views
    func take(_ table: ViewTable, _ prefix: [UInt8]) throws {
      var (count, last): (Int, [UInt8]) = (0, [])
      try records.snapshot.scan(
        views[table], from: .key(prefix + after), prefix: prefix
      ) { key, _ in
        var officer = ViewKey.copy(key.extracting(droppingFirst: prefix.count))
        if let end = officer.firstIndex(of: 0) { officer.removeSubrange(end...) }
        guard officer != after else { return true }
        found.insert(officer)
        (count, last) = (count + 1, officer)
        return count < limit
      }
      if count == limit, complete.map({ last.lexicographicallyPrecedes($0) }) ?? true {
        complete = last
      }
    }
    var teaching: Set<Identifier> = []
    for stream in records.catalogue.streams(of: .course) {
      let editions = records.catalogue.state(of: stream)?.course?.editions ?? []
      let teaches = editions.contains { edition in
        edition.outcomes.contains {
          $0.framework == wanted.framework && $0.skill == wanted.skill
            && $0.level >= wanted.level
        }
      }
      guard teaches else { continue }
      teaching.insert(stream.key)
      try take(.attained, ViewKey.prefix(ViewKey.course(stream.key)))
    }
    try take(.attained, ViewKey.prefix(ViewKey.skill(wanted.framework, wanted.skill)))
    for stream in records.catalogue.streams(of: .cohort) {
      guard let course = records.catalogue.state(of: stream)?.cohort?.terms.course,
        teaching.contains(course)
      else { continue }
      try take(.rolls, ViewKey.prefix(stream.key.text))
    }
    let sorted = found.sorted { $0.lexicographicallyPrecedes($1) }
      .filter { key in complete.map { !$0.lexicographicallyPrecedes(key) } ?? true }
    return (
      sorted.prefix(limit).compactMap { Identifier(String(decoding: $0, as: UTF8.self)) },
      complete == nil && sorted.count <= limit
    )
  }

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
