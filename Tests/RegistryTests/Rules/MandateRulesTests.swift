import Testing

@testable import Registry

@Suite struct MandateRulesTests {
  private func decide(
    _ event: MandateEvent, in state: Mandate? = nil, on day: Day = 2024_06_01,
    given context: TestContext = .training
  ) throws -> Verdict {
    try Mandate.decide(event, .at(100, .mandate, on: day), in: state, given: context)
  }

  private let issued = Mandate(status: .issued, since: .test, terms: .own)
  private let inForce = Mandate(status: .inForce, since: .test, terms: .own)

  private func extended(to deadline: Day, _ state: Mandate) throws -> Mandate {
    try #require(
      Mandate.evolve(
        state, by: .extended(.init(deadline: deadline)), .at(50, .mandate, on: 2024_05_01)))
  }

  @Test func `An extension names a later day, and the first deadline is kept`() throws {
    let once = try extended(to: 2025_01_15, inForce)
    #expect(once.terms.deadline == 2025_01_15)
    #expect(once.firstDeadline == 2024_12_31)
    let twice = try extended(to: 2025_02_15, once)
    #expect(twice.firstDeadline == 2024_12_31)
    #expect(twice.extensions == 2)
    #expect(try decide(.extended(.init(deadline: 2025_01_15)), in: once) == .unchanged(since: 7))
    let said = try rejection { try decide(.extended(.init(deadline: 2025_01_14)), in: once) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("record `amended`"))
    // What a correction left standing and says nothing new counts for no extension.
    #expect(try extended(to: 2025_02_15, twice) == twice)
  }

  @Test func `A deadline that had passed is not set`() throws {
    var terms = MandateTerms.own
    (terms.deadline, terms.population.postedOn) = (2024_05_31, nil)
    terms.joinerDays = nil
    for event: MandateEvent in [.issued(.init(terms: terms)), .amended(.init(terms: terms))] {
      let state = event.name == "issued" ? nil : inForce
      let said = try rejection { try decide(event, in: state) }
      #expect(said.code == .inconsistent)
      #expect(said.field == "mandate.\(event.name).terms.deadline")
    }
    var overdue = inForce
    overdue.terms.deadline = 2024_05_01
    let said = try rejection { try decide(.extended(.init(deadline: 2024_05_15)), in: overdue) }
    #expect(said.field == "mandate.extended.deadline")
    // It may be extended after it had passed, and amended in what is no deadline.
    #expect(try decide(.extended(.init(deadline: 2024_07_01)), in: overdue) == .record)
    var amended = overdue.terms
    amended.weeklyHours = 4
    #expect(try decide(.amended(.init(terms: amended)), in: overdue) == .record)
  }

  @Test func `An amendment may bring a deadline forward that was extended`() throws {
    let later = try extended(to: 2025_01_15, inForce)
    #expect(try decide(.amended(.init(terms: .own)), in: later) == .record)
    #expect(try decide(.amended(.init(terms: later.terms)), in: later) == .unchanged(since: 7))
  }

  @Test func `What was issued may be told again, also after its extension`() throws {
    let later = try extended(to: 2025_01_15, inForce)
    for state in [issued, inForce, later] {
      #expect(try decide(.issued(.init(terms: .own)), in: state) == .unchanged(since: 7))
    }
    #expect(try decide(.enteredIntoForce(.init(terms: .own)), in: later) == .unchanged(since: 7))
    let other = try rejection { try decide(.enteredIntoForce(.init(terms: .other)), in: later) }
    #expect(other.code == .illegalTransition)
    #expect(other.field == "mandate.entered_into_force.terms")
  }

  @Test func `It enters into force as it was issued and as it was extended since`() throws {
    let later = try extended(to: 2025_01_15, issued)
    let event = MandateEvent.enteredIntoForce(.init(terms: .own))
    #expect(try decide(event, in: later) == .record)
    let next = try #require(Mandate.evolve(later, by: event, .at(60, .mandate)))
    #expect(next.status == .inForce)
    #expect(next.terms.deadline == 2025_01_15)
    let said = try rejection {
      try decide(.enteredIntoForce(.init(terms: .other)), in: issued)
    }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("leave `terms` out"))
  }

  @Test func `What a mandate names exists and stood that day`() throws {
    let changes: [(String, (inout MandateTerms) -> Void)] = [
      ("courses", { $0.courses = ["nowhere"] }), ("issuer", { $0.issuer = "nowhere" }),
      ("issuer", { $0.issuer = "gone" }), ("directive", { $0.directive = "nowhere" }),
      (
        "population.steps[0].organisation",
        { $0.population.steps = [.organisation("nowhere")] }
      ),
    ]
    for (field, change) in changes {
      var terms = MandateTerms.own
      change(&terms)
      let said = try rejection { try decide(.issued(.init(terms: terms))) }
      #expect(said.code == .noSuchReference, "\(field)")
      #expect(said.field == "mandate.issued.terms.\(field)")
    }
  }

  @Test func `Terms that contradict themselves are refused`() throws {
    let changes: [(String, (inout MandateTerms) -> Void)] = [
      ("courses", { $0.courses = [] }), ("courses", { $0.courses = ["networks", "networks"] }),
      ("joiner_days", { $0.population.postedOn = nil }),
      ("population.posted_on", { $0.population.postedOn = 2025_01_01 }),
      ("population.steps", { $0.population.steps = [] }),
    ]
    for (field, change) in changes {
      var terms = MandateTerms.own
      change(&terms)
      let said = try rejection { try decide(.issued(.init(terms: terms))) }
      #expect(said.code == .inconsistent, "\(field)")
      #expect(said.field == "mandate.issued.terms.\(field)")
    }
  }

  /// Issued for New Year's Eve (1), in force (2), extended to mid-January (3).
  private func recorded() throws -> TestHistoryReader {
    var reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, .mandate(.issued(.init(terms: .own))), on: 2024_02_01))
    _ = try reader.record(.test(2, .mandate(.enteredIntoForce(.init())), on: 2024_03_01))
    _ = try reader.record(
      .test(3, .mandate(.extended(.init(deadline: 2025_01_15))), on: 2024_12_30))
    return reader
  }

  private func state(_ reader: TestHistoryReader, on day: Day = .distantFuture) -> Mandate? {
    reader.state(of: StreamID(.mandate, "own"), on: day)?.mandate
  }

  @Test func `A corrected deadline moves what is left of it after the extension`() throws {
    var reader = try recorded()
    var terms = MandateTerms.own
    terms.deadline = 2024_11_30
    _ = try reader.record(
      .test(4, .mandate(.issued(.init(terms: terms))), on: 2024_02_01, corrects: 1))
    #expect(state(reader, on: 2024_06_01)?.terms.deadline == 2024_11_30)
    #expect(state(reader)?.firstDeadline == 2024_11_30)
    #expect(state(reader)?.terms.deadline == 2025_01_15)
    // A first deadline after the extension makes the extension none.
    terms.deadline = 2025_02_28
    let said = try rejection {
      _ = try reader.record(
        .test(5, .mandate(.issued(.init(terms: terms))), on: 2024_02_01, corrects: 4))
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 3)
  }

  @Test func `A voided extension leaves the deadline that there was`() throws {
    var reader = try recorded()
    let stream = StreamID(.mandate, "own")
    _ = try reader.record(
      .test(4, .voided(Voided()), on: 2025_01_10, corrects: 3, in: stream))
    #expect(state(reader)?.terms.deadline == 2024_12_31)
    #expect(state(reader)?.firstDeadline == nil)
    #expect(state(reader)?.extensions == 0)
    _ = try reader.record(
      .test(5, .restored(Restored()), on: 2025_01_11, corrects: 3, in: stream))
    #expect(state(reader)?.terms.deadline == 2025_01_15)
  }

  @Test func `A withdrawal told late stands in no way of what was before it`() throws {
    var reader = try recorded()
    let said = try rejection {
      _ = try reader.record(.test(4, .mandate(.withdrawn(.init())), on: 2024_06_01))
      return .record
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 3)
    _ = try reader.record(.test(4, .mandate(.withdrawn(.init())), on: 2024_12_31))
    #expect(state(reader)?.status == .withdrawn)
  }
}
