import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// `FindOfficers`: candidates from the indexes, each then judged by the profile of the day. What
/// crosswalks carry over from other frameworks does not count: it is evidence of another skill. Who
/// has left the service is left out unless asked for.
package struct FindQuery: Query {
  private let question: FindOfficersRequest
  private var scan: OfficerScan?
  private var source = OfficerSource.everybody
  /// Prepared again when a shared stream changes.
  private var sourceOf: LogPosition?

  package init(_ question: FindOfficersRequest) { self.question = question }

  package var cost: QueryCost { scan?.cost ?? .light }

  private func begin(_ session: ReadSession) throws -> OfficerScan {
    guard !question.skills.isEmpty else {
      throw QueryFailure.invalid("Name at least one skill.", field: "skills", rule: .missing)
    }
    guard !question.below || question.organisation != nil else {
      throw QueryFailure.invalid(
        "Below which organisation? Name one.", field: "organisation", rule: .missing)
    }
    let scan = try OfficerScan(
      session, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    let (readModel, position) = (session.readModel, scan.position)
    for (at, skill) in question.skills.enumerated() {
      try readModel.sharedStreams.expect(
        skill.framework, skill.skill, "skills[\(at)]", knownAt: position)
    }
    if let organisation = question.organisation {
      try readModel.sharedStreams.expect(
        .organisation, organisation, "organisation", knownAt: position)
    }
    if let county = question.county { try readModel.expect(county: county, "county") }
    return scan
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    var scan = try self.scan ?? begin(session)
    self.scan = nil
    defer { self.scan = scan }
    let readModel = session.readModel
    let hierarchy = Hierarchy(readModel.sharedStreams, on: scan.day, knownAt: scan.position)
    if sourceOf != readModel.sharedStreams.changedAt {
      source = source(scan, hierarchy, readModel.sharedStreams)
      sourceOf = readModel.sharedStreams.changedAt
    }
    var page = FindOfficersPage(asOf: scan.position)
    let size = question.pageSize == 0 ? ReadSession.pageSizeDefault : Int(question.pageSize)
    let (day, position) = (scan.day, scan.position)
    var budget = PageBudget(slice)
    try scan.work(session, slice, in: source) { officer, _ in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: readModel)
      if profile.officer == officer, let hit = hit(profile, hierarchy) {
        page.officers.append(hit)
        budget.add(hit, session)
      }
      return page.officers.count < size && !budget.isFull
    }
    page.resumeAfter = scan.token
    page.progress = scan.progress
    let bytes = Codec.encode(page, arena: session.arena)
    return scan.isOver ? .end(bytes) : .message(bytes)
  }

  private func source(
    _ scan: OfficerScan, _ hierarchy: Hierarchy, _ sharedStreams: SharedStreams
  ) -> OfficerSource {
    var parts = question.skills.map {
      OfficerSource.skill($0, sharedStreams, on: scan.day, knownAt: scan.position)
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
    guard let standing = profile.state?.status, standing.serves || question.includeLeft else {
      return nil
    }
    if let wanted = question.organisation {
      guard let organisation = profile.posting?.organisation,
        question.below ? hierarchy.isBelow(organisation, wanted) : organisation == wanted
      else { return nil }
    }
    if let county = question.county, profile.posting?.county != county { return nil }
    let grounds = profile.grounds
    var lines: [SkillLine] = []
    for wanted in question.skills {
      let held = profile.held(
        wanted, among: grounds, strengthAtLeast: question.strengthAtLeast)
      guard let held else { return nil }
      lines.append(profile.line(held))
    }
    return OfficerHit(
      officer: profile.officer, posting: profile.posting, skills: lines, standing: standing)
  }
}

extension ReadSession {
  static let pageSizeDefault = 100
}
