import Messages
import Registry

/// What an example does not come to by itself, since it is rejected without terms of its own: parties
/// to an agreement, a claim to reconcile, an assessment to speak of.
extension EveryEvent {
  static var withTerms: [Proposal] {
    registry + institutions + agreements + trainings + skills + mandates
  }

  private static func source(
    _ stream: String, _ on: String, _ body: Proposal.Body
  ) -> Proposal {
    Fixture.proposal(stream, on, body, source: true)
  }

  private static var registry: [Proposal] {
    let asked = SkillLevel(framework: id("x-skills"), skill: id("old"), level: 1)
    let odd = source(
      "course/x-odd", "2022-01-01",
      .course(
        .published(
          .init(edition: 1, title: "Odd", track: .technical, hours: 40, credits: 20))))
    var settled = source(
      "registry/ke", "2024-06-02",
      .registry(
        .findingSettled(
          .init(finding: .creditsAgainstHours, event: odd.eventID, outcome: .accepted))))
    settled.reason = id("as_printed")
    return [
      odd, settled,
      source(
        "framework/x-skills", "2022-01-01",
        .framework(
          .published(
            .init(
              title: "Example", version: "1",
              skills: ["old", "new"].map { Skill(code: id($0), title: $0, levels: 3) })))),
      source(
        "registry/ke", "2024-06-01",
        .registry(.requirementSet(.init(whose: .cadre(id("x-cadre")), skills: [asked])))),
      source(
        "registry/ke", "2024-06-02",
        .registry(.categoryDefined(.init(code: id("x-civil"), title: "Civil servants")))),
      source(
        "framework/x-skills", "2024-07-01", .framework(.skillDeprecated(.init(skill: id("new"))))),
      source(
        "programme/x-pilot", "2022-01-01",
        .programme(
          .opened(
            .init(terms: ProgrammeTerms(title: "Pilot", organisation: id("example")))))),
      source("programme/x-pilot", "2022-02-01", .programme(.pilotDeclared(.init()))),
      source("programme/x-pilot", "2022-08-01", .programme(.pilotConcluded(.init()))),
    ]
  }

  private static var institutions: [Proposal] {
    let parts = ["x-part1", "x-part2"]
    return parts.map { Fixture.organisation($0) } + [
      Fixture.organisation("x-whole", [.school, .employer]),
      source(
        "organisation/x-whole", "2022-01-01",
        .organisation(.roleEnded(.init(role: .school)))),
      source(
        "organisation/x-whole", "2023-01-01",
        .organisation(.splitInto(.init(organisations: parts.map { id($0) })))),
      source(
        "authorisation/x", "2022-01-01",
        .authorisation(
          .granted(
            .init(
              organisation: id("x-part1"), validFrom: day("2022-01-01"),
              validUntil: day("2023-12-31"))))),
      source(
        "authorisation/x", "2023-06-01",
        .authorisation(.renewed(.init(validUntil: day("2025-12-31"))))),
    ]
  }

