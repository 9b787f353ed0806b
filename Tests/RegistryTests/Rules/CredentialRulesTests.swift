import Testing

@testable import Registry

@Suite struct CredentialRulesTests {
  private func decide(
    _ event: CredentialEvent, in state: Credential? = nil, on day: Day = 2024_06_01,
    given context: TestContext = .training
  ) throws -> Verdict {
    try Credential.decide(event, .at(100, .credential, on: day), in: state, given: context)
  }

  private func issued(_ change: (inout CredentialIssued) -> Void = { _ in }) -> CredentialEvent {
    var terms = CredentialIssued.own
    change(&terms)
    return .issued(terms)
  }

  private func state(_ status: CredentialState) -> Credential {
    Credential(status: status, since: .test, terms: .own)
  }

  /// A context with a completion of Amina's at event 50, of Otieno's at 51, a verified paper of
  /// Amina's at 52, and at 53 an event of hers that is neither.
  private var evidence: TestContext {
    var context = TestContext.training
    func enrolment(_ officer: Identifier, _ event: UInt64) -> StreamState {
      .enrolment(
        Enrolment(
          status: .completed, since: .test, seat: Seat(officer: officer, cohort: "c1"),
          completion: Completion(
            eventID: .test(event), day: 2023_01_01, position: event, result: .passed)))
    }
    context.put(.enrolment, "e-amina", enrolment("amina", 50))
    context.put(.enrolment, "e-otieno", enrolment("otieno", 51))
    context.put(
      .submission, "s-amina",
      .submission(
        Submission(status: .verified, since: .test, paper: .own, verifiedByEvent: .test(52))))
    for (number, stream) in [
      (50, StreamID(.enrolment, "e-amina")), (51, StreamID(.enrolment, "e-otieno")),
      (52, StreamID(.submission, "s-amina")), (53, StreamID(.enrolment, "e-amina")),
      (54, StreamID(.officer, "amina")),
    ] as [(UInt64, StreamID)] {
      context.events[.test(number)] = EventLocation(stream: stream, position: number, stands: true)
    }
    context.events[.test(55)] = EventLocation(
      stream: StreamID(.enrolment, "e-amina"), position: 55, stands: false)
    return context
  }

