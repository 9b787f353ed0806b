import Messages
import Registry

/// One reason to say that somebody has a skill, as of a day.
struct Reason {
  var skill: SkillLevel
  var strength: Strength
  var since: Day
  var evidence: [EventID]
  var holding: Holding
  var lapsedOn: Day?
  var isUnrecognised = false

  /// *Credential suspended → held, flagged*: what is flagged is held.
  var isHeld: Bool { holding == .held || holding == .flagged }
}

/// *What a skill rests on (the first policy; a later one is an event).*
extension Ledger {
  /// What stands behind a ground makes of it, by the policy of the day.
  private func holding(_ backing: Backing, _ day: Day) -> Holding {
    if let rule = policy(day)?.backings.last(where: { $0.backing == backing }) {
      return rule.holding
    }
    switch backing {
    // *Completion stands and credential valid, or no credential issued → held.*
    case .none, .valid: return .held
    // What is not valid yet is as good as not issued yet.
    case .notYetValid: return .held
    case .suspended: return .flagged
    case .expired: return .lapsed
    case .revoked, .superseded, .evidenceWithdrawn: return .notHeld
    }
  }

  private func backing(_ status: CredentialStatus) -> Backing {
    switch status {
    case .valid, .unknown: .valid
    case .notYetValid: .notYetValid
    case .suspended: .suspended
    case .revoked: .revoked
    case .expired: .expired
    case .superseded: .superseded
    }
  }

  /// The credential that is worth most of those that rest on a fact.
  private func backing(
    _ facts: [Fact], among credentials: [(stream: StreamID, state: Paperwork)], _ day: Day
  ) -> (backing: Backing, since: Day?) {
    let worths = credentials.filter { credential in
      credential.state.issued.evidence.contains { cited in
        facts.contains { isMeant($0, by: cited) }
      }
    }.map { worth($0.state, day) }
    // Of several that ran out, it was held until the last of them did.
    func first(_ status: CredentialStatus) -> (backing: Backing, since: Day?)? {
      worths.filter { $0.status == status }.map(\.since).max().map { (backing(status), $0) }
    }
    if let good = first(.valid) ?? first(.suspended) ?? first(.expired) { return good }
    // What is not valid yet takes nothing from what it rests on: *no credential issued → held*.
    if first(.notYetValid) != nil { return first(.revoked) ?? (.none, nil) }
    return first(.superseded) ?? first(.revoked) ?? (.none, nil)
  }

  /// What an assessment is worth: *proctored > practical > portfolio > prior_learning > unproctored
  /// > attended > claimed*.
  static func strength(_ mode: AssessmentMode) -> Strength {
    switch mode {
    case .proctored: .proctored
    case .practical: .practical
    case .portfolio: .portfolio
    case .unproctored: .unproctored
    }
  }

  /// The strongest assessment that stands and was passed: by its own mark, or the course's, or the
  /// policy's.
  func strength(_ place: Place, _ day: Day) -> Strength {
    if isBelowMark(place) { return .attended }
    let passed = place.marks.values.filter { isPassed($0, place, day) }
    return passed.map { Self.strength($0.mode) }.max { $0.rawValue < $1.rawValue } ?? .attended
  }

  private func isPassed(_ mark: Place.Mark, _ place: Place, _ day: Day) -> Bool {
    let edition = plan(place.cohort).flatMap(edition)
    let policys = policy(day)?.passMarks.last { $0.mode == mark.mode }?.passMark ?? 0
    let marks: [UInt32] = [mark.passMark, edition?.passMark ?? 0, policys]
    let needed = marks.first { $0 > 0 } ?? 0
    return mark.counts && (mark.score.map { $0 >= needed } ?? true)
  }

  /// The score of the whole is below the least mark that the assessments name, or the course's.
  private func isBelowMark(_ place: Place) -> Bool {
    guard let score = place.score else { return false }
    let named = place.marks.values.filter { $0.counts && $0.passMark > 0 }.map(\.passMark)
    return score < named.min() ?? plan(place.cohort).flatMap(edition)?.passMark ?? 0
  }

