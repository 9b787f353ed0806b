import LMDB
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// `FindOfficers`: candidates from the indexes, each then judged by the profile of the day. What
/// crosswalks carry over from other frameworks does not count: it is evidence of another skill.
struct FindQuery: Query {
  private let question: FindOfficersRequest
  private var walk: PeopleWalk?
  private var source = OfficerSource.everybody
  /// Made ready again when a shared stream changes.
  private var sourceOf: LogPosition?

  init(_ question: FindOfficersRequest) { self.question = question }

  var cost: QueryCost { walk?.cost ?? .light }

  private func begin(_ desk: ReadDesk) throws -> PeopleWalk {
    guard !question.skills.isEmpty else {
      throw CallStatus(.invalidArgument, "Name at least one skill.", field: "skills")
    }
    guard !question.below || question.organisation != nil else {
      throw CallStatus(
        .invalidArgument, "Below which organisation? Name one.", field: "organisation")
    }
    return try PeopleWalk(
      desk, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
  }

  mutating func next(_ desk: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    var walk = try self.walk ?? begin(desk)
    self.walk = nil
    defer { self.walk = walk }
    let records = desk.records
    let hierarchy = Hierarchy(records.catalogue, on: walk.day, knownAt: walk.position)
    if sourceOf != records.catalogue.changedAt {
      source = source(walk, hierarchy, records.catalogue)
      sourceOf = records.catalogue.changedAt
    }
    var page = FindOfficersPage(asOf: walk.position)
    let size = question.pageSize == 0 ? ReadDesk.pageSizeDefault : Int(question.pageSize)
    let (day, position) = (walk.day, walk.position)
    var room = PageRoom(slice)
    try walk.work(desk, slice, in: source) { officer, _ in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
      if profile.officer == officer, let hit = hit(profile, hierarchy) {
        page.officers.append(hit)
        room.add(hit, desk)
      }
      return page.officers.count < size && !room.isFull
    }
    page.resumeAfter = walk.token
    page.progress = walk.progress
    let bytes = Codec.encode(page, arena: desk.arena)
    return walk.isOver ? .end(bytes) : .message(bytes)
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
}
