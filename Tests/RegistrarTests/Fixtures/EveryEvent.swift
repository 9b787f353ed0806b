import EventSamples
import Messages
import Registry

/// A history with every kind of event in it, the same each time.
struct EveryEvent {
  private var random: Seeded
  private let registry: TestRegistry
  private(set) var recorded: [Proposal] = []

  init(_ registry: TestRegistry, seed: UInt64) {
    (self.registry, random) = (registry, Seeded(seed))
  }

  /// The names of the kinds of events that there are, and of those that were recorded.
  static var names: Set<String> { Set(StreamKind.allCases.flatMap(bodies).map(\.eventName)) }
  var names: Set<String> { Set(recorded.map(\.body.eventName)) }

  /// An example of each event of a kind.
  static func bodies(_ kind: StreamKind) -> [Proposal.Body] {
    switch kind {
    case .registry: RegistryEvent.samples.map { .registry($0) }
    case .organisation: OrganisationEvent.samples.map { .organisation($0) }
    case .officer: OfficerEvent.samples.map { .officer($0) }
    case .framework: FrameworkEvent.samples.map { .framework($0) }
    case .authorisation: AuthorisationEvent.samples.map { .authorisation($0) }
    case .instrument: InstrumentEvent.samples.map { .instrument($0) }
    case .agreement: AgreementEvent.samples.map { .agreement($0) }
    case .programme: ProgrammeEvent.samples.map { .programme($0) }
    case .course: CourseEvent.samples.map { .course($0) }
    case .cohort: CohortEvent.samples.map { .cohort($0) }
    case .enrolment: EnrolmentEvent.samples.map { .enrolment($0) }
    case .submission: SubmissionEvent.samples.map { .submission($0) }
    case .credential: CredentialEvent.samples.map { .credential($0) }
    case .skillClaim: SkillClaimEvent.samples.map { .skillClaim($0) }
    case .mandate: MandateEvent.samples.map { .mandate($0) }
    case .duty: DutyEvent.samples.map { .duty($0) }
    }
  }

  // MARK: the history

  private static let example = "example"
  private static let keys = ["w1", "w2", "w3"]
  /// Streams for what chance does not come to, as many as a kind has events at most.
  private static let missing = (0..<40).map { "m\($0)" }

