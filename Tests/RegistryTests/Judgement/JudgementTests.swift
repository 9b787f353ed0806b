import Testing

@testable import Registry

@Suite struct JudgementTests {
  static let enrolled = Proposal.Body.enrolment(.enrolled(.init(seat: .own)))
  static let withdrawn = Proposal.Body.enrolment(.withdrawn(.init()))
  static func completed(_ result: CompletionResult = .passed) -> Proposal.Body {
    .enrolment(.completed(.init(result: result)))
  }
  static func attended(_ session: Identifier, _ minutes: UInt32 = 60) -> Proposal.Body {
    .enrolment(.attended(.init(session: session, minutes: minutes)))
  }

  /// Enrolled in February (position 1), completed in June (position 2).
  private func trained() throws -> TestAnnals {
    var annals = TestAnnals(.training)
    _ = try annals.record(.test(1, Self.enrolled, on: 2024_02_01))
    _ = try annals.record(.test(2, Self.completed(), on: 2024_06_01))
    return annals
  }

  private func state(_ annals: TestAnnals, on day: Day = .distantFuture) -> Enrolment? {
    annals.state(of: StreamID(.enrolment, "own"), on: day)?.enrolment
  }

  private func rejected(
    _ annals: TestAnnals, _ proposal: Proposal, _ location: SourceLocation = #_sourceLocation
  ) throws -> Rejection {
    var annals = annals
    return try rejection(location) {
      _ = try annals.record(proposal)
      return .record
    }
  }

  @Test func `A late fact is judged against what stood on its own day`() throws {
    var annals = try trained()
    // Nobody attends after the end, but this was before it.
    #expect(try annals.record(.test(3, Self.attended("s1"), on: 2024_03_01)) == 3)
    #expect(state(annals, on: 2024_03_01)?.status == .active)
    #expect(state(annals)?.status == .completed)
    #expect(state(annals)?.minutesAttended == 60)
    let after = try rejected(annals, .test(4, Self.attended("s2"), on: 2024_07_01))
    #expect(after.code == .illegalTransition)
    let before = try rejected(annals, .test(4, Self.attended("s2"), on: 2024_01_15))
    #expect(before.code == .noSuchStream)
  }

