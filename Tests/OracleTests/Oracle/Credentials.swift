import Messages
import Registry

/// A credential's own history on a day: what the dates make of it comes after.
struct Paperwork {
  var issued: CredentialIssued
  var act: CredentialStatus?
  /// The fact by which it is as it is.
  var by: Fact
  var recognisedBy: Identifier?
  var supersededBy: Identifier?
}

/// What a credential is worth on a day.
struct Worth {
  var status: CredentialStatus
  var since: Day
  var by: Fact
}

extension Ledger {
  func paperwork(_ credential: StreamID, _ day: Day) -> Paperwork? {
    once("paperwork", credential.text, day) {
      var paperwork: Paperwork?
      for fact in history(credential, day) {
        guard case .credential(let event) = fact.body else { continue }
        if case .issued(let given) = event {
          paperwork = paperwork ?? Paperwork(issued: given, by: fact)
          continue
        }
        guard var next = paperwork else { continue }
        let isOver = next.act == .revoked || next.act == .superseded
        func turn(_ act: CredentialStatus?) {
          guard !isOver, next.act != act else { return }
          next.act = act
          next.by = fact
        }
        switch event {
        case .issued: break
        case .suspended: turn(.suspended)
        case .reinstated: turn(nil)
        case .renewed(let given):
          guard !isOver, let until = next.issued.validUntil else { break }
          // What had run out is valid again from the renewal on.
          if next.act == nil, until.adding(days: 1) < fact.day { next.by = fact }
          next.issued.validUntil = given.validUntil
        case .superseded(let given):
          if !isOver { next.supersededBy = given.by }
          turn(.superseded)
        case .revoked: turn(.revoked)
        case .recognised(let given): next.recognisedBy = given.by
        case .recognitionWithdrawn: next.recognisedBy = nil
        }
        paperwork = next
      }
      return paperwork
    }
  }

  /// *`expired` and `not_yet_valid` are never events: they follow from dates and the day asked
  /// about.*
  func worth(_ paperwork: Paperwork, _ day: Day) -> Worth {
    let (issued, by) = (paperwork.issued, paperwork.by)
    if let act = paperwork.act { return Worth(status: act, since: by.day, by: by) }
    if day < issued.validFrom { return Worth(status: .notYetValid, since: by.day, by: by) }
    if let until = issued.validUntil, until < day {
      return Worth(status: .expired, since: until.adding(days: 1), by: by)
    }
    return Worth(status: .valid, since: max(issued.validFrom, by.day), by: by)
  }

  func credentials(of person: Identifier, _ day: Day) -> [(stream: StreamID, state: Paperwork)] {
    once("credentials", person.text, day) {
      own(.credential, of: person, day, paperwork) { $0.issued.holder }
    }
  }

  /// The evidence that a credential cites and that stands as the holder's on a day.
  func resting(_ paperwork: Paperwork, of person: Identifier, _ day: Day) -> [Ground] {
    evidence(of: person, day).filter { ground in
      paperwork.issued.evidence.contains { isMeant(ground, by: $0) }
    }
  }

  /// *A credential whose evidence was voided shows `evidence_withdrawn` in the next answer.*
  func isWithdrawn(_ paperwork: Paperwork, of person: Identifier, _ day: Day) -> Bool {
    let standing = evidence(of: person, day)
    return paperwork.issued.evidence.contains { cited in
      !standing.contains { isMeant($0, by: cited) }
    }
  }

  func isUnrecognised(_ grounds: [Ground]) -> Bool {
    grounds.contains { ground in
      ground.place.map { !isRecognised($0.cohort, ground.fact.day) } ?? false
    }
  }

  /// What VerifyCredential says.
  func verified(_ credential: StreamID, _ day: Day) -> [String] {
    guard let paperwork = paperwork(credential, day) else { return ["status unknown"] }
    let worth = worth(paperwork, day)
    let person = owner(credential, paperwork.issued.holder, day)
    let issued = paperwork.issued
    var lines = [
      "status \(worth.status.name)", "since \(worth.since.text)", "holder \(person.text)",
      "issuer \(issued.issuer.text)", "number \(issued.number)",
      "courses \(Words.list(issued.courses))", "skills \(Words.list(issued.skills))",
      "awarded \(issued.awardedOn.text)", "from \(issued.validFrom.text)",
      "until \(Words.day(issued.validUntil))", "by event \(worth.by.position)",
      // A date has no reason.
      "reason \((worth.status == .expired ? nil : worth.by.said.reason?.text) ?? "none")",
    ]
    // Nobody is there any more whose it is.
    if history(StreamID(.officer, person)).isEmpty { lines.append("holder voided") }
    if isWithdrawn(paperwork, of: person, day) { lines.append("evidence withdrawn") }
    if isUnrecognised(resting(paperwork, of: person, day)) { lines.append("unrecognised") }
    if let by = paperwork.recognisedBy { lines.append("recognised by \(by.text)") }
    if let by = paperwork.supersededBy { lines.append("superseded by \(by.text)") }
    return lines
  }

  /// The credential that stands under an issuer's number on a day.
  func credential(_ issuer: Identifier, _ number: String, _ day: Day) -> StreamID? {
    Set(facts.map(\.stream)).filter { $0.kind == .credential }.sorted { $0.text < $1.text }.first {
      let issued = paperwork($0, .distantFuture)?.issued
      return issued?.issuer == issuer && issued?.number == number
    }
  }
}

/// What the oracle and the registry's answers are both written out in.
enum Words {
  static func list(_ ids: [Identifier]) -> String { ids.map(\.text).joined(separator: ",") }
  static func list(_ skills: [SkillLevel]) -> String { skills.map(skill).joined(separator: ",") }
  static func list(_ ids: [EventID]) -> String { ids.map(\.text).joined(separator: ",") }
  static func skill(_ skill: SkillLevel) -> String {
    "\(skill.framework.text)/\(skill.skill.text)>=\(skill.level)"
  }
  static func day(_ day: Day?) -> String { day?.text ?? "none" }
  static func posting(_ posting: Posting?) -> String {
    guard let posting else { return "nowhere" }
    return [
      posting.organisation.text, posting.position?.text, posting.cadre?.text, posting.grade?.text,
      posting.county?.text,
    ].map { $0 ?? "-" }.joined(separator: " ")
  }
}
