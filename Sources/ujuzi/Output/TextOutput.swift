import Foundation
import Messages
import Registry

/// Formats answers as text, for a person.
enum TextOutput {
  static func posting(_ posting: Posting?) -> String {
    guard let posting else { return "no posting" }
    return [
      posting.organisation, posting.position, posting.cadre, posting.grade, posting.county,
      posting.category,
    ].compactMap { $0?.text }.joined(separator: ", ")
  }

  static func skill(_ line: SkillLine) -> String {
    var text =
      "\(line.framework.text)/\(line.skill.text) level \(line.level), \(line.strength.name)"
    if let since = line.since { text += ", since \(since.text)" }
    switch line.holding {
    case .held: break
    case .flagged: text += ", FLAGGED: its credential is suspended"
    case .lapsed: text += ", LAPSED on \(line.lapsedOn?.text ?? "?")"
    case .notHeld: text += ", NOT HELD"
    }
    if let from = line.carriedFrom, from.framework == line.framework {
      text +=
        ", held as \(from.framework.text)/\(from.skill.text) level \(from.level), which it replaced"
    } else if let from = line.carriedFrom {
      text += ", carried over from \(from.framework.text)/\(from.skill.text) level \(from.level)"
      text += " (\(from.relation.name) match)"
    }
    if let by = line.replacedBy {
      text += ", replaced by \(by.text)"
    } else if line.deprecated {
      text += ", deprecated"
    }
    if line.unrecognised { text += ", unrecognised training" }
    return text
  }

  static func profile(_ reply: GetProfileReply) -> String? {
    guard let officer = reply.officer else { return nil }
    var lines = [
      "officer \(officer.text): \(reply.standing?.name ?? "?"), \(posting(reply.posting))"
    ]
    lines.append("skills (by policy \(reply.policyVersion), which says what a skill rests on)")
    if reply.skills.isEmpty { lines.append("  none") }
    for line in reply.skills {
      lines.append("  " + skill(line) + (line.title.isEmpty ? "" : "  \(Output.plain(line.title))"))
    }
    lines.append("trainings")
    if reply.trainings.isEmpty { lines.append("  none") }
    for line in reply.trainings { lines.append("  " + training(line)) }
    lines.append("credentials")
    if reply.credentials.isEmpty { lines.append("  none") }
    for line in reply.credentials { lines.append("  " + credential(line)) }
    for line in reply.submissions {
      lines.append(
        "  paper \(line.submission.text): \(line.status.name), \(Output.plain(line.title))")
    }
    if !reply.claims.isEmpty { lines.append("claims") }
    for line in reply.claims {
      lines.append(
        "  \(line.claim.text): "
          + (line.skill.map { "\($0.framework.text)/\($0.skill.text) level \($0.level), " } ?? "")
          + line.status.name + (line.since.map { " since \($0.text)" } ?? ""))
    }
    return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
  }

  /// What was taught is known from the cohort and its course: where one of these does not stand,
  /// it is not the centre's authorisation that is missing.
  private static func training(_ line: TrainingLine) -> String {
    var text: String
    var isPlanKnown = true
    if let course = line.course, !line.title.isEmpty {
      text = "\(Output.plain(line.title)) (\(course.text) ed. \(line.edition))"
      text += ", \(line.organisation?.text ?? "?")"
    } else if let course = line.course {
      text = "\(course.text) ed. \(line.edition), which does not stand (voided?)"
      text += ", \(line.organisation?.text ?? "?")"
      isPlanKnown = false
    } else {
      text = "cohort \(line.cohort.text), which does not stand (voided?)"
      isPlanKnown = false
    }
    text += ": \(line.status.name)"
    if let completion = line.completion {
      text += ", \(completion.result.name) on \(completion.day.text)"
      if let score = completion.score { text += ", " + percent(UInt64(score)) }
    }
    if line.belowPassMark { text += ", BELOW THE PASS MARK" }
    if line.unrecognised {
      text +=
        isPlanKnown
        ? ", UNRECOGNISED: no authorisation covered it that day"
        : ", nothing says what was taught, nor whether it was authorised"
    }
    // The mark has a word of its own above.
    text += flags(line.findings.filter { $0 != .belowPassMark })
    if !line.agreements.isEmpty {
      text += ", under " + line.agreements.map(\.text).joined(separator: ", ")
    }
    if !line.awards.isEmpty {
      text += ", award " + line.awards.map(\.text).joined(separator: ", ")
    }
    return text
  }

  static func credential(_ line: CredentialLine) -> String {
    var text = "\(line.credential.text): \(line.status.name)"
    if let by = line.supersededBy { text += " by \(by.text)" }
    text += ", \(line.issuer?.text ?? "?") "
    text += Output.plain(line.number)
    if let until = line.validUntil { text += ", until \(until.text)" }
    if let by = line.recognisedBy { text += ", recognised by \(by.text)" }
    if line.evidenceWithdrawn { text += ", WHAT IT RESTS ON DOES NOT STAND" }
    return text + flags(line.findings)
  }

