import Testing

@testable import Registry

@Suite struct DutyRulesTests {
  private func decide(
    _ event: DutyEvent, in state: Duty? = nil, on day: Day = 2024_06_01,
    given context: TestContext = .training
  ) throws -> Verdict {
    try Duty.decide(event, .at(100, .duty, on: day), in: state, given: context)
  }

  private static let recorded = DutyEvent.nonComplianceRecorded(.init(duty: .own))
  private static let granted = DutyEvent.exemptionGranted(.init(duty: .own))

  /// The training context with a mandate that the tests vary.
  private func under(
    _ terms: MandateTerms, _ status: MandateStatus = .inForce, from day: Day = 2024_01_01
  ) -> TestContext {
    var context = TestContext.training
    context.put(
      .mandate, "m",
      .mandate(Mandate(status: status, since: Since(day: day, position: 3), terms: terms)),
      from: day)
    return context
  }

  private func holder(_ officer: Identifier = "amina") -> DutyHolder {
    DutyHolder(officer: officer, mandate: "m")
  }

  @Test func `An exemption that ran out is followed by what follows a duty`() throws {
    let exempted = Duty(
      status: .exempted, since: .test, holder: .own, exemptedUntil: 2024_03_31)
    #expect(try decide(.exemptionEnded(.init()), in: exempted, on: 2024_03_31) == .record)
    #expect(
      try decide(.exemptionEnded(.init()), in: exempted, on: 2024_04_01) == .unchanged(since: 7))
    let held = try rejection { try decide(Self.recorded, in: exempted, on: 2024_03_31) }
    #expect(held.code == .illegalTransition)
    #expect(try decide(Self.recorded, in: exempted, on: 2024_04_01) == .record)
    let next = try #require(
      Duty.evolve(exempted, by: Self.recorded, .at(8, .duty, on: 2024_04_01)))
    #expect(next.status == .nonCompliant)
    #expect(next.exemptedUntil == nil)
    #expect(exempted.isExempted(on: 2024_03_31))
    #expect(!exempted.isExempted(on: 2024_04_01))
  }

  @Test func `An exemption ends no earlier than it begins, and is not granted twice`() throws {
    let said = try rejection {
      try decide(.exemptionGranted(.init(duty: .own, until: 2024_05_31)))
    }
    #expect(said.field == "duty.exemption_granted.until")
    let exempted = Duty(status: .exempted, since: .test, holder: .own)
    #expect(try decide(Self.granted, in: exempted) == .unchanged(since: 7))
    #expect(
      try decide(.exemptionGranted(.init(duty: .own, until: 2025_01_31)), in: exempted) == .record)
  }

  @Test func `A duty is one officer's under one mandate, in one stream`() throws {
    let required = Duty(status: .required, since: .test, holder: .own)
    var other = DutyHolder.own
    other.officer = "otieno"
    for event: DutyEvent in [
      .exemptionGranted(.init(duty: other)), .nonComplianceRecorded(.init(duty: other)),
    ] {
      #expect(try rejection { try decide(event, in: required) }.code == .inconsistent)
    }
    var context = TestContext.training
    context.duties[.init(officer: "amina", by: "overdue")] = "first"
    let said = try rejection { try decide(Self.granted, given: context) }
    #expect(said.code == .alreadyTaken)
    #expect(said.sentence.contains("duty/first"))
    // Nor in a stream of the officer's other record.
    context.duties = [.init(officer: "otieno", by: "overdue"): "second"]
    context.persons["amina"] = ["amina", "otieno"]
    #expect(try rejection { try decide(Self.granted, given: context) }.code == .alreadyTaken)
    context.duties = [.init(officer: "amina", by: "overdue"): "own"]
    #expect(try decide(Self.granted, given: context) == .record)
  }

  @Test func `Nobody has a duty under a mandate before it was issued or after it was withdrawn`()
    throws
  {
    let before = under(.own, from: 2024_07_01)
    let early = try rejection {
      try decide(.exemptionGranted(.init(duty: holder())), given: before)
    }
    #expect(early.code == .noSuchReference)
    #expect(early.sentence.contains("was not issued by 2024-06-01"))
    let withdrawn = under(.own, .withdrawn)
    for event: DutyEvent in [
      .exemptionGranted(.init(duty: holder())), .nonComplianceRecorded(.init(duty: holder())),
    ] {
      let said = try rejection { try decide(event, on: 2025_06_01, given: withdrawn) }
      #expect(said.code == .inconsistent)
      #expect(said.sentence.contains("withdrawn on 2024-01-01"))
    }
    // What began under it may still be ended.
    let exempted = Duty(status: .exempted, since: .test, holder: holder())
    #expect(try decide(.exemptionEnded(.init()), in: exempted, given: withdrawn) == .record)
  }

  @Test func `After a mandate was closed nobody is exempted, nor fails what was not due`() throws {
    let closed = under(.own, .closed)
    #expect(
      try rejection {
        try decide(.exemptionGranted(.init(duty: holder())), on: 2025_06_01, given: closed)
      }.code == .inconsistent)
    let failed = try rejection {
      try decide(.nonComplianceRecorded(.init(duty: holder())), on: 2025_06_01, given: closed)
    }
    #expect(failed.code == .inconsistent && failed.sentence.contains("nothing was due"))
  }

  @Test func `An exemption told late is held against what was recorded since`() throws {
    var reader = TestHistoryReader(.training)
    let stream = StreamID(.duty, "own")
    func exempted(until: Day?) -> Proposal {
      .test(
        reader.next, .duty(.exemptionGranted(.init(duty: .own, until: until))), on: 2024_02_15)
    }
    _ = try reader.record(.test(1, .duty(Self.recorded), on: 2024_04_01))
    let said = try rejection {
      _ = try reader.record(exempted(until: nil))
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 1)
    // One that had run out by then is in nobody's way.
    _ = try reader.record(exempted(until: 2024_03_31))
    func duty(on day: Day) -> Duty? { reader.state(of: stream, on: day)?.duty }
    #expect(duty(on: 2024_03_01)?.isExempted(on: 2024_03_01) == true)
    #expect(duty(on: 2024_03_31)?.status == .exempted)
    #expect(duty(on: 2024_04_01)?.status == .nonCompliant)
    // Without what cleared it, or with it voided, it is what it was.
    _ = try reader.record(.test(3, .duty(.nonComplianceCleared(.init())), on: 2024_05_01))
    #expect(duty(on: 2024_05_01)?.status == .required)
    _ = try reader.record(.test(4, .voided(Voided()), on: 2024_06_01, corrects: 3, in: stream))
    #expect(duty(on: 2024_05_01)?.status == .nonCompliant)
  }

  @Test func `What an event ends is not voided before it`() throws {
    var reader = TestHistoryReader(.training)
    let stream = StreamID(.duty, "own")
    _ = try reader.record(.test(1, .duty(Self.granted), on: 2024_02_01))
    _ = try reader.record(.test(2, .duty(.exemptionEnded(.init())), on: 2024_03_01))
    let said = try rejection {
      _ = try reader.record(.test(3, .voided(Voided()), on: 2024_04_01, corrects: 1, in: stream))
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 2)
  }

  @Test func `Nobody is non-compliant on the day of the deadline, or with all done`() throws {
    let early = try rejection {
      try decide(.nonComplianceRecorded(.init(duty: .own)), on: 2024_01_31)
    }
    #expect(early.code == .inconsistent)
    #expect(early.field == "effective")
    var context = TestContext.training
    context.completions[.init(officer: "amina", by: "networks")] = 2024_05_01
    #expect(try rejection { try decide(Self.recorded, given: context) }.code == .inconsistent)
    // Late as it was, it was done by then; on an earlier day it was not.
    #expect(try decide(Self.recorded, on: 2024_04_30, given: context) == .record)
  }

  @Test func `Of several courses all are due, unless any is enough`() throws {
    var terms = MandateTerms.own
    (terms.courses, terms.deadline) = (["networks", "cloud"], 2024_02_29)
    for any in [false, true] {
      terms.anyCourse = any
      var context = under(terms)
      context.completions[.init(officer: "amina", by: "cloud")] = 2024_02_01
      let event = DutyEvent.nonComplianceRecorded(.init(duty: holder()))
      if any {
        #expect(try rejection { try decide(event, given: context) }.code == .inconsistent)
      } else {
        #expect(try decide(event, given: context) == .record)
      }
    }
  }

  @Test func `Who is not meant fails nothing`() throws {
    var terms = MandateTerms.own
    (terms.deadline, terms.joinerDays) = (2024_02_29, nil)
    let event = DutyEvent.nonComplianceRecorded(.init(duty: holder()))
    #expect(try decide(event, given: under(terms)) == .record)
    terms.population.steps = [.organisation("agency")]
    let said = try rejection { try decide(event, given: under(terms)) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("by the rule \"under agency, posted on 2024-01-01\""))
    // The agency stood under the ministry that day.
    terms.population.steps = [.organisation("ministry")]
    var context = under(terms)
    var posting = Posting.own
    posting.organisation = "unit"
    context.put(
      .organisation, "unit",
      .organisation(Organisation(status: .active, since: .test, parent: "agency")))
    context.put(
      .organisation, "agency",
      .organisation(Organisation(status: .active, since: .test, parent: "ministry")))
    context.put(.officer, "amina", .officer(Self.officer((2023_01_01, .active, posting))))
    #expect(try decide(event, given: context) == .record)
    // Who had left by then is not meant.
    context.put(
      .officer, "amina",
      .officer(Self.officer((2023_01_01, .active, posting), (2023_12_31, .separated, posting))))
    #expect(try rejection { try decide(event, given: context) }.code == .inconsistent)
  }

  private static func officer(
    _ spans: (from: Day, status: OfficerStatus, posting: Posting)...
  ) -> Officer {
    Officer(
      status: spans.last!.status, since: .test, posting: spans.last!.posting,
      spans: spans.map { PostingSpan(from: $0.from, status: $0.status, posting: $0.posting) })
  }

  @Test func `Who joins later has the days that joiners are given`() throws {
    var terms = MandateTerms.own
    (terms.deadline, terms.joinerDays) = (2024_02_29, 60)
    let event = DutyEvent.nonComplianceRecorded(.init(duty: holder()))
    // Posted to the ministry on 15 February: until 15 April.
    let joined = Self.officer((2023_01_01, .active, .other), (2024_02_15, .active, .own))
    var context = under(terms)
    context.put(.officer, "amina", .officer(joined))
    let said = try rejection { try decide(event, on: 2024_04_15, given: context) }
    #expect(said.sentence.contains("deadline is 2024-04-15"))
    #expect(try decide(event, on: 2024_04_16, given: context) == .record)
    // Who joined early has the deadline of all; without days for them, joiners are not meant.
    #expect(terms.deadline(joined: 2023_12_01) == 2024_02_29)
    #expect(terms.deadline(joined: 2024_01_02) == 2024_03_02)
    terms.joinerDays = nil
    context.put(
      .mandate, "m", .mandate(Mandate(status: .inForce, since: .test, terms: terms)),
      from: 2024_01_02)
    #expect(
      try rejection { try decide(event, on: 2024_04_16, given: context) }.sentence
        .contains("does not mean the officer"))
  }
}