  /// Said to be passed, though its score or every assessment of it that stands is below its mark.
  func contradictsItsMark(_ place: Place, _ day: Day) -> Bool {
    guard place.status == .completed, let result = place.result, result != .attended else {
      return false
    }
    if isBelowMark(place) { return true }
    let standing = place.marks.values.filter(\.counts)
    return !standing.isEmpty && !standing.contains { isPassed($0, place, day) }
  }

  private func taught(_ courses: [Identifier], _ day: Day) -> [SkillLevel] {
    courses.flatMap { editions($0, day).last?.outcomes ?? [] }
  }

  func reasons(of person: Identifier, _ day: Day) -> [Reason] {
    once("reasons", person.text, day) {
      var reasons: [Reason] = []
      let credentials = credentials(of: person, day)
      let months = Int(policy(day)?.validityMonths ?? 0)
      func add(
        _ skills: [SkillLevel], _ strength: Strength, _ since: Day, _ evidence: [EventID],
        _ backing: Backing, _ backedSince: Day?, isUnrecognised: Bool = false
      ) {
        var holding = holding(backing, day)
        var lapsedOn = holding == .lapsed ? backedSince ?? since : nil
        if backing == .none, months > 0, holding != .notHeld, since.adding(months: months) <= day {
          (holding, lapsedOn) = (.lapsed, since.adding(months: months))
        }
        guard holding != .notHeld else { return }
        for skill in skills {
          reasons.append(
            Reason(
              skill: skill, strength: strength, since: since, evidence: evidence, holding: holding,
              lapsedOn: lapsedOn, isUnrecognised: isUnrecognised))
        }
      }
      for (_, place) in places(of: person, day) where place.status == .completed {
        guard let fact = place.completed, let edition = plan(place.cohort).flatMap(edition) else {
          continue
        }
        let (backing, since) = backing([fact] + place.saidAgain, among: credentials, day)
        add(
          edition.outcomes, strength(place, day), fact.day, [fact.id], backing, since,
          isUnrecognised: !isRecognised(place.cohort, fact.day))
      }
      for (_, handed) in papers(of: person, day) where handed.status == .verified {
        guard let fact = handed.verified else { continue }
        var (backing, since) = backing([fact], among: credentials, day)
        if let until = handed.paper.validUntil, until < day {
          (backing, since) = (.expired, until.adding(days: 1))
        }
        let paper = handed.paper
        add(
          paper.skills + taught(paper.courses, paper.awardedOn ?? day),
          paper.assessment.map(Self.strength) ?? .portfolio, handed.since, [fact.id], backing, since
        )
      }
      for (_, claimed) in claims(of: person, day) {
        if claimed.status == .endorsed {
          add([claimed.claim.skill], .claimed, claimed.since, [], .none, nil)
        } else if claimed.status == .recognised, let fact = claimed.recognised {
          let (backing, since) = backing([fact], among: credentials, day)
          add([claimed.claim.skill], .priorLearning, claimed.since, [fact.id], backing, since)
        }
      }
      for (_, paperwork) in credentials {
        let (issued, worth) = (paperwork.issued, worth(paperwork, day))
        // What is not valid yet says nothing itself.
        guard worth.status != .notYetValid else { continue }
        let resting = resting(paperwork, of: person, day)
        let strengths = resting.map { ground in
          if let place = ground.place { return strength(place, day) }
          guard let paper = ground.paper else { return Strength.priorLearning }
          return paper.assessment.map(Self.strength) ?? .portfolio
        }
        add(
          issued.skills + (issued.evidence.isEmpty ? taught(issued.courses, issued.awardedOn) : []),
          strengths.max { $0.rawValue < $1.rawValue } ?? .attended, issued.validFrom,
          issued.evidence,
          isWithdrawn(paperwork, of: person, day) ? .evidenceWithdrawn : backing(worth.status),
          worth.since, isUnrecognised: isUnrecognised(resting))
      }
      return reasons
    }
  }

