import Messages
import Projections
import Registry
import Wire

/// `Gap`: what officers lack of what their positions and cadres ask, by the requirements and the
/// policy of the day. What crosswalks carry over does not count.
struct GapJob: PageJob {
  private let question: GapRequest
  private var walk: PeopleWalk?
  /// The one officer who is asked about; nil: everybody of an organisation.
  private var officer: Identifier?
  private var totals: [SkillLevel: GapTotal] = [:]

  init(_ question: GapRequest) { self.question = question }

  mutating func begin(_ desk: ReadDesk) throws -> JobWeight {
    let walk = try PeopleWalk(
      desk, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    self.walk = walk
    switch question.whose {
    case .organisation: return walk.weight
    case .officer(let id): officer = id
    case .identifier(let given):
      officer = try desk.officer(given)
      guard officer != nil else {
        throw CallStatus(
          .notFound, "Nobody is registered under this identifier.", field: "identifier")
      }
    }
    return .light
  }

  mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
    guard var walk else { preconditionFailure("a job is begun before it works") }
    self.walk = nil
    defer { self.walk = walk }
    let records = desk.records
    let establishment = records.catalogue.establishment(on: walk.day, knownAt: walk.position)
    var page = GapPage(asOf: walk.position)
    if let officer {
      let profile = try Profile(of: officer, on: walk.day, knownAt: walk.position, from: records)
      if profile.isKnown { add(line(profile, establishment), to: &page) }
      page.totals = sortedTotals
      return .last(Codec.encode(page, arena: desk.arena))
    }
    guard case .organisation(let organisation) = question.whose else {
      preconditionFailure("an officer or an organisation is asked about")
    }
    let hierarchy = Hierarchy(records.catalogue, on: walk.day, knownAt: walk.position)
    let size = question.pageSize == 0 ? ReadDesk.pageSizeDefault : Int(question.pageSize)
    let source = OfficerSource.posted(in: hierarchy.all(below: organisation))
    let (day, position) = (walk.day, walk.position)
    try walk.work(desk, slice, in: source) { officer, _ in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: records)
      guard profile.officer == officer, profile.state?.status.serves == true,
        let posted = profile.posting?.organisation, hierarchy.isBelow(posted, organisation)
      else { return true }
      let line = line(profile, establishment)
      // Of whom nothing is asked there is nothing to say.
      if !line.skills.isEmpty { add(line, to: &page) }
      return page.officers.count < size
    }
    page.resumeAfter = walk.token
    page.progress = walk.progress
    // Who resumed a list was told of the others before: totals of a part would mislead.
    if walk.isOver, question.resumeAfter.isEmpty { page.totals = sortedTotals }
    let bytes = Codec.encode(page, arena: desk.arena)
    return walk.isOver ? .last(bytes) : .page(bytes)
  }

  private func line(_ profile: Profile, _ establishment: Establishment?) -> GapLine {
    var line = GapLine(officer: profile.officer, posting: profile.posting)
    guard let establishment else { return line }
    let held = profile.skills
    let asked = establishment.requirements(of: profile.posting, position: question.position)
    for wanted in asked {
      let known = held.first {
        $0.skill.framework == wanted.framework && $0.skill.skill == wanted.skill
      }
      line.skills.append(
        GapSkill(
          wanted: wanted, held: known.map { profile.line($0) },
          met: known.map { $0.holding != .lapsed && $0.skill.level >= wanted.level } ?? false))
    }
    return line
  }

  private mutating func add(_ line: GapLine, to page: inout GapPage) {
    page.officers.append(line)
    for skill in line.skills {
      var total = totals[skill.wanted] ?? GapTotal(wanted: skill.wanted)
      total.asked += 1
      if skill.met {
        total.met += 1
      } else if skill.held?.holding == .lapsed {
        total.lapsed += 1
      } else if skill.held != nil {
        total.tooLow += 1
      }
      totals[skill.wanted] = total
    }
  }

  private var sortedTotals: [GapTotal] {
    func place(_ total: GapTotal) -> (UInt64, Identifier, Identifier, UInt32) {
      (
        .max - (total.asked - total.met), total.wanted.framework, total.wanted.skill,
        total.wanted.level
      )
    }
    return totals.values.sorted { place($0) < place($1) }
  }
}