  /// What the examples refer to, each under the key that they name.
  private static var ground: [Proposal] {
    let skill = SkillLevel(framework: id(example), skill: id(example), level: 1)
    var all = [
      Fixture.proposal(
        "registry/ke", "2020-01-01",
        .registry(
          .established(
            RegistryEstablished(
              jurisdiction: id("ke"), timeZone: "Africa/Nairobi",
              identifierSchemes: [id("pn"), id(example)])))),
      Fixture.organisation(example, [.ministry, .employer, .trainingPartner]),
      Fixture.organisation("moict", [.ministry, .employer]),
      Fixture.organisation("heta", [.trainingPartner]),
      Fixture.proposal(
        "framework/" + example, "2020-01-01",
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1",
              skills: [Skill(code: id(example), title: "Example", levels: 3)])))),
      Fixture.course(example).with(outcomes: [skill]), Fixture.agreement(example),
      Fixture.proposal(
        "authorisation/" + example, "2020-01-01",
        .authorisation(
          .granted(AuthorisationGranted(organisation: id(example), validFrom: day("2020-01-01")))),
        source: true),
      Fixture.mandate(example, course: example),
    ]
    for key in [example, "other"] {
      all.append(
        Fixture.proposal(
          "cohort/" + key, "2021-01-01",
          .cohort(
            .planned(
              CohortPlanned(
                terms: CohortTerms(
                  course: id(example), edition: 1, organisation: id(example),
                  starts: day("2021-01-10"), ends: day("2026-03-31")))))))
    }
    for (at, key) in ([example, "long"] + keys + missing).enumerated() {
      all.append(Fixture.officer(key, "E\(at)"))
    }
    // More events than stand in the row of a stream's head.
    all.append(Fixture.enrolled("long", "long", example))
    for at in 0..<70 {
      all.append(
        Fixture.proposal(
          "enrolment/long", "2022-01-15",
          .enrolment(.attended(EnrolmentAttended(session: id("s\(at)"), minutes: 10)))))
    }
    all.append(
      Fixture.proposal(
        "credential/" + example, "2020-06-01",
        .credential(
          .issued(
            CredentialIssued(
              holder: id(example), issuer: id(example), number: "E0", courses: [id(example)],
              awardedOn: day("2020-06-01"), validFrom: day("2020-06-01"))))))
    return all
  }

  mutating func record() throws {
    for proposal in Self.ground {
      try registry.given(proposal)
      recorded.append(proposal)
    }
    for kind in StreamKind.allCases {
      for step in 0..<80 { try record(next(kind, step: step)) }
      try recordWhatIsMissing(kind)
    }
    try recordWhatNoEventIsNamedFor()
    // Last, so that what chance gives is the same whatever is added here.
    for proposal in Self.withTerms {
      try registry.given(proposal)
      recorded.append(proposal)
    }
  }

  /// What is counted under an agreement, and a credential's number that was mended.
  private mutating func recordWhatNoEventIsNamedFor() throws {
    var attended = Fixture.proposal(
      "enrolment/long", "2022-01-16",
      .enrolment(.attended(EnrolmentAttended(session: id("counted"), minutes: 10))))
    attended.attributedTo = StreamID(.agreement, id(Self.example))
    try record(attended)
    let issued = recorded.first { $0.stream == StreamID(.credential, id(Self.example)) }
    guard let issued, case .credential(.issued(var terms)) = issued.body else { return }
    terms.number = "E00"
    try record(
      Fixture.proposal(
        issued.stream.text, issued.effective.text, .credential(.issued(terms)),
        corrects: issued.eventID, source: true))
  }

  /// Brings a stream of its own to each event that chance has not come to, by the shortest way that
  /// the life cycle has.
  private mutating func recordWhatIsMissing(_ kind: StreamKind) throws {
    let bodies = Self.bodies(kind)
    for (at, body) in bodies.enumerated() where !names.contains(body.eventName) {
      guard let steps = Self.way(to: at, of: kind) else { continue }
      let key = kind == .registry ? "ke" : "m\(at)"
      let stream = StreamID(kind, id(key))
      let isThere = kind == .registry || kind == .officer
      for (step, event) in (isThere ? steps.dropFirst() : steps[...]).enumerated() {
        let body = Self.body(bodies[event], of: id(key))
        try record(
          Fixture.proposal(
            stream.text, day("2023-01-01").adding(days: 3 * step).text, body, source: true,
            personal: personal(body, step)))
      }
    }
  }

  /// The events that lead from nothing to one, with it: by their places among the kind's.
  private static func way(to event: Int, of kind: StreamKind) -> [Int]? {
    let table = LifeCycleTable.of(kind)
    // From each state (0: no history yet) the events that led there first.
    var ways: [Int: [Int]] = [0: []]
    var next = [0]
    while !next.isEmpty {
      let state = next.removeFirst()
      let way = ways[state] ?? []
      for (at, row) in table.rows.enumerated() {
        let to: Int?
        switch row.cells[state] {
        case .no, .unchanged: continue
        case .stays, .returns: to = nil
        case .to(let name), .vouched(let name): to = table.states.firstIndex(of: name)
        }
        if at == event { return way + [at] }
        if let to, ways[to + 1] == nil {
          ways[to + 1] = way + [at]
          next.append(to + 1)
        }
      }
    }
    return nil
  }

  private mutating func record(_ proposal: Proposal) throws {
    let outcome = try registry.record([proposal])[0]
    if outcome.position != nil, !outcome.isAlready { recorded.append(proposal) }
  }

  /// A random event of a kind, mostly later than those before.
  private mutating func next(_ kind: StreamKind, step: Int) -> Proposal {
    let key = kind == .registry ? "ke" : Self.keys.randomElement(using: &random)!
    let stream = StreamID(kind, id(key))
    let start = step / 4 + (Int.random(in: 0..<8, using: &random) == 0 ? -10 : 0)
    let on = day("2021-02-01").adding(days: 3 * max(start, 0))
    let earlier = recorded.filter { $0.stream == stream }
    if step % 8 == 7, let target = earlier.randomElement(using: &random) {
      let body = [.voided(Voided()), .restored(Restored()), target.body]
        .randomElement(using: &random)!
      return Fixture.proposal(
        stream.text, target.effective.text, body, corrects: target.eventID, source: true,
        personal: personal(body, step))
    }
    // Each once in its turn, as far as the life cycle lets it, and others between.
    let bodies = Self.bodies(kind)
    let body = Self.body(
      step % 2 == 0 ? bodies[step / 2 % bodies.count] : bodies.randomElement(using: &random)!,
      of: id(key))
    return Fixture.proposal(
      stream.text, on.text, body, source: true, personal: personal(body, step))
  }

  private func personal(_ body: Proposal.Body, _ step: Int) -> Personal? {
    let number = SchemeValue(scheme: id(Self.example), value: "N\(step)-\(recorded.count)")
    return switch body {
    case .officer(.registered): Personal(name: "Example")
    case .officer(.identifierAdded): Personal(name: "", identifiers: [number])
    default: nil
    }
  }

  /// An example as one of its stream: what only one stream may have is that stream's.
  private static func body(_ body: Proposal.Body, of key: Identifier) -> Proposal.Body {
    let seat = Seat(officer: key, cohort: id(example))
    let holder = DutyHolder(officer: key, mandate: id(example))
    switch body {
    case .enrolment(.nominated): return .enrolment(.nominated(.init(seat: seat)))
    case .enrolment(.enrolled): return .enrolment(.enrolled(.init(seat: seat)))
    case .enrolment(.completed):
      return .enrolment(.completed(.init(seat: seat, result: .passed)))
    case .enrolment(.notCompleted): return .enrolment(.notCompleted(.init(seat: seat)))
    case .enrolment(.transferred): return .enrolment(.transferred(.init(cohort: id("other"))))
    case .duty(.exemptionGranted): return .duty(.exemptionGranted(.init(duty: holder)))
    case .duty(.nonComplianceRecorded):
      return .duty(.nonComplianceRecorded(.init(duty: holder)))
    case .credential(.issued):
      return .credential(
        .issued(
          CredentialIssued(
            holder: key, issuer: id(example), number: key.text, courses: [id(example)],
            awardedOn: day("2021-02-01"), validFrom: day("2021-02-01"),
            validUntil: day("2023-12-31"))))
    default: return body
    }
  }
}

extension Proposal {
  /// A course as another that teaches these skills.
  fileprivate func with(outcomes: [SkillLevel]) -> Proposal {
    guard case .course(.published(var published)) = body else { return self }
    published.outcomes = outcomes
    var proposal = self
    proposal.body = .course(.published(published))
    return proposal
  }
}
