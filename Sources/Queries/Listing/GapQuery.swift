import Messages
import Projections
import Registry
import RegistryStorage

/// `Gap`: what officers lack of what their positions and cadres ask, by the requirements and the
/// policy of the day. What crosswalks carry over does not count.
package struct GapQuery: Query {
  private let question: GapRequest
  private var scan: OfficerScan?
  /// The one officer who is asked about; nil: everybody of an organisation.
  private var officer: Identifier?
  private var totals: [SkillLevel: GapTotal] = [:]
  /// What is told after the last officer.
  private var ending: LineQueue<GapTotal>?

  package init(_ question: GapRequest) { self.question = question }

  package var cost: QueryCost { scan?.cost ?? .light }

  private mutating func begin(_ session: ReadSession) throws -> OfficerScan {
    let scan = try OfficerScan(
      session, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    switch question.whose {
    case .organisation(let id):
      try session.readModel.sharedStreams.expect(
        .organisation, id, "organisation", knownAt: scan.position)
    case .officer(let id):
      try session.readModel.expect(StreamID(.officer, id), "officer", knownAt: scan.position)
      officer = id
    case .identifier(let given):
      officer = try session.officer(given, on: scan.day, knownAt: scan.position)
      guard officer != nil else { throw ReadSession.nobody }
    }
    return scan
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    var scan = try self.scan ?? begin(session)
    self.scan = nil
    defer { self.scan = scan }
    if ending != nil { return tellTotals(GapPage(asOf: scan.position), session, slice) }
    let readModel = session.readModel
    let establishment = readModel.sharedStreams.establishment(on: scan.day, knownAt: scan.position)
    var page = GapPage(asOf: scan.position)
    if let officer {
      let profile = try Profile(of: officer, on: scan.day, knownAt: scan.position, from: readModel)
      if profile.isKnown { add(line(profile, establishment), to: &page) }
      ending = LineQueue(sortedTotals)
      return tellTotals(page, session, slice)
    }
    guard case .organisation(let organisation) = question.whose else {
      preconditionFailure("an officer or an organisation is asked about")
    }
    let hierarchy = Hierarchy(readModel.sharedStreams, on: scan.day, knownAt: scan.position)
    let size = question.pageSize == 0 ? ReadSession.pageSizeDefault : Int(question.pageSize)
    let source = OfficerSource.posted(in: hierarchy.all(below: organisation))
    let (day, position) = (scan.day, scan.position)
    var budget = PageBudget(slice)
    try scan.work(session, slice, in: source) { officer, _ in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: readModel)
      guard profile.officer == officer, profile.state?.status.serves == true,
        let posted = profile.posting?.organisation, hierarchy.isBelow(posted, organisation)
      else { return true }
      let line = line(profile, establishment)
      // Of whom nothing is asked there is nothing to say.
      if !line.skills.isEmpty {
        add(line, to: &page)
        budget.add(line, session)
      }
      return page.officers.count < size && !budget.isFull
    }
    page.resumeAfter = scan.token
    page.progress = scan.progress
    // Who resumed a list was told of the others before: totals of a part would mislead.
    if scan.isOver, question.resumeAfter.isEmpty { ending = LineQueue(sortedTotals) }
    guard !scan.isOver else { return tellTotals(page, session, slice) }
    return .message(Codec.encode(page, arena: session.arena))
  }

  /// With the last officers as many totals as a page holds, the rest on pages of their own.
  private mutating func tellTotals(
    _ page: GapPage, _ session: ReadSession, _ slice: TimeSlice
  ) -> StreamStep {
    var page = page
    page.totals = ending?.take(.max, slice, session) ?? []
    let bytes = Codec.encode(page, arena: session.arena)
    return ending?.isEmpty ?? true ? .end(bytes) : .message(bytes)
  }

  private func line(_ profile: Profile, _ establishment: Establishment?) -> GapLine {
    var line = GapLine(officer: profile.officer, posting: profile.posting)
    guard let establishment else { return line }
    let grounds = profile.grounds
    let asked = establishment.requirements(of: profile.posting, position: question.position)
    for wanted in asked {
      let held = profile.held(wanted, among: grounds)
      // What there is instead says how much is lacking.
      let known = held ?? profile.anyLevel(of: wanted, among: grounds)
      line.skills.append(
        GapSkill(
          wanted: wanted, held: known.map(profile.line), met: held != nil,
          replacedBy: profile.known(wanted)?.replacedBy))
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
