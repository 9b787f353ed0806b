import Registry
import Testing

/// Why nothing may rely on something, in words that are so on every day.
struct RelianceWordsTests {
  private static let (from, until) = (Day("2019-03-01")!, Day("2021-12-31")!)
  private static let since = Since(day: Day("2019-02-02")!, position: 3)

  private func agreement(_ status: AgreementStatus) -> StreamState {
    .agreement(
      Agreement(
        status: status, since: Self.since,
        terms: AgreementTerms(
          title: "A", parties: [], validFrom: Self.from, validUntil: Self.until),
        supersededBy: status == .superseded ? Identifier("b") : nil))
  }

  @Test(
    arguments: [
      (AgreementStatus.signed, "2019-02-28", "is valid only from 2019-03-01 on"),
      (.inForce, "2019-02-28", "is valid only from 2019-03-01 on"),
      (.inForce, "2019-03-01", nil), (.inForce, "2021-12-31", nil),
      (.inForce, "2022-01-01", "expired on 2022-01-01 (its last day was 2021-12-31)"),
      (.signed, "2025-01-01", "expired on 2022-01-01 (its last day was 2021-12-31)"),
      (.suspended, "2020-01-01", "was suspended on 2019-02-02"),
      (.suspended, "2022-01-01", "expired on 2022-01-01 (its last day was 2021-12-31)"),
      (.exploratory, "2020-01-01", "was only exploratory, and is not signed"),
      (.proposed, "2020-01-01", "was only proposed, and is not signed"),
      (.underReview, "2020-01-01", "was still under review, and is not signed"),
      (.terminated, "2020-01-01", "was terminated on 2019-02-02"),
      (.completed, "2020-01-01", "was completed on 2019-02-02"),
      (.superseded, "2020-01-01", "was superseded by agreement/b on 2019-02-02"),
      (.lapsed, "2030-01-01", "lapsed on 2019-02-02"),
    ] as [(AgreementStatus, String, String?)])
  func `An agreement says what it is that day`(
    status: AgreementStatus, day: String, words: String?
  ) {
    #expect(agreement(status).whyNotReliedOn(on: Day(day)!) == words)
  }

  @Test(arguments: AgreementStatus.allCases)
  func `Words are there exactly where nothing may rely on it`(status: AgreementStatus) {
    guard case .agreement(let state) = agreement(status) else { return }
    for day in ["1990-01-01", "2019-02-28", "2019-03-01", "2021-12-31", "2022-01-01", "2090-01-01"]
    {
      let day = Day(day)!
      #expect((state.whyNotReliedOn(on: day) == nil) == state.mayBeReliedOn(on: day))
      #expect(state.whyNotReliedOn(on: day)?.contains("in_force") != true)
    }
  }

  @Test(
    arguments: [
      (AuthorisationStatus.granted, "2019-01-01", "is valid only from 2019-03-01 on"),
      (.granted, "2020-01-01", nil),
      (.granted, "2022-01-01", "expired on 2022-01-01 (its last day was 2021-12-31)"),
      (.notRequired, "2030-01-01", nil),
      (.applied, "2020-01-01", "was only applied for, and is not granted"),
      (.inspected, "2020-01-01", "was inspected, and is not granted"),
      (.suspended, "2020-01-01", "was suspended on 2019-02-02"),
      (.revoked, "2020-01-01", "was revoked on 2019-02-02"),
      (.withdrawn, "2020-01-01", "was withdrawn on 2019-02-02"),
    ] as [(AuthorisationStatus, String, String?)])
  func `An authorisation says what it is that day`(
    status: AuthorisationStatus, day: String, words: String?
  ) {
    let state = Authorisation(
      status: status, since: Self.since, validFrom: Self.from, validUntil: Self.until)
    #expect(StreamState.authorisation(state).whyNotReliedOn(on: Day(day)!) == words)
  }

  @Test func `An instrument says what it is, and what nothing relies on says nothing`() {
    func said(_ status: InstrumentStatus) -> String? {
      StreamState.instrument(Instrument(status: status, since: Self.since))
        .whyNotReliedOn(on: Self.from)
    }
    #expect(said(.inForce) == nil && said(.amended) == nil)
    #expect(said(.issued) == "was issued on 2019-02-02, and is not in force")
    #expect(said(.repealed) == "was repealed on 2019-02-02")
    let officer = StreamState.officer(Officer(status: .active, since: Self.since))
    #expect(officer.whyNotReliedOn(on: Self.from) == nil)
  }
}