  private static var agreements: [Proposal] {
    func agreement(_ key: String, _ on: String, _ event: AgreementEvent) -> Proposal {
      source("agreement/" + key, on, .agreement(event))
    }
    let terms = AgreementTerms(
      parties: [id("moict"), id("heta")],
      obligations: ["rooms", "staff"].map { Obligation(code: id($0), party: id("heta")) },
      validFrom: day("2022-01-01"), validUntil: day("2023-12-31"))
    var longer = terms
    longer.title = "Example, amended"
    let claims = ["x-one", "x-other"].map { claim in
      agreement(
        "x", "2023-02-01",
        .resultClaimed(
          .init(
            claim: id(claim), claimedBy: "Example", population: .graduates, count: .exactly(9))))
    }
    let ended: [(String, AgreementEvent)] = [
      ("x-ended", .terminated(.init())),
      ("x-replaced", .superseded(.init(by: id("x")))),
    ]
    return [
      agreement("x", "2022-01-01", .signed(.init(terms: terms))),
      agreement("x", "2022-02-01", .enteredIntoForce(.init())),
      agreement("x", "2022-03-01", .amended(.init(terms: longer))),
      agreement("x", "2022-04-01", .extended(.init(validUntil: day("2024-12-31")))),
      agreement("x", "2022-05-01", .suspended(.init())),
      agreement("x", "2022-06-01", .resumed(.init())),
      agreement("x", "2022-07-01", .obligationMet(.init(obligation: id("rooms")))),
      agreement("x", "2022-08-01", .obligationMissed(.init(obligation: id("staff")))),
    ] + claims + [
      agreement(
        "x", "2023-03-01",
        .claimsReconciled(
          .init(
            claims: ["x-one", "x-other"].map { id($0) }, finding: "Two counts of one class."))),
      agreement("x", "2024-03-01", .completed(.init())),
    ]
      + ended.flatMap { key, event in
        [
          agreement(key, "2022-01-01", .signed(.init(terms: terms))),
          agreement(key, "2022-09-01", event),
        ]
      }
  }

  private static var trainings: [Proposal] {
    func enrolment(_ on: String, _ event: EnrolmentEvent) -> Proposal {
      source("enrolment/x", on, .enrolment(event))
    }
    func issued(_ key: String, on: String) -> Proposal {
      source(
        "credential/" + key, on,
        .credential(
          .issued(
            CredentialIssued(
              holder: id("x"), issuer: id("example"), number: key, courses: [id("example")],
              awardedOn: day(on), validFrom: day(on)))))
    }
    let (exam, test, award) = (id("exam"), id("test"), id("first"))
    return [
      Fixture.officer("x", "10"), Fixture.enrolled("x", "x", "example"),
      enrolment("2022-02-01", .assessed(.init(assessment: exam, mode: .proctored, score: 40))),
      enrolment("2022-02-02", .assessed(.init(assessment: test, mode: .unproctored, score: 90))),
      enrolment("2022-02-03", .assessmentAppealed(.init(assessment: exam))),
      enrolment(
        "2022-02-04",
        .appealDecided(.init(assessment: exam, upheld: true, score: 60))),
      enrolment("2022-02-05", .assessmentVoided(.init(assessment: test))),
      enrolment("2022-03-01", .completed(.init(result: .passed, score: 60))),
      enrolment("2022-03-02", .awardConferred(.init(award: award))),
      enrolment("2022-03-03", .awardWithdrawn(.init(award: award))),
      issued("x-first", on: "2022-04-01"), issued("x-second", on: "2023-04-01"),
      source(
        "credential/x-first", "2023-04-01", .credential(.superseded(.init(by: id("x-second"))))),
    ]
  }

  private static var skills: [Proposal] {
    [
      source(
        "framework/x-skills", "2023-01-01",
        .framework(.skillReplaced(.init(skill: id("old"), by: id("new"))))),
      source(
        "credential/example", "2022-01-01",
        .credential(.recognised(.init(by: id("moict"))))),
      source(
        "credential/example", "2022-02-01",
        .credential(.recognitionWithdrawn(.init()))),
    ]
  }

  private static var mandates: [Proposal] {
    let first = Fixture.mandate("x", course: "example")
    guard case .mandate(.enteredIntoForce(let given)) = first.body, var terms = given.terms else {
      return [first]
    }
    terms.title = "Example, amended"
    return [
      first, source("mandate/x", "2022-02-01", .mandate(.amended(.init(terms: terms)))),
      source(
        "mandate/x", "2022-03-01",
        .mandate(.extended(.init(deadline: day("2023-06-30"))))),
      source(
        "mandate/x", "2022-04-01",
        .mandate(
          .supportReported(
            .init(
              organisation: id("example"), from: day("2022-01-01"), until: day("2022-03-31"),
              hours: 2)))),
    ]
  }
}
