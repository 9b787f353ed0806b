import Testing

@testable import Registry

@Suite struct AdmissionTests {
  static let enrolled = Proposal.Body.enrolment(.enrolled(.init(seat: .own)))
  static let withdrawn = Proposal.Body.enrolment(.withdrawn(.init()))
  static func completed(_ result: CompletionResult = .passed) -> Proposal.Body {
    .enrolment(.completed(.init(result: result)))
  }
  static func attended(_ session: Identifier, _ minutes: UInt32 = 60) -> Proposal.Body {
    .enrolment(.attended(.init(session: session, minutes: minutes)))
  }

  /// Enrolled in February (position 1), completed in June (position 2).
  private func trained() throws -> TestHistoryReader {
    var reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, Self.enrolled, on: 2024_02_01))
    _ = try reader.record(.test(2, Self.completed(), on: 2024_06_01))
    return reader
  }

  private func state(_ reader: TestHistoryReader, on day: Day = .distantFuture) -> Enrolment? {
    reader.state(of: StreamID(.enrolment, "own"), on: day)?.enrolment
  }

  private func rejected(
    _ reader: TestHistoryReader, _ proposal: Proposal, _ location: SourceLocation = #_sourceLocation
  ) throws -> Rejection {
    var reader = reader
    return try rejection(location) {
      _ = try reader.record(proposal)
      return .record
    }
  }

  @Test func `A late fact is judged against what stood on its own day`() throws {
    var reader = try trained()
    // Nobody attends after the end, but this was before it.
    #expect(try reader.record(.test(3, Self.attended("s1"), on: 2024_03_01)) == 3)
    #expect(state(reader, on: 2024_03_01)?.status == .active)
    #expect(state(reader)?.status == .completed)
    #expect(state(reader)?.minutesAttended == 60)
    let after = try rejected(reader, .test(4, Self.attended("s2"), on: 2024_07_01))
    #expect(after.code == .illegalTransition)
    let before = try rejected(reader, .test(4, Self.attended("s2"), on: 2024_01_15))
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
    var reader = try trained()
    _ = try reader.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    #expect(state(reader)?.status == .enrolled)
    #expect(try reader.record(.test(4, Self.withdrawn, on: 2024_04_01)) == 4)
    #expect(state(reader)?.status == .withdrawn)
    // And now the voided one stands no more chance.
    let said = try rejected(
      reader, .test(5, .restored(Restored()), on: 2024_07_02, corrects: 2))
    #expect(said.code == .illegalTransition)
  }

  @Test func `A restoration that a later fact contradicts names it`() throws {
    var reader = try trained()
    _ = try reader.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    _ = try reader.record(.test(4, Self.withdrawn, on: 2024_06_15))
    let said = try rejected(
      reader, .test(5, .restored(Restored()), on: 2024_07_02, corrects: 2))
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
    var reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, Self.enrolled, on: 2024_02_01))
    _ = try reader.record(.test(2, .voided(Voided()), on: 2024_02_02, corrects: 1))
    #expect(state(reader) == nil)
    let head = try #require(reader.head(of: StreamID(.enrolment, "own")))
    #expect(head.events == 2)
    #expect(head.last == nil)
    #expect(
      try rejected(reader, .test(3, Self.attended("s1"), on: 2024_03_01)).code == .noSuchStream)
    #expect(try reader.record(.test(3, Self.enrolled, on: 2024_01_20)) == 3)
    #expect(state(reader)?.status == .enrolled)
  }

  @Test func `Voiding twice and restoring what stands change nothing`() throws {
    var reader = try trained()
    let restored = Proposal.test(9, .restored(Restored()), on: 2024_07_01, corrects: 2)
    guard case .unchanged(2) = try Admission.admit(restored, at: 3, given: reader) else {
      Issue.record("a restoration of what stands is recorded")
      return
    }
    _ = try reader.record(.test(3, .voided(Voided()), on: 2024_07_01, corrects: 2))
    let again = Proposal.test(4, .voided(Voided()), on: 2024_07_02, corrects: 2)
    guard case .unchanged(3) = try Admission.admit(again, at: 4, given: reader) else {
      Issue.record("a second void is recorded")
      return
    }
    _ = try reader.record(.test(4, .restored(Restored()), on: 2024_07_03, corrects: 2))
    #expect(state(reader)?.status == .completed)
  }

  @Test func `A correction replaces, also one that was a correction`() throws {
    var reader = try trained()
    _ = try reader.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    #expect(state(reader)?.completion?.result == .merit)
    _ = try reader.record(.test(4, Self.completed(.distinction), on: 2024_06_05, corrects: 3))
    #expect(state(reader)?.completion?.eventID == .test(4))
    #expect(state(reader, on: 2024_06_04)?.status == .enrolled)
    // Only the one that stands can be corrected, and the rejection names it.
    let said = try rejected(
      reader, .test(5, Self.completed(), on: 2024_06_01, corrects: 2))
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 4)
    _ = try reader.record(.test(5, .voided(Voided()), on: 2024_07_01, corrects: 4))
    #expect(state(reader)?.completion?.eventID == .test(3))
  }

  @Test func `The first event of a stream can be corrected again and again`() throws {
    var reader = TestHistoryReader(.training)
    var terms = CredentialIssued.own
    for (number, holder) in [(1, "otieno"), (2, "amina"), (3, "otieno")] as [(UInt64, Identifier)] {
      terms.holder = holder
      _ = try reader.record(
        .test(
          number, .credential(.issued(terms)), on: 2023_01_01,
          corrects: number == 1 ? nil : number - 1))
    }
    let head = try #require(reader.head(of: StreamID(.credential, "own")))
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
    var reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, Self.enrolled, on: 2024_05_01))
    _ = try reader.record(.test(2, Self.enrolled, on: 2024_02_01, corrects: 1))
    _ = try reader.record(.test(3, Self.completed(), on: 2024_03_01))
    let void = Proposal.test(4, .voided(Voided()), on: 2024_07_01, corrects: 2)
    // Without a beginning there is no completion.
    #expect(try rejected(reader, void).inTheWay == 3)

    // The other way round: what returns comes before what stands.
    reader = TestHistoryReader(.training)
    _ = try reader.record(.test(1, Self.enrolled, on: 2024_01_20))
    _ = try reader.record(.test(2, Self.withdrawn, on: 2024_02_01))
    _ = try reader.record(.test(3, Self.withdrawn, on: 2024_05_01, corrects: 2))
    _ = try reader.record(.test(4, Self.attended("s1"), on: 2024_03_01))
    let said = try rejected(reader, .test(5, .voided(Voided()), on: 2024_07_01, corrects: 3))
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == 4)
  }

  @Test func `A correction is restored only where what it replaced stands`() throws {
    var reader = try trained()
    let void = Proposal.Body.voided(Voided())
    _ = try reader.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    _ = try reader.record(.test(4, void, on: 2024_07_01, corrects: 3))
    let restored = Proposal.test(6, .restored(Restored()), on: 2024_07_02, corrects: 3)
    // Replaced by another correction meanwhile.
    var replaced = reader
    _ = try replaced.record(.test(5, Self.completed(.distinction), on: 2024_06_01, corrects: 2))
    var said = try rejected(replaced, restored)
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 5)
    // Voided meanwhile.
    var voided = reader
    _ = try voided.record(.test(5, void, on: 2024_07_01, corrects: 2))
    said = try rejected(voided, restored)
    #expect(said.code == .notCorrectable)
    #expect(said.inTheWay == 5)
    #expect(try reader.record(restored) == 5)
    #expect(state(reader)?.completion?.result == .merit)
  }

  @Test func `What cannot be corrected is not`() throws {
    var reader = try trained()
    let void = Proposal.Body.voided(Voided())
    _ = try reader.record(.test(3, Self.completed(.merit), on: 2024_06_01, corrects: 2))
    _ = try reader.record(.test(4, void, on: 2024_07_01, corrects: 3))
    for (body, corrects, code) in [
      (void, nil, .notCorrectable), (.restored(Restored()), nil, .notCorrectable),
      (void, 77, .notCorrectable), (Self.completed(), 77, .notCorrectable),
      // A void is not voided; what it names is restored.
      (void, 4, .notCorrectable), (Self.completed(), 4, .notCorrectable),
      // A voided event is restored before it is corrected.
      (Self.completed(), 3, .notCorrectable),
    ] as [(Proposal.Body, UInt64?, Rejection.Code)] {
      let said = try rejected(reader, .test(9, body, on: 2024_08_01, corrects: corrects))
      #expect(said.code == code)
      #expect(said.field == "corrects")
    }
    let elsewhere = Proposal.test(
      9, void, on: 2024_08_01, corrects: 1, in: StreamID(.enrolment, "another"))
    #expect(try rejected(reader, elsewhere).code == .noSuchStream)
  }

  @Test func `A stream holds what its name says, in a log that was established`() throws {
    var reader = try trained()
    let wrong = Proposal.test(9, Self.enrolled, on: 2024_02_01, in: StreamID(.cohort, "c9"))
    #expect(try rejected(reader, wrong).code == .wrongStream)
    reader.registryStream = nil
    let early = Proposal.test(9, Self.enrolled, on: 2024_02_01)
    #expect(try rejected(reader, early).code == .registryNotEstablished)
  }
}
