import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// `ComplianceOfficers`: who stands behind a line, in the order of their ids.
struct ComplianceOfficersQuery: Query {
  private let question: ComplianceOfficersRequest
  private var walk: PeopleWalk?

  init(_ question: ComplianceOfficersRequest) { self.question = question }

  var cost: QueryCost { walk?.cost ?? .light }

  private func begin(_ desk: ReadDesk) throws -> PeopleWalk {
    let walk = try PeopleWalk(
      desk, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    _ = try AskedMandate(
      question.mandate, on: walk.day, knownAt: walk.position, desk.records.catalogue)
    return walk
  }

  mutating func next(_ desk: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    var walk = try self.walk ?? begin(desk)
    self.walk = nil
    defer { self.walk = walk }
    let records = desk.records
    let asked = try AskedMandate(
      question.mandate, on: walk.day, knownAt: walk.position, records.catalogue)
    let reader = DutyReader(asked.measure)
    let judge = DutyJudge(
      asked.measure, deadline: asked.deadline, names: reader.names,
      catalogue: records.catalogue, knownAt: walk.position)
    let hierarchy = Hierarchy(records.catalogue, on: walk.day, knownAt: walk.position)
    var page = ComplianceOfficersPage(asOf: walk.position)
    let size = question.pageSize == 0 ? ReadDesk.pageSizeDefault : Int(question.pageSize)
    let position = walk.position
    var room = PageRoom(slice)
    try DutyRowJoin.lend(reader, records) { join in
      try walk.work(desk, slice, in: source(hierarchy)) { officer, isApart in
        var posting: Posting?
        if isApart {
          posting = try reader.fold(officer, records, knownAt: position)
        } else {
          try join.read(ViewKey.of(officer))
        }
        guard let duty = reader.dutyClass(collapsing: false),
          isAsked(reader.names.name(duty.organisation), hierarchy),
          let verdict = judge.verdict(of: duty), isAsked(verdict)
        else { return true }
        if posting == nil { posting = try records.posting(of: officer, on: asked.measure.day) }
        let line = reader.line(of: officer, verdict, posting: posting)
        page.officers.append(line)
        room.add(line, desk)
        return page.officers.count < size && !room.isFull
      }
    }
    page.resumeAfter = walk.token
    page.progress = walk.progress
    let bytes = Codec.encode(page, arena: desk.arena)
    return walk.isOver ? .end(bytes) : .message(bytes)
  }

  private func source(_ hierarchy: Hierarchy) -> OfficerSource {
    guard let organisation = question.organisation else { return .everybody }
    return .posted(in: question.below ? hierarchy.all(below: organisation) : [organisation])
  }

  private func isAsked(_ organisation: Identifier?, _ hierarchy: Hierarchy) -> Bool {
    guard let asked = question.organisation else { return true }
    guard let organisation else { return false }
    return question.below ? hierarchy.isBelow(organisation, asked) : organisation == asked
  }

  /// Who is recorded as not compliant is outstanding, too.
  private func isAsked(_ verdict: DutyVerdict) -> Bool {
    switch question.standing {
    case nil: true
    case .nonCompliant: verdict.isNonCompliant
    case let standing?: verdict.standing == standing
    }
  }
}

extension RegistryReader {
  /// Where an officer served on a day, by all that is known.
  func posting(of officer: Identifier, on day: Day) throws -> Posting? {
    try snapshot.get(views[.roster], ViewKey.of(officer)) { row in
      RosterRow.spans(row).last { $0.from <= day }?.posting
    } ?? nil
  }
}
