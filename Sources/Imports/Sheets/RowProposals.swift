import Registry

/// The facts from the registry that a row needs in order to become proposals.
package struct RowContext: Sendable {
  /// The officer's id; nil when nobody is registered under the personnel number.
  package var officer: Identifier?
  package var officerState: Officer?
  package var cohort: Cohort?
  /// What the cohort is called, as the registry spells it.
  package var cohortID: Identifier?
  /// The mark that the cohort's course asks for, in hundredths of a per cent; zero: not known.
  package var passMark: UInt32 = 0
  /// A number that somebody is registered under and that differs by leading zeros alone from one that
  /// nobody is.
  package var padded: String?
  /// By the code that a cell stands for, the organisation as the registry spells it.
  package var organisations: [Identifier: Identifier] = [:]
  /// The scheme of the personnel numbers.
  package var scheme: Identifier
  /// The system that the file came from: part of every derived id.
  package var source: Source

  /// What to do about a number that somebody has with zeros before it.
  static let zeros =
    "A spreadsheet drops the zeros before a number: format the column as text and fill it in again."

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
    try row.check(columns(for: row))
    _ = try row.number("personnel_no")
    switch self {
    case .completions: return try completion(row, context)
    case .officers: return try OfficerRow(row, context).proposals(context)
    case .credentials: return try credential(row, context)
    }
  }

  private func known(_ row: SheetRow, _ context: RowContext) throws(Rejection) -> Identifier {
    guard let officer = context.officer else {
      throw Rejection(
        .noSuchReference,
        "Nobody is registered with personnel number \(row["personnel_no"] ?? "")"
          + "\(day(of: row).map { " on \($0.text)" } ?? ""): "
          + (context.padded.map { "but \($0) is. \(RowContext.zeros)" }
            ?? "record the officer first."),
        field: "personnel_no")
    }
    return officer
  }

  private func completion(_ row: SheetRow, _ context: RowContext) throws(Rejection) -> [Proposal] {
    let officer = try known(row, context)
    guard let written = try row.identifier("cohort"), let course = try row.identifier("course"),
      let result = row["result"]
    else { throw Rejection(.malformed, "The row is not whole.") }
    let cohortID = context.cohortID ?? written
    let cohort = try cohort(cohortID, teaching: course, context)
    let outcome = try TrainingOutcome(result)
    let score = try row.score("score")
    let seat = Seat(officer: officer, cohort: cohortID)
    let key = DerivedID.key("enrolment", officer.text, cohortID.text)
    let stream = StreamID(.enrolment, key)
    func proposal(_ step: String, on day: Day, _ event: EnrolmentEvent) -> Proposal {
      Proposal(
        eventID: DerivedID.event(
          context.source.system?.text ?? "", "completions", officer.text, cohortID.text, step),
        stream: stream, effective: day, source: context.source, body: .enrolment(event))
    }
    // What a training that still runs says beside a day is of no day.
    let ended = outcome.needsDay ? try row.day("completed_on") : nil
    let began = min(cohort.terms.starts, ended ?? cohort.terms.starts)
    var chain = [
      proposal("nominated", on: began, .nominated(EnrolmentNominated(seat: seat))),
      proposal("enrolled", on: began, .enrolled(EnrolmentEnrolled(seat: seat))),
    ]
    let number = try row.number("certificate_no")
    guard let completedOn = ended else {
      guard number == nil else {
        throw Rejection(
          .inconsistent,
          "\"\(result)\" and a certificate: who has not completed the training has none for it.",
          field: "certificate_no")
      }
      return chain
    }
    let mode = try row.assessmentMode("assessment")
    if let mode {
      chain.append(
        proposal(
          "assessed", on: completedOn,
          .assessed(
            EnrolmentAssessed(assessment: Identifier("final")!, mode: mode, score: score))))
    }
    let completion: CompletionResult
    switch outcome.settled(score: score, passMark: context.passMark, isAssessed: mode != nil) {
    case .completed(let result): completion = result
    case .withdrawn:
      chain.append(proposal("withdrawn", on: completedOn, .withdrawn(EnrolmentWithdrawn())))
      return chain
    case .dismissed:
      chain.append(proposal("dismissed", on: completedOn, .dismissed(EnrolmentDismissed())))
      return chain
    case .notCompleted, .bare, .enrolled:
      chain.append(proposal("not_completed", on: completedOn, .notCompleted(.init())))
      return chain
    }
    let completed = proposal(
      "completed", on: completedOn,
      .completed(EnrolmentCompleted(result: completion, score: score)))
    chain.append(completed)
    if let award = try row.identifier("award") {
      chain.append(
        proposal(
          "award " + award.text, on: completedOn,
          .awardConferred(EnrolmentAwardConferred(award: award))))
    }
    if let number {
      let issuer = try organisation(row, "issuer", context) ?? cohort.terms.organisation
      chain.append(
        try issue(
          number, by: issuer, to: officer, cohort.terms.course, on: completedOn, from: completedOn,
          until: row.day("valid_until"), evidence: [completed.eventID], context))
    }
    return chain
  }

  /// The cohort that a row names, where it teaches the row's course.
  private func cohort(
    _ id: Identifier, teaching course: Identifier, _ context: RowContext
  ) throws(Rejection) -> Cohort {
    guard let cohort = context.cohort else {
      throw Rejection(
        .noSuchReference, "There is no cohort \(id.text): record it first.", field: "cohort")
    }
    guard WrittenCode.key(cohort.terms.course.text) == WrittenCode.key(course.text) else {
      throw Rejection(
        .inconsistent,
        "The cohort \(id.text) teaches \(cohort.terms.course.text), not \(course.text).",
        field: "course")
    }
    return cohort
  }

  private func organisation(
    _ row: SheetRow, _ column: String, _ context: RowContext
  ) throws(Rejection) -> Identifier? {
    try row.identifier(column).map { context.organisations[$0] ?? $0 }
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
    guard let number = try row.number("certificate_no"),
      let issuer = try organisation(row, "issuer", context),
      let course = try row.identifier("course"), let awarded = try row.day("awarded_on")
    else { throw Rejection(.malformed, "The row is not whole.") }
    let until = try row.day("valid_until")
    let issued = try issue(
      number, by: issuer, to: officer, course, on: awarded,
      from: try row.day("valid_from") ?? awarded, until: until, evidence: [], context)
    let day = try row.day("revoked_on")
    let standing = try row["status"].map { (text) throws(Rejection) in try CredentialStanding(text)
    }
    switch standing ?? (day == nil ? .issued : .revoked) {
    case .issued:
      guard day == nil else {
        throw Rejection(
          .inconsistent,
          "\"\(row["status"] ?? "")\" and a day in revoked_on: empty it, or say revoked.",
          field: "status")
      }
      return [issued]
    case .expired:
      // That a certificate has expired follows from its last day, and from nothing else.
      guard until != nil else {
        throw Rejection(
          .malformed, "\"\(row["status"] ?? "")\" without a last day: fill in valid_until.",
          field: "valid_until")
      }
      return [issued]
    case .suspended:
      return [issued, try change("suspended", day, row, issued, .suspended(CredentialSuspended()))]
    case .revoked:
      return [issued, try change("revoked", day, row, issued, .revoked(CredentialRevoked()))]
    }
  }

  private func change(
    _ what: String, _ day: Day?, _ row: SheetRow, _ issued: Proposal, _ event: CredentialEvent
  ) throws(Rejection) -> Proposal {
    guard let day else {
      throw Rejection(
        .malformed,
        "The certificate is \(what), and revoked_on does not say since when: fill in the day.",
        field: "revoked_on")
    }
    guard day >= issued.effective else {
      throw Rejection(
        .inconsistent,
        "It is \(what) on \(day.text), before it was awarded on \(issued.effective.text).",
        field: "revoked_on")
    }
    return Proposal(
      eventID: DerivedID.event("credential", issued.stream.key.text, what, day.text),
      stream: issued.stream, effective: day, source: issued.source,
      reason: try row.identifier("reason"), body: .credential(event))
  }
}

extension SheetKind {
  /// What is wrong with a row by itself, whatever the registry says.
  func problem(of row: SheetRow) -> Rejection? {
    do throws(Rejection) {
      try row.check(columns(for: row))
      switch self {
      case .completions:
        if let result = row["result"] { _ = try TrainingOutcome(result) }
        _ = try (row.score("score"), row.number("certificate_no"), row.identifier("cohort"))
      case .officers: _ = try OfficerRow(row)
      case .credentials:
        _ = try (row.number("certificate_no"), row.identifier("issuer"))
        if let status = row["status"] { _ = try CredentialStanding(status) }
      }
      _ = try row.number("personnel_no")
      for column in dayColumns { _ = try row.day(column) }
      return nil
    } catch {
      return error
    }
  }

  /// A training that still runs needs no day.
  private func columns(for row: SheetRow) -> [(name: String, required: Bool)] {
    guard self == .completions, let result = row["result"],
      (try? TrainingOutcome(result))?.needsDay == false
    else { return columns }
    return columns.map { $0.name == "completed_on" ? ($0.name, false) : $0 }
  }
}
