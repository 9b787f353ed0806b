import Registry

/// The facts from the registry that a row needs in order to become proposals.
package struct RowContext: Sendable {
  /// The officer's id; nil when nobody is registered under the personnel number.
  package var officer: Identifier?
  package var officerState: Officer?
  package var cohort: Cohort?
  /// The scheme of the personnel numbers.
  package var scheme: Identifier
  /// The system that the file came from: part of every derived id.
  package var source: Source

  package init(
    officer: Identifier?, officerState: Officer? = nil, cohort: Cohort? = nil, scheme: Identifier,
    source: Source
  ) {
    self.officer = officer
    self.officerState = officerState
    self.cohort = cohort
    self.scheme = scheme
    self.source = source
  }
}

extension SheetKind {
  /// The chain of proposals that a row stands for, in the order in which they are to be recorded;
  /// none when the registry says all of it already.
  ///
  /// - Throws: `Rejection` that names the column.
  package func proposals(
    for row: SheetRow, _ context: RowContext
  ) throws(Rejection) -> [Proposal] {
    try row.check(columns)
    switch self {
    case .completions: return try completion(row, context)
    case .officers: return try OfficerRow(row).proposals(context)
    case .credentials: return try credential(row, context)
    }
  }

  private func known(_ row: SheetRow, _ context: RowContext) throws(Rejection) -> Identifier {
    guard let officer = context.officer else {
      throw Rejection(
        .noSuchReference,
        "Nobody is registered with personnel number \(row["personnel_no"] ?? "")"
          + "\(day(of: row).map { " on \($0.text)" } ?? ""): record the officer first.",
        field: "personnel_no")
    }
    return officer
  }

  private func completion(_ row: SheetRow, _ context: RowContext) throws(Rejection) -> [Proposal] {
    let officer = try known(row, context)
    guard let cohortID = try row.identifier("cohort"), let course = try row.identifier("course"),
      let completedOn = try row.day("completed_on"), let result = row["result"]
    else { throw Rejection(.malformed, "The row is not whole.") }
    guard let cohort = context.cohort else {
      throw Rejection(
        .noSuchReference, "There is no cohort \(cohortID.text): record it first.",
        field: "cohort")
    }
    guard cohort.terms.course == course else {
      throw Rejection(
        .inconsistent,
        "The cohort \(cohortID.text) teaches \(cohort.terms.course.text), not \(course.text).",
        field: "course")
    }
    let score = try row.score("score")
    let seat = Seat(officer: officer, cohort: cohortID)
    let key = DerivedID.key("enrolment", officer.text, cohortID.text)
    let stream = StreamID(.enrolment, key)
    let began = min(cohort.terms.starts, completedOn)
    func proposal(_ step: String, on day: Day, _ event: EnrolmentEvent) -> Proposal {
      Proposal(
        eventID: DerivedID.event(
          context.source.system?.text ?? "", "completions", officer.text, cohortID.text, step),
        stream: stream, effective: day, source: context.source, body: .enrolment(event))
    }
    var chain = [
      proposal("nominated", on: began, .nominated(EnrolmentNominated(seat: seat))),
      proposal("enrolled", on: began, .enrolled(EnrolmentEnrolled(seat: seat))),
    ]
    if let mode = try row.assessmentMode("assessment") {
      chain.append(
        proposal(
          "assessed", on: completedOn,
          .assessed(
            EnrolmentAssessed(assessment: Identifier("final")!, mode: mode, score: score))))
    }
    guard let outcome = try outcome(result) else {
      chain.append(proposal("not_completed", on: completedOn, .notCompleted(.init())))
      return chain
    }
    let completed = proposal(
      "completed", on: completedOn,
      .completed(EnrolmentCompleted(result: outcome, score: score)))
    chain.append(completed)
    if let award = try row.identifier("award") {
      chain.append(
        proposal(
          "award " + award.text, on: completedOn,
          .awardConferred(EnrolmentAwardConferred(award: award))))
    }
    if let number = row["certificate_no"] {
      let issuer = try row.identifier("issuer") ?? cohort.terms.organisation
      chain.append(
        try issue(
          number, by: issuer, to: officer, course, on: completedOn, from: completedOn,
          until: row.day("valid_until"), evidence: [completed.eventID], context))
    }
    return chain
  }

  /// Nil: not completed.
  private func outcome(_ text: String) throws(Rejection) -> CompletionResult? {
    switch text.lowercased() {
    case "passed", "pass", "completed": return .passed
    case "merit", "credit": return .merit
    case "distinction": return .distinction
    case "attended": return .attended
    case "failed", "fail", "not completed", "not_completed", "absent": return nil
    default:
      throw Rejection(
        .malformed,
        "\"\(text)\" is no result: passed, merit, distinction, attended or failed.",
        field: "result")
    }
  }

  private func issue(
    _ number: String, by issuer: Identifier, to holder: Identifier, _ course: Identifier,
    on awarded: Day, from: Day, until: Day?, evidence: [EventID], _ context: RowContext
  ) throws(Rejection) -> Proposal {
    Proposal(
      eventID: DerivedID.event("credential", issuer.text, number, holder.text, "issued"),
      stream: StreamID(.credential, DerivedID.key("credential", issuer.text, number)),
      effective: awarded, source: context.source,
      body: .credential(
        .issued(
          CredentialIssued(
            holder: holder, issuer: issuer, number: number, courses: [course], awardedOn: awarded,
            validFrom: from, validUntil: until, evidence: evidence))))
  }

  private func credential(_ row: SheetRow, _ context: RowContext) throws(Rejection) -> [Proposal] {
    let officer = try known(row, context)
    guard let number = row["certificate_no"], let issuer = try row.identifier("issuer"),
      let course = try row.identifier("course"), let awarded = try row.day("awarded_on")
    else { throw Rejection(.malformed, "The row is not whole.") }
    return [
      try issue(
        number, by: issuer, to: officer, course, on: awarded,
        from: try row.day("valid_from") ?? awarded, until: row.day("valid_until"), evidence: [],
        context)
    ]
  }
}
