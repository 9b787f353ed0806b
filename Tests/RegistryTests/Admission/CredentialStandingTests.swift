import Testing

@testable import Registry

@Suite struct CredentialStandingTests {
  private func credential(
    _ status: CredentialState, since: Day = 2024_01_10, from: Day = 2024_02_01,
    until: Day? = 2024_12_31
  ) -> Credential {
    var terms = CredentialIssued.own
    (terms.validFrom, terms.validUntil) = (from, until)
    return Credential(
      status: status, since: Since(day: since, position: 7, reason: "because"), terms: terms)
  }

  @Test(
    arguments: [
      (.issued, 2024_01_31, .notYetValid, 2024_01_10),
      (.issued, 2024_02_01, .valid, 2024_02_01),
      (.issued, 2024_12_31, .valid, 2024_02_01),
      (.issued, 2025_01_01, .expired, 2025_01_01),
      (.issued, 2030_01_01, .expired, 2025_01_01),
      // What was done to it comes before what follows from its days.
      (.suspended, 2024_01_31, .suspended, 2024_01_10),
      (.suspended, 2025_01_01, .suspended, 2024_01_10),
      (.revoked, 2024_01_31, .revoked, 2024_01_10),
      (.revoked, 2025_01_01, .revoked, 2024_01_10),
      (.superseded, 2024_06_01, .superseded, 2024_01_10),
      (.superseded, 2025_01_01, .superseded, 2024_01_10),
    ] as [(CredentialState, Day, CredentialStanding, Day)])
  func `A credential's standing on a day`(
    status: CredentialState, day: Day, expected: CredentialStanding, since: Day
  ) {
    let (standing, began) = credential(status).standing(on: day)
    #expect(standing == expected)
    #expect(began.day == since)
    #expect(began.position == 7)
    // The reason is the act's, not the calendar's.
    #expect(began.reason == (expected == .expired ? nil : "because"))
  }

  @Test func `What has no end does not expire`() {
    let endless = credential(.issued, until: nil)
    #expect(endless.standing(on: .distantFuture).status == .valid)
  }

  @Test func `A reinstated credential is valid since then`() {
    let back = credential(.issued, since: 2024_08_01)
    #expect(back.standing(on: 2024_09_01).since.day == 2024_08_01)
  }

  @Test(
    arguments: [
      // In time: valid all along. On the day after the last: still without a gap.
      (2024_06_01, 2024_02_01), (2025_01_01, 2024_02_01),
      // Too late: valid anew.
      (2025_01_02, 2025_01_02), (2025_03_01, 2025_03_01),
    ] as [(Day, Day)])
  func `A renewal after the end begins anew`(renewed: Day, validSince: Day) {
    let after = Credential.evolve(
      credential(.issued), by: .renewed(.init(validUntil: 2026_12_31)),
      .at(9, .credential, on: renewed))
    let (standing, since) = after!.standing(on: 2025_06_01)
    #expect(standing == .valid)
    #expect(since.day == validSince)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `A span is the longest on which the standing is the same`(seed: UInt64) {
    var random = Seeded(seed)
    let first = Day(2024_01_01)
    func day() -> Day { first.adding(days: Int.random(in: 0..<60, using: &random)) }
    let holdsFrom = day()
    let from = day()
    let credential = credential(
      CredentialState.allCases.randomElement(using: &random)!,
      since: min(holdsFrom, day()), from: from,
      until: Bool.random(using: &random)
        ? from.adding(days: Int.random(in: 0..<30, using: &random)) : nil)
    func same(_ a: Day, _ b: Day) -> Bool {
      let (a, b) = (credential.standing(on: a), credential.standing(on: b))
      return a.status == b.status && a.since == b.since
    }
    for offset in 0..<100 {
      let asked = holdsFrom.adding(days: offset)
      let span = credential.span(around: asked, stateHoldsFrom: holdsFrom)
      #expect(span.from >= holdsFrom && span.from <= asked, "seed \(seed), \(asked.text)")
      #expect(span.until.map { $0 >= asked } ?? true, "seed \(seed), \(asked.text)")
      let last = span.until ?? asked.adding(days: 120)
      #expect(same(span.from, asked) && same(last, asked), "seed \(seed), \(asked.text)")
      if span.from > holdsFrom {
        #expect(!same(span.from.adding(days: -1), asked), "seed \(seed), \(asked.text)")
      }
      if let until = span.until {
        #expect(!same(until.adding(days: 1), asked), "seed \(seed), \(asked.text)")
      }
    }
  }
}
