import Messages
import Projections
import Registry
import RegistryStorage

/// `ComplianceOfficers`: who stands behind a line, in the order of their ids.
package struct ComplianceOfficersQuery: Query {
  private let question: ComplianceOfficersRequest
  private var scan: OfficerScan?

  package init(_ question: ComplianceOfficersRequest) { self.question = question }

  package var cost: QueryCost { scan?.cost ?? .light }

  private func begin(_ session: ReadSession) throws -> OfficerScan {
    let scan = try OfficerScan(
      session, on: question.on, atPosition: question.atPosition, atLeast: question.atLeast,
      resumeAfter: question.resumeAfter)
    _ = try ResolvedMandate(
      question.mandate, on: scan.day, knownAt: scan.position, session.readModel.sharedStreams)
    if let organisation = question.organisation {
      try session.readModel.sharedStreams.expect(
        .organisation, organisation, "organisation", knownAt: scan.position)
    }
    return scan
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    var scan = try self.scan ?? begin(session)
    self.scan = nil
    defer { self.scan = scan }
    let readModel = session.readModel
    let asked = try ResolvedMandate(
      question.mandate, on: scan.day, knownAt: scan.position, readModel.sharedStreams)
    let reader = DutyReader(asked.measure)
    let judge = DutyEvaluator(
      asked.measure, deadline: asked.deadline, names: reader.names,
      sharedStreams: readModel.sharedStreams, knownAt: scan.position)
    let hierarchy = Hierarchy(
      readModel.sharedStreams, on: asked.measure.day, knownAt: scan.position)
    var page = ComplianceOfficersPage(asOf: scan.position)
    guard !asked.isWithdrawn else { return .end(Codec.encode(page, arena: session.arena)) }
    let size = question.pageSize == 0 ? ReadSession.pageSizeDefault : Int(question.pageSize)
    let position = scan.position
    var budget = PageBudget(slice)
    try DutyRowJoin.lend(reader, readModel) { join in
      try scan.work(session, slice, in: source(hierarchy)) { officer, isApart in
        var posting: Posting?
        if isApart {
          posting = try reader.fold(officer, readModel, knownAt: position)
        } else {
          try join.read(ViewKey.of(officer))
        }
        guard let duty = reader.dutyClass(collapsing: false),
          isAsked(reader.names.name(duty.organisation), hierarchy),
          let verdict = judge.verdict(of: duty), isAsked(verdict)
        else { return true }
        if posting == nil { posting = try readModel.posting(of: officer, on: asked.measure.day) }
        let line = reader.line(of: officer, verdict, posting: posting)
        page.officers.append(line)
        budget.add(line, session)
        return page.officers.count < size && !budget.isFull
      }
    }
    page.resumeAfter = scan.token
    page.progress = scan.progress
    let bytes = Codec.encode(page, arena: session.arena)
    return scan.isOver ? .end(bytes) : .message(bytes)
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
  private func isAsked(_ verdict: DutyResult) -> Bool {
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