  @Test func `A late fact that contradicts a later one names it`() throws {
    let said = try rejected(try trained(), .test(3, Self.withdrawn, on: 2024_04_01))
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 2)
    #expect(said.sentence.contains("position 2"))
    #expect(said.sentence.contains("2024-06-01"))
    #expect(said.sentence.contains("`completed` cannot follow"))
  }

  @Test func `Once the later fact is voided the late one is recorded`() throws {
    var annals = try trained()
    _ = try annals.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    #expect(state(annals)?.status == .enrolled)
    #expect(try annals.record(.test(4, Self.withdrawn, on: 2024_04_01)) == 4)
    #expect(state(annals)?.status == .withdrawn)
    // And now the voided one stands no more chance.
    let said = try rejected(
      annals, .test(5, .restored(Restored()), on: 2024_07_02, corrects: 2))
    #expect(said.code == .illegalTransition)
  }

  @Test func `A restoration that a later fact contradicts names it`() throws {
    var annals = try trained()
    _ = try annals.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    _ = try annals.record(.test(4, Self.withdrawn, on: 2024_06_15))
    let said = try rejected(
      annals, .test(5, .restored(Restored()), on: 2024_07_02, corrects: 2))
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 4)
  }

  @Test func `What others rest on in the stream cannot be voided before them`() throws {
    let said = try rejected(
      try trained(), .test(3, .voided(Voided()), on: 2024_07_01, corrects: 1))
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 2)
  }

  @Test func `A stream whose only event is voided can begin again`() throws {
    var annals = TestAnnals(.training)
    _ = try annals.record(.test(1, Self.enrolled, on: 2024_02_01))
    _ = try annals.record(.test(2, .voided(Voided()), on: 2024_02_02, corrects: 1))
    #expect(state(annals) == nil)
    let head = try #require(annals.head(of: StreamID(.enrolment, "own")))
    #expect(head.events == 2)
    #expect(head.last == nil)
    #expect(
      try rejected(annals, .test(3, Self.attended("s1"), on: 2024_03_01)).code == .noSuchStream)
    #expect(try annals.record(.test(3, Self.enrolled, on: 2024_01_20)) == 3)
    #expect(state(annals)?.status == .enrolled)
  }

  @Test func `Voiding twice and restoring what stands change nothing`() throws {
    var annals = try trained()
    let restored = Proposal.test(9, .restored(Restored()), on: 2024_07_01, corrects: 2)
    guard case .unchanged(2) = try Judgement.judge(restored, at: 3, given: annals) else {
      Issue.record("a restoration of what stands is recorded")
      return
    }
    _ = try annals.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    let again = Proposal.test(4, .voided(Voided()), on: 2024_07_02, corrects: 2)
    guard case .unchanged(3) = try Judgement.judge(again, at: 4, given: annals) else {
      Issue.record("a second void is recorded")
      return
    }
    _ = try annals.record(.test(4, .restored(Restored()), on: 2024_07_03, corrects: 2))
    #expect(state(annals)?.status == .completed)
  }

  @Test func `A correction replaces, also one that was a correction`() throws {
    var annals = try trained()
    _ = try annals.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    #expect(state(annals)?.completion?.result == .merit)
    _ = try annals.record(.test(4, Self.completed(.distinction), on: 2024_06_05, corrects: 3))
    #expect(state(annals)?.completion?.eventID == .test(4))
    #expect(state(annals, on: 2024_06_04)?.status == .enrolled)
    // Only the one that stands can be corrected, and the rejection names it.
    let said = try rejected(
      annals, .test(5, Self.completed(), on: 2024_06_01, corrects: 2))
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 4)
    _ = try annals.record(.test(5, .voided(Voided()), on: 2024_07_01, corrects: 4))
    #expect(state(annals)?.completion?.eventID == .test(3))
  }

  @Test func `The first event of a stream can be corrected again and again`() throws {
    var annals = TestAnnals(.training)
    var terms = CredentialIssued.own
    for (number, holder) in [(1, "otieno"), (2, "amina"), (3, "otieno")] as [(UInt64, Identifier)] {
      terms.holder = holder
      _ = try annals.record(
        .test(
          number, .credential(.issued(terms)), on: 2023_01_01,
          corrects: number == 1 ? nil : number - 1))
    }
    let head = try #require(annals.head(of: StreamID(.credential, "own")))
    #expect(head.state?.credential?.terms.holder == "otieno")
    #expect(head.state?.credential?.since.position == 3)
  }

  @Test func `A correction is judged at its own day`() throws {
    let early = try rejected(
      try trained(), .test(3, Self.completed(), on: 2024_01_15, corrects: 2))
    #expect(early.code == .noSuchStream)
    let late = try rejected(try trained(), .test(3, Self.enrolled, on: 2024_06_02, corrects: 1))
    #expect(late.code == .contradictsLater)
    #expect(late.inTheWay == 2)
  }

  @Test func `A void of a correction brings back what it corrected only where that is allowed`()
    throws
  {
    var annals = TestAnnals(.training)
    _ = try annals.record(.test(1, Self.enrolled, on: 2024_05_01))
    _ = try annals.record(.test(2, Self.enrolled, on: 2024_02_01, corrects: 1))
    _ = try annals.record(.test(3, Self.completed(), on: 2024_03_01))
    let void = Proposal.test(4, .voided(Voided()), on: 2024_07_01, corrects: 2)
    // Without a beginning there is no completion.
    #expect(try rejected(annals, void).inTheWay == 3)

    // The other way round: what returns comes before what stands.
    annals = TestAnnals(.training)
    _ = try annals.record(.test(1, Self.enrolled, on: 2024_01_20))
    _ = try annals.record(.test(2, Self.withdrawn, on: 2024_02_01))
    _ = try annals.record(.test(3, Self.withdrawn, on: 2024_05_01, corrects: 2))
    _ = try annals.record(.test(4, Self.attended("s1"), on: 2024_03_01))
    let said = try rejected(annals, .test(5, .voided(Voided()), on: 2024_07_01, corrects: 3))
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 4)
  }

  @Test func `A correction is restored only where what it replaced stands`() throws {
    var annals = try trained()
    let void = Proposal.Body.voided(Voided())
    _ = try annals.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    _ = try annals.record(.test(4, void, on: 2024_07_01, corrects: 3))
    let restored = Proposal.test(6, .restored(Restored()), on: 2024_07_02, corrects: 3)
    // Replaced by another correction meanwhile.
    var replaced = annals
    _ = try replaced.record(.test(5, Self.completed(.distinction), on: 2024_06_01, corrects: 2))
    var said = try rejected(replaced, restored)
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 5)
    // Voided meanwhile.
    var voided = annals
    _ = try voided.record(.test(5, void, on: 2024_07_01, corrects: 2))
    said = try rejected(voided, restored)
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 5)
    #expect(try annals.record(restored) == 5)
    #expect(state(annals)?.completion?.result == .merit)
  }

  @Test func `What cannot be corrected is not`() throws {
    var annals = try trained()
    let void = Proposal.Body.voided(Voided())
    _ = try annals.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    _ = try annals.record(.test(4, void, on: 2024_07_01, corrects: 3))
    for (body, corrects, code) in [
      (void, nil, .notCorrectable), (.restored(Restored()), nil, .notCorrectable),
      (void, 77, .notCorrectable), (Self.completed(), 77, .notCorrectable),
      // A void is not voided; what it names is restored.
      (void, 4, .notCorrectable), (Self.completed(), 4, .notCorrectable),
      // A voided event is restored before it is corrected.
      (Self.completed(), 3, .notCorrectable),
    ] as [(Proposal.Body, UInt64?, Rejection.Code)] {
      let said = try rejected(annals, .test(9, body, on: 2024_08_01, corrects: corrects))
      #expect(said.code == code)
      #expect(said.field == "corrects")
    }
    let elsewhere = Proposal.test(
      9, void, on: 2024_08_01, corrects: 1, in: StreamID(.enrolment, "another"))
    #expect(try rejected(annals, elsewhere).code == .noSuchStream)
  }

  @Test func `A stream holds what its name says, in a log that was established`() throws {
    var annals = try trained()
    let wrong = Proposal.test(9, Self.enrolled, on: 2024_02_01, in: StreamID(.cohort, "c9"))
    #expect(try rejected(annals, wrong).code == .wrongStream)
    annals.registryStream = nil
    let early = Proposal.test(9, Self.enrolled, on: 2024_02_01)
    #expect(try rejected(annals, early).code == .registryNotEstablished)
  }
}