  /// The order in which reasons for one skill are told: held before flagged before lapsed, then the
  /// highest level, then the weightiest, then the earliest, then what lapsed last, then what is
  /// recognised.
  private func inOrder(_ reasons: [Reason], _ day: Day) -> [Reason] {
    func weight(_ strength: Strength) -> UInt32 {
      policy(day)?.weights.last { $0.strength == strength }?.weight ?? strength.rawValue
    }
    func places(_ reason: Reason) -> [UInt64] {
      [
        UInt64(reason.holding.rawValue), UInt64(UInt32.max - reason.skill.level),
        UInt64(UInt32.max - weight(reason.strength)),
        UInt64(UInt32.max - reason.strength.rawValue), UInt64(reason.since.number),
        UInt64(UInt32.max - (reason.lapsedOn ?? .distantFuture).number),
        reason.isUnrecognised ? 1 : 0,
      ]
    }
    return reasons.sorted {
      let (a, b) = (places($0), places($1))
      return a == b
        ? $0.evidence.map(\.text).lexicographicallyPrecedes($1.evidence.map(\.text))
        : a.lexicographicallyPrecedes(b)
    }
  }

  func told(_ reasons: [Reason], _ day: Day) -> Reason? { inOrder(reasons, day).first }

  /// The lines of one skill: the best, and what reaches further though it is worth less, so that a
  /// higher level that is flagged is not hidden by a lower one that is held.
  private func lines(_ reasons: [Reason], _ day: Day) -> [String] {
    var reached: UInt32 = 0
    return inOrder(reasons, day).filter { reason in
      defer { reached = max(reached, reason.skill.level) }
      return reason.skill.level > reached
    }.map { "skill " + line($0) }
  }

  private func of(_ skill: SkillLevel) -> (Reason) -> Bool {
    { $0.skill.framework == skill.framework && $0.skill.skill == skill.skill }
  }

  func line(_ reason: Reason) -> String {
    "\(reason.skill.framework.text)/\(reason.skill.skill.text) level \(reason.skill.level) "
      + "\(reason.holding.name) \(reason.strength.name) since \(reason.since.text) lapsed "
      + "\(Words.day(reason.lapsedOn)) by \(Words.list(reason.evidence))"
      + (reason.isUnrecognised ? " unrecognised" : "")
  }

  /// A person's skills as a profile lists them.
  func skills(of person: Identifier, _ day: Day) -> [String] {
    let reasons = reasons(of: person, day)
    var seen: Set<String> = []
    return reasons.filter {
      seen.insert($0.skill.framework.text + "/" + $0.skill.skill.text).inserted
    }
    .flatMap { lines(reasons.filter(of($0.skill)), day) }
  }

  /// *HasSkill (officer, skill, level, day) → yes/no and evidence ids, nothing else.*
  func has(_ officer: Identifier, _ skill: SkillLevel, _ day: Day) -> [String] {
    guard officers.contains(officer) else { return ["there is no officer"] }
    guard record(survivor(officer, day), day) != nil else { return ["no"] }
    let good = reasons(of: survivor(officer, day), day).filter {
      of(skill)($0) && $0.isHeld && $0.skill.level >= skill.level
    }
    guard let told = told(good, day) else { return ["no"] }
    return ["yes by \(Words.list(told.evidence))"]
  }

