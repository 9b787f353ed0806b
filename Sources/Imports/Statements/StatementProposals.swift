import Registry

/// The facts from the registry that a statement needs in order to become proposals.
package struct StatementContext: Sendable {
  package var officer: Identifier
  package var cohort: Cohort
  /// The officer's enrolment in the cohort, where there is one.
  package var enrolment: Identifier?
  /// The completion that a credential may rest on.
  package var completion: EventID?
  /// The platform that the statements come from: part of every derived id.
  package var system: Identifier

  package init(
    officer: Identifier, cohort: Cohort, enrolment: Identifier?, completion: EventID?,
    system: Identifier
  ) {
    (self.officer, self.cohort, self.enrolment) = (officer, cohort, enrolment)
    (self.completion, self.system) = (completion, system)
  }
}

extension MappedStatement {
  /// The event ids that a statement's proposals have, but for an enrolment that is only implied:
  /// the same whenever and in whatever file the statement comes.
  package static func eventIDs(of statement: String, from system: Identifier) -> [EventID] {
    [
      DerivedID.event("xapi", system.text, statement),
      DerivedID.event("xapi", system.text, statement, "assessed"),
    ]
  }

  /// - Parameter implied: an enrolment comes first, since the registry has none on which it could
  ///   follow: on the day on which the cohort starts, so that all statements imply the same.
  /// - Throws: `LeftOut`.
  package func proposals(
    _ context: StatementContext, implied: Bool
  ) throws(LeftOut) -> [Proposal] {
    if let course = entry.course, course != context.cohort.terms.course {
      throw LeftOut(
        .contradictoryActivity,
        "The cohort \(entry.cohort.text) teaches \(context.cohort.terms.course.text), not "
          + "\(course.text) as line \(entry.line) of the activities map has it.")
    }
    try refuseContradiction()
    let ids = Self.eventIDs(of: statement.id, from: context.system)
    let seat = Seat(officer: context.officer, cohort: entry.cohort)
    let key =
      context.enrolment
      ?? DerivedID.key("enrolment", context.officer.text, entry.cohort.text)
    func enrolment(_ id: EventID, _ event: EnrolmentEvent) -> Proposal {
      proposal(id, StreamID(.enrolment, key), context, .enrolment(event))
    }
    var chain: [Proposal] = []
    func imply() {
      guard implied else { return }
      let day = min(day, context.cohort.terms.starts)
      chain.append(
        Proposal(
          eventID: DerivedID.event(
            "xapi", context.system.text, "enrolled", context.officer.text, entry.cohort.text,
            day.text),
          stream: StreamID(.enrolment, key), effective: day,
          source: Source(system: context.system, reference: "implied by statements"),
          reason: Identifier("implied"), body: .enrolment(.enrolled(EnrolmentEnrolled(seat: seat))))
      )
    }
    switch act {
    case .enrolled: chain.append(enrolment(ids[0], .enrolled(EnrolmentEnrolled(seat: seat))))
    case .left: chain.append(enrolment(ids[0], .withdrawn(EnrolmentWithdrawn())))
    case .attended:
      imply()
      chain.append(enrolment(ids[0], .attended(try attended())))
    case .completed, .passed, .failed, .scored, .attempted, .answered, .satisfied, .waived:
      if let code = entry.assessment {
        imply()
        chain.append(enrolment(ids[0], .assessed(try assessed(code))))
      } else if let outcome = try outcome() {
        if hundredths != nil, entry.mode != nil {
          imply()
          chain.append(enrolment(ids[1], .assessed(try assessed(Identifier("final")!))))
        }
        chain.append(
          enrolment(
            ids[0],
            .completed(EnrolmentCompleted(seat: seat, result: outcome, score: hundredths))))
      } else {
        chain.append(enrolment(ids[0], .notCompleted(EnrolmentNotCompleted(seat: seat))))
      }
    case .achieved, .forfeited: chain.append(try credential(ids[0], context))
    case .voided: break
    }
    return chain
  }

  private func proposal(
    _ id: EventID, _ stream: StreamID, _ context: StatementContext, _ body: Proposal.Body
  ) -> Proposal {
    Proposal(
      eventID: id, stream: stream, effective: day,
      source: Source(system: context.system, reference: Statement.reference(statement.id)),
      body: body)
  }

  private var hundredths: UInt32? { statement.score.hundredths }

  /// The statement's own, which is the platform's of that day, before the map's; zero: not known.
  private var passMark: UInt32 {
    // fits: a mastery score is from 0 to 1
    statement.masteryScore.map { UInt32(($0 * 10_000).rounded()) } ?? entry.passMark
  }

  /// Nobody can tell which of the two is meant.
  private func refuseContradiction() throws(LeftOut) {
    let said: String? =
      switch act {
      case .completed where statement.completion == false: "not completed"
      case .passed where statement.success == false: "failed"
      case .failed where statement.success == true: "passed"
      case .completed, .passed, .failed, .enrolled, .left, .scored, .attempted, .attended,
        .achieved, .forfeited, .answered, .satisfied, .waived, .voided:
        nil
      }
    guard let said else { return }
    throw LeftOut(
      .contradictoryResult,
      "Its verb says \(act), and its result says \(said): ask the platform which is so.")
  }