  @Test func `Evidence is a completion or a verified paper of the holder that stands`() throws {
    #expect(
      try decide(issued { $0.evidence = [.test(50), .test(52)] }, given: evidence) == .record)
    // Somebody else's, no completion, no training at all, voided, unknown.
    for number in [51, 53, 54, 55, 99] as [UInt64] {
      let said = try rejection {
        try decide(issued { $0.evidence = [.test(50), .test(number)] }, given: evidence)
      }
      #expect(said.code == .badEvidence, "event \(number)")
      #expect(said.field == "credential.issued.evidence[1]")
      #expect(said.sentence.contains(EventID.test(number).text))
      #expect(said.inTheWay == (number == 55 ? 55 : nil))
    }
  }

  @Test func `A completion that was undone is no evidence`() throws {
    var context = evidence
    context.put(
      .enrolment, "e-amina",
      .enrolment(Enrolment(status: .notCompleted, since: .test, seat: .own)), from: 2024_01_01)
    let said = try rejection {
      try decide(issued { $0.evidence = [.test(50)] }, given: context)
    }
    #expect(said.code == .badEvidence)
  }

  @Test func `An issuer's numbers do not repeat`() throws {
    var context = TestContext.training
    context.credentials[.init(issuer: "school", number: "KSG-1")] = "earlier"
    let said = try rejection { try decide(issued(), given: context) }
    #expect(said.code == .alreadyTaken)
    #expect(said.field == "credential.issued.number")
    #expect(said.sentence.contains("earlier"))
    #expect(try decide(issued { $0.issuer = "partner" }, given: context) == .record)
    // A correction of its own issue keeps its number.
    context.credentials[.init(issuer: "school", number: "KSG-1")] = "own"
    #expect(try decide(issued(), given: context) == .record)
  }

  @Test func `What a credential names exists`() throws {
    for event in [
      issued { $0.holder = "nobody" }, issued { $0.issuer = "nobody" },
      issued { $0.courses = ["networks", "nothing"] },
      issued { $0.skills = [SkillLevel(framework: "digcomp", skill: "9.9", level: 1)] },
    ] {
      #expect(try rejection { try decide(event) }.code == .noSuchReference)
    }
    let high = issued { $0.skills = [SkillLevel(framework: "digcomp", skill: "1.1", level: 9)] }
    #expect(try rejection { try decide(high) }.code == .inconsistent)
  }

  @Test func `A credential says something, for a time`() throws {
    #expect(try rejection { try decide(issued { $0.courses = [] }) }.code == .inconsistent)
    let backwards = issued { $0.validUntil = 2022_12_31 }
    #expect(try rejection { try decide(backwards) }.field == "credential.issued.valid_until")
    // One day is a time.
    #expect(try decide(issued { $0.validUntil = $0.validFrom }) == .record)
  }

  @Test func `The same issue is unchanged, another one is refused`() throws {
    #expect(try decide(issued(), in: state(.revoked)) == .unchanged(since: 7))
    var said = try rejection {
      try decide(issued { $0.validUntil = nil }, in: state(.issued))
    }
    #expect(said.code == .illegalTransition)
    #expect(said.inTheWay == 7)
    said = try rejection { try decide(issued { $0.holder = "otieno" }, in: state(.issued)) }
    #expect(said.code == .alreadyTaken)
  }

  @Test func `A renewal ends later`() throws {
    let renewed = { (day: Day) in CredentialEvent.renewed(.init(validUntil: day)) }
    #expect(try decide(renewed(2026_01_01), in: state(.issued)) == .record)
    #expect(try decide(renewed(2025_12_31), in: state(.issued)) == .unchanged(since: 7))
    let said = try rejection { try decide(renewed(2025_12_30), in: state(.issued)) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("2025-12-31"))
  }

  @Test func `Only a ministry of that day recognises`() throws {
    let by = { (id: Identifier) in CredentialEvent.recognised(.init(by: id)) }
    #expect(try decide(by("public-service"), in: state(.issued)) == .record)
    #expect(
      try rejection { try decide(by("school"), in: state(.issued)) }.code == .inconsistent)
    let early = try rejection {
      try decide(by("public-service"), in: state(.issued), on: 2022_12_31)
    }
    #expect(early.code == .inconsistent)
    #expect(early.sentence.contains("2022-12-31"))
    #expect(
      try rejection { try decide(by("nobody"), in: state(.issued)) }.code == .noSuchReference)
  }

  @Test func `Recognition is told once, and withdrawn where it was given`() throws {
    var known = state(.issued)
    #expect(try decide(.recognitionWithdrawn(.init()), in: known) == .unchanged(since: 7))
    (known.recognisedBy, known.recognised) = (
      "public-service", Since(day: 2024_01_01, position: 9)
    )
    #expect(
      try decide(.recognised(.init(by: "public-service")), in: known) == .unchanged(since: 9))
    known.status = .revoked
    #expect(try decide(.recognitionWithdrawn(.init()), in: known) == .record)
  }

  @Test func `A credential is superseded by another one, and by one only`() throws {
    let by = { (id: Identifier) in CredentialEvent.superseded(.init(by: id)) }
    #expect(try rejection { try decide(by("own"), in: state(.issued)) }.code == .inconsistent)
    #expect(
      try rejection { try decide(by("nothing"), in: state(.issued)) }.code == .noSuchReference)
    var gone = state(.superseded)
    gone.supersededBy = "newer"
    #expect(try decide(by("newer"), in: gone) == .unchanged(since: 7))
    #expect(try rejection { try decide(by("other"), in: gone) }.code == .illegalTransition)
  }

  @Test func `In a refold nothing that it refers to is asked again`() throws {
    let event = issued {
      ($0.holder, $0.issuer) = ("nobody", "nobody")
      $0.evidence = [.test(99)]
    }
    #expect(
      try Credential.decide(event, .at(1, .credential), in: nil, given: PermissiveContext())
        == .record)
  }
}