  /// FindOfficers: who serves and has all of it.
  func found(
    _ skills: [SkillLevel], in organisation: Identifier?, below: Bool, county: Identifier?,
    atLeast strength: Strength?, _ day: Day
  ) -> [String] {
    people(day).compactMap { person in
      guard let record = record(person, day), record.serves else { return nil }
      if let organisation {
        guard let posted = record.posting?.organisation,
          below ? isBelow(posted, organisation, day) : posted == organisation
        else { return nil }
      }
      if let county, record.posting?.county != county { return nil }
      let reasons = reasons(of: person, day)
      var lines: [String] = []
      for skill in skills {
        let good = reasons.filter {
          of(skill)($0) && $0.isHeld && $0.skill.level >= skill.level
            && $0.strength.rawValue >= (strength ?? .claimed).rawValue
        }
        guard let told = told(good, day) else { return nil }
        lines.append(line(told))
      }
      return "\(person.text) \(Words.posting(record.posting)): " + lines.joined(separator: "; ")
    }
  }

  /// What somebody lacks of what the position and cadre ask.
  func gap(of person: Identifier, position: Identifier?, _ day: Day) -> [String] {
    guard let record = record(person, day) else { return [] }
    let wanted = requirements(
      position: position ?? record.posting?.position, cadre: record.posting?.cadre, day)
    let reasons = reasons(of: person, day)
    return wanted.map { skill in
      let good = reasons.filter {
        of(skill)($0) && $0.isHeld && $0.skill.level >= skill.level
      }
      // What there is instead says how much is lacking.
      let told = told(good.isEmpty ? reasons.filter(of(skill)) : good, day)
      return "\(person.text) \(Words.skill(skill)) \(good.isEmpty ? "lacked" : "met"), "
        + (told.map(line) ?? "not at all")
    }
  }

  /// Everybody who serves in an organisation or below.
  func gap(in organisation: Identifier, _ day: Day) -> [String] {
    people(day).filter { person in
      guard let record = record(person, day), record.serves else { return false }
      return record.posting.map { isBelow($0.organisation, organisation, day) } ?? false
    }.flatMap { gap(of: $0, position: nil, day) }
  }

  /// All that a profile says, but for titles.
  func profile(_ officer: Identifier, _ day: Day) -> [String] {
    let person = survivor(officer, day)
    guard let record = record(person, day) else { return ["nobody"] }
    var lines = [
      "officer \(person.text)", "standing \(record.status.name)",
      "posting \(Words.posting(record.posting))",
      "merged \(Words.list(merged(into: person, day)))", "policy \(policy(day)?.version ?? 1)",
    ]
    lines += skills(of: person, day)
    for (stream, place) in places(of: person, day) {
      let plan = plan(place.cohort)
      let completed = place.completed.map {
        "\($0.day.text) event \($0.position) \(place.result?.name ?? "-") \(place.score.map(String.init) ?? "-")"
      }
      let isUnrecognised = place.completed.map { !isRecognised(place.cohort, $0.day) } ?? false
      lines.append(
        "training \(stream.key.text) in \(place.cohort.text) of \(plan?.course.text ?? "-") "
          + "\(plan?.edition ?? 0) by \(plan?.organisation.text ?? "-") \(place.status.name) since "
          + "\(place.since.text) completed \(completed ?? "no") awards \(Words.list(place.awards))"
          + " under \(Words.list(agreements(of: place, day)))"
          + (isUnrecognised ? " unrecognised" : ""))
    }
    for (stream, paperwork) in credentials(of: person, day) {
      let worth = worth(paperwork, day)
      lines.append(
        "credential \(stream.key.text) \(worth.status.name) since \(worth.since.text) "
          + "\(paperwork.issued.issuer.text) \(paperwork.issued.number) until "
          + "\(Words.day(paperwork.issued.validUntil)) recognised by "
          + "\(paperwork.recognisedBy?.text ?? "nobody")"
          + (isWithdrawn(paperwork, of: person, day) ? " evidence withdrawn" : ""))
    }
    for (stream, handed) in papers(of: person, day) {
      lines.append(
        "paper \(stream.key.text) \(handed.status.name) since \(handed.since.text)")
    }
    for (stream, claimed) in claims(of: person, day) {
      lines.append(
        "claim \(stream.key.text) \(claimed.status.name) \(Words.skill(claimed.claim.skill)) since "
          + claimed.since.text)
    }
    return lines
  }
}