  /// What nobody settled yet.
  private static func flags(_ findings: [FindingKind]) -> String {
    findings.isEmpty
      ? "" : ", FLAGGED: " + findings.map { sentence(of: $0) }.joined(separator: "; ")
  }

  /// How a fact contradicts another, in a few words.
  private static func sentence(of kind: FindingKind) -> String {
    switch kind {
    case .dayToCome: "of a day that is yet to come"
    case .dayLongPast: "of a day long past"
    case .beforeService: "before the officer was registered"
    case .afterDeath: "after the officer's death"
    case .awardedAfterDeath: "awarded after the officer's death"
    case .afterSeparation: "after the officer left the service"
    case .belowPassMark: "passed below the pass mark"
    case .failedAbovePassMark: "failed above the pass mark"
    case .evidenceLater: "what it rests on came later"
    case .validBeforeAward: "valid before it was awarded"
    case .prerequisiteNotMet: "without what comes first"
    case .deprecatedSkill: "names a deprecated skill"
    case .creditsAgainstHours: "other credits than its hours make"
    case .documentOfTwo: "the document is another's too"
    case .numberOfTwo: "the number is another's too"
    case .idIsNumber: "the record's id is the officer's number"
    case .successorOfAnother: "superseded by another holder's"
    case .nonCompliantBeforeDue: "non-compliant before it was due"
    case .beforeCohort: "before its cohort starts"
    case .trainingGone: "its cohort or course does not stand"
    }
  }

  static func verification(_ reply: VerifyCredentialReply) -> String {
    var lines = [
      "status     \(reply.status.name)\(reply.since.map { ", since \($0.text)" } ?? "")"
        + (reply.reason.map { ", reason \($0.text)" } ?? "")
    ]
    if reply.status != .unknown {
      lines.append(
        "credential \(reply.credential?.text ?? "?"), number \(Output.plain(reply.number))")
      if !reply.writtenAs.isEmpty {
        lines.append("note       it is written \(Output.plain(reply.writtenAs)), not as asked for")
      }
      lines.append("issuer     \(reply.issuer?.text ?? "?")")
      lines.append(
        "for        \((reply.courses.map(\.text) + reply.skills.map { "\($0.framework.text)/\($0.skill.text) level \($0.level)" }).joined(separator: ", "))"
      )
      lines.append(
        "validity   \(reply.validFrom?.text ?? "?") to \(reply.validUntil?.text ?? "no end")")
      lines.append(
        "recognised "
          + (reply.recognisedBy.map { "by \($0.text)" }
            ?? "by no ministry, which validity does not need"))
      if let by = reply.supersededBy { lines.append("replaced   by \(by.text)") }
      if let match = reply.holderMatches { lines.append("holder     matches: \(match.name)") }
      if reply.holderVoided {
        lines.append(
          "WARNING    the holder's registration was voided: nobody is registered whose it is")
      }
      if reply.evidenceWithdrawn {
        lines.append(
          "WARNING    what it rests on does not stand that day: it was withdrawn, or took effect later"
        )
      }
      for kind in reply.findings { lines.append("FLAGGED    \(sentence(of: kind))") }
      if reply.unrecognised {
        lines.append(
          "note       no authorisation covered this training that day, or its course or cohort "
            + "does not stand")
      }
    }
    return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
  }

  static func percent(_ hundredths: UInt64) -> String {
    "\(hundredths / 100)" + (hundredths % 100 == 0 ? "" : ".\(hundredths % 100)") + " %"
  }

  static func count(_ count: Count) -> String {
    switch count {
    case .exactly(let number): "\(number)"
    case .atLeast(let number): "at least \(number)"
    case .about(let number): "about \(number)"
    case .words(let words): "\"\(Output.plain(words))\""
    }
  }

  /// One event of the log, on one line.
  static func event(_ bytes: [UInt8]) throws -> String {
    let recorded = try Codec.decode(Recorded.self, from: bytes)
    let proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
    var text = "\(recorded.position)  \(proposal.effective.text)  \(proposal.stream.text)"
    text += " v\(recorded.version)  \(name(proposal.body))"
    if let corrects = proposal.corrects { text += " of \(corrects.text)" }
    if let reason = proposal.reason { text += ", reason \(reason.text)" }
    let recordedAt = Date(timeIntervalSince1970: Double(recorded.recordedAtMs) / 1000)
    text += "  (recorded \(recordedAt.formatted(.iso8601)), id \(proposal.eventID.text))"
    return text
  }

  static func name(_ body: Proposal.Body) -> String { body.eventName }
}