  /// What was recorded in spite of a doubt, as a code and a sentence.
  package var doubts: [(code: String, sentence: String)] {
    var doubts: [(code: String, sentence: String)] = []
    if let doubt = statement.score.doubt { doubts.append(("score_doubtful", doubt)) }
    if act == .passed || statement.success == true, passMark > 0,
      statement.score.reaches(passMark) == false
    {
      let isPassed = entry.assessment == nil && act == .passed
      doubts.append(
        (
          "result_doubtful",
          "It says that it was passed, with a score below the pass mark of "
            + "\(Double(passMark) / 100) %: it was recorded as \(isPassed ? "passed" : "failed")."
        ))
    }
    return doubts
  }

  /// What is said of the course itself; nil: not completed.
  private func outcome() throws(LeftOut) -> CompletionResult? {
    switch act {
    case .failed: return nil
    case .passed: return .passed
    case .completed, .satisfied, .waived:
      if statement.success == false { return nil }
      if passMark > 0, let reaches = statement.score.reaches(passMark) {
        return reaches ? .passed : nil
      }
      // A platform's completion may rest on having been there alone.
      return statement.success == true || entry.mode != nil ? .passed : .attended
    case .enrolled, .left, .scored, .attempted, .answered, .attended, .achieved, .forfeited,
      .voided:
      throw LeftOut(
        .noResult, "It says neither that the course was completed nor that it was not.")
    }
  }

  private func assessed(_ code: Identifier) throws(LeftOut) -> EnrolmentAssessed {
    let failed = act == .failed || statement.success == false
    let passed =
      act == .passed || act == .satisfied || act == .waived || statement.success == true
    guard let mode = entry.mode else {
      throw LeftOut(.contradictoryActivity, "The activities map gives the assessment no mode.")
    }
    guard hundredths != nil || passed || failed else {
      throw LeftOut(.noResult, "It says no result.")
    }
    // Without both, a failed assessment would read as one that was passed.
    guard !failed || hundredths.map({ $0 < passMark }) ?? false else {
      throw LeftOut(
        .noScore,
        "It says failed, which is recorded by a score below the pass mark: give the mark in the "
          + "activities map, on line \(entry.line).")
    }
    guard let assessment = Identifier(code.text + "." + statement.id.prefix(8)) else {
      throw LeftOut(
        .contradictoryActivity,
        "The assessment's code is too long to be told by its statements: give it at most "
          + "\(Identifier.lengthMax - 9) letters in the activities map, on line \(entry.line).")
    }
    return EnrolmentAssessed(
      assessment: assessment, mode: mode,
      score: hundredths, passMark: passMark)
  }

  private func attended() throws(LeftOut) -> EnrolmentAttended {
    guard case .activity(let activity, _) = statement.object else {
      throw LeftOut(.unknownActivity, "Its object is no activity.")
    }
    let said = statement.seconds.map { ($0 / 60).rounded(.up) } ?? 0
    guard said <= 1440 else {
      throw LeftOut(.malformed, "Nobody attends a session of more than a day.")
    }
    // fits: at most 1440
    guard let minutes = said > 0 ? UInt32(said) : entry.minutes else {
      throw LeftOut(
        .noMinutes,
        "It does not say how long: give the session's minutes in the activities map, on line "
          + "\(entry.line).")
    }
    // A module has many sessions; on one day it has one.
    let session = DerivedID.key("session", activity, day.text)
    return EnrolmentAttended(
      // sure: 12 hexadecimal digits
      session: Identifier("s-" + session.text.prefix(12))!, minutes: minutes)
  }

  private func credential(
    _ id: EventID, _ context: StatementContext
  ) throws(LeftOut) -> Proposal {
    guard case .activity(let activity, _) = statement.object else {
      throw LeftOut(.unknownActivity, "Its object is no activity.")
    }
    let issuer = entry.issuer ?? context.cohort.terms.organisation
    let number = try number(of: activity, to: context)
    let stream = StreamID(.credential, DerivedID.key("credential", issuer.text, number))
    if act == .forfeited {
      var revoked = proposal(id, stream, context, .credential(.revoked(CredentialRevoked())))
      revoked.reason = Identifier("forfeited")
      return revoked
    }
    return proposal(
      id, stream, context,
      .credential(
        .issued(
          CredentialIssued(
            holder: context.officer, issuer: issuer, number: number,
            courses: [context.cohort.terms.course], awardedOn: day, validFrom: day,
            evidence: context.completion.map { [$0] } ?? []))))
  }

  /// A certificate's own code; a badge is one activity for all who have it, so its number follows
  /// from whose it is.
  private func number(
    of activity: String, to context: StatementContext
  ) throws(LeftOut) -> String {
    if let code = entry.code {
      guard code.utf8.count <= 64 else {
        throw LeftOut(.malformed, "The certificate's code is longer than 64 characters.")
      }
      return code
    }
    if let query = activity.split(separator: "?", maxSplits: 1).dropFirst().first {
      for part in query.split(separator: "&") where part.hasPrefix("code=") {
        let code = String(part.dropFirst(5))
        guard !code.isEmpty, code.utf8.count <= 64 else {
          throw LeftOut(.malformed, "The certificate's code is empty or longer than 64 characters.")
        }
        return code
      }
    }
    let key = DerivedID.key("badge", context.system.text, activity, context.officer.text)
    return "badge-" + key.text.prefix(16)
  }
}
