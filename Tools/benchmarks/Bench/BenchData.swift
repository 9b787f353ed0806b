import ArgumentParser
import Foundation
import Imports
import Messages
import Queries
import Registry

/// Made-up registries for measurements.
struct BenchData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Make a registry of made-up people for measurements.",
    discussion: """
      --kind plain: of each officer, one training with its credential, five events.
      --kind mixed: \(BenchMixed.shape)

      Writes to --out, each request with its length (u32, big-endian) before it: verify.bin,
      profile.bin (one for each officer) and, of a plain registry, record.bin: as many requests of
      one event each, of officers who come new. In turn one is registered, one enrolled, one
      completes, one is issued a credential; of one officer \(steps * between) requests apart, so
      that they may be sent on several connections. With --requests-only nothing is recorded: bulk.bin gets
      the whole registry as requests of --batch items, for `send`.
      """)

  enum Kind: String, ExpressibleByArgument { case plain, mixed }

  @Option var data: String?
  @Option var out: String
  @Option var officers = 100_000
  @Option var kind = Kind.plain
  @Flag(name: .customLong("requests-only")) var requestsOnly = false
  @Option var batch = 1000

  static let day = Day("2022-01-01")!

  func run() throws {
    guard (1...1000).contains(batch), officers > 0 else {
      throw CLIError("--batch is 1 to 1000, --officers at least 1.")
    }
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    if requestsOnly { return try writeBulk() }
    guard let data else { throw CLIError("Give --data, or --requests-only.") }
    let store = try RegistryOpener.store(data: data, mapSizeGiB: 64)
    let recorder = BenchRecorder(store)
    let begun = Date()
    forEachEvent { recorder.add($0) }
    recorder.finish()
    let seconds = Date().timeIntervalSince(begun)
    let events = try store.digestPosition()
    try store.close()
    if let first = recorder.firstFailure { throw CLIError("rejected: \(first)") }
    try writeQuestions()
    Output.line("\(events) events in \(seconds) s, \(Int(Double(events) / seconds)) events/s")
  }

  private func forEachEvent(_ body: (Proposal) throws -> Void) rethrows {
    switch kind {
    case .plain:
      for proposal in Self.ground { try body(proposal) }
      for at in 0..<officers { for proposal in Self.chain(at) { try body(proposal) } }
      for at in 0..<((Self.steps - 1) * Self.between) {
        for proposal in Self.begun(at, officers) { try body(proposal) }
      }
    case .mixed:
      let mixed = BenchMixed()
      for proposal in mixed.ground { try body(proposal) }
      try mixed.forEach(officers: officers, body)
    }
  }

  private func writeBulk() throws {
    let file = try RequestFile(out + "/bulk.bin")
    let arena = Arena()
    var items: [RecordItem] = []
    var events = 0
    func flush() throws {
      guard !items.isEmpty else { return }
      try file.write(Codec.encode(RecordRequest(items: items), arena: arena))
      events += items.count
      items.removeAll(keepingCapacity: true)
    }
    try forEachEvent { proposal in
      items.append(RecordItem(proposal: Codec.encode(proposal, arena: arena)))
      if items.count == batch { try flush() }
    }
    try flush()
    try file.close()
    Output.line("\(events) events in requests of \(batch)")
  }

  private func writeQuestions() throws {
    let arena = Arena()
    let (verify, profile) = (
      try RequestFile(out + "/verify.bin"), try RequestFile(out + "/profile.bin")
    )
    for at in 0..<officers {
      let officer = kind == .plain ? Self.officer(at) : BenchMixed.officer(at)
      try profile.write(
        Codec.encode(GetProfileRequest(who: .officer(officer)), arena: arena))
      let credential =
        kind == .plain
        ? Self.credential(at)
        : BenchMixed().chain(at).first { $0.stream.kind == .credential }?.stream.key
      guard let credential else { continue }
      try verify.write(
        Codec.encode(VerifyCredentialRequest(which: .credential(credential)), arena: arena))
    }
    try verify.close()
    try profile.close()
    guard kind == .plain else { return }
    let record = try RequestFile(out + "/record.bin")
    for at in 0..<min(officers, Self.recordsMax) {
      let item = RecordItem(
        proposal: Codec.encode(
          Self.coming(round: at / Self.steps, at % Self.steps, officers), arena: arena))
      try record.write(Codec.encode(RecordRequest(items: [item]), arena: arena))
    }
    try record.close()
  }

  static func officer(_ at: Int) -> Identifier { DerivedID.key("bench officer", "\(at)") }

  private static func credential(_ at: Int) -> Identifier {
    DerivedID.key("bench credential", "\(at)")
  }

  private static func proposal(_ stream: StreamID, _ body: Proposal.Body, on: Day = day) -> Proposal
  {
    Proposal(
      eventID: DerivedID.event("bench", stream.text, body.eventName), stream: stream,
      effective: on, source: Source(system: Identifier("bench")!), body: body)
  }

  private static func stream(_ text: String) -> StreamID { StreamID(text)! }

  /// So many, and so long, that an answer about a credential has some 250 bytes and a profile some
  /// 1,500.
  private static let skills = [
    ("information-literacy", "Finding and judging information"),
    ("protecting-devices", "Protecting devices and content"),
    ("personal-data-care", "Protecting personal data and privacy"),
    ("sharing-documents", "Sharing through digital technologies"),
    ("solving-problems", "Solving technical problems at work"),
    ("records-management", "Managing electronic records"),
    ("licences", "Copyright and licences of what is made"),
    ("accessible-services", "Making services accessible to everybody"),
    ("data-analysis", "Analysing data for decisions"),
    ("artificial-intelligence", "Using artificial intelligence with care"),
    ("online-collaboration", "Collaborating through digital technologies"),
  ]

  private static let levels = skills.map { code, _ in
    SkillLevel(
      framework: Identifier("digital-competence")!, skill: Identifier(code)!, level: 2)
  }

  static var ground: [Proposal] {
    let heta = Identifier("heta")!
    func cohort(_ key: String) -> Proposal {
      proposal(
        stream("cohort/" + key),
        .cohort(
          .planned(
            CohortPlanned(
              terms: CohortTerms(
                course: Identifier("course")!, edition: 1, organisation: heta, starts: day,
                ends: day.adding(days: 90))))))
    }
    return [
      proposal(
        stream("registry/ke"),
        .registry(
          .established(
            RegistryEstablished(jurisdiction: Identifier("ke")!, timeZone: "Africa/Nairobi")))),
      proposal(
        stream("organisation/heta"),
        .organisation(.registered(OrganisationRegistered(name: "Example centre")))),
      proposal(
        stream("framework/digital-competence"),
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1",
              skills: skills.map { code, title in
                Skill(code: Identifier(code)!, title: title, levels: 3)
              })))),
      proposal(
        stream("course/course"),
        .course(
          .published(
            CoursePublished(
              edition: 1, title: "Example course for public servants", track: .technical,
              outcomes: levels)))),
      proposal(
        stream("authorisation/heta"),
        .authorisation(
          .granted(AuthorisationGranted(organisation: heta, validFrom: day)))),
    ] + (0..<100).map { cohort("cohort-\($0)") }
  }

  // MARK: what is recorded later

  private static let recordsMax = 200_000
  /// Events of each officer who comes new, and how many officers later the next of them comes.
  private static let (steps, between) = (4, 1000)

  /// What a round records at a step, of the officers after those whom the registry has.
  private static func coming(round: Int, _ step: Int, _ officers: Int) -> Proposal {
    chain(officers + round + (steps - 1 - step) * between)[step]
  }

  /// What of such an officer was recorded before the first round.
  private static func begun(_ at: Int, _ officers: Int) -> ArraySlice<Proposal> {
    chain(officers + at).prefix(steps - 1 - at / between)
  }

  /// One officer's five events.
  static func chain(_ at: Int) -> [Proposal] {
    let officer = Self.officer(at)
    let seat = Seat(officer: officer, cohort: Identifier("cohort-\(at % 100)")!)
    let enrolment = StreamID(.enrolment, DerivedID.key("bench enrolment", "\(at)"))
    let credential = StreamID(.credential, Self.credential(at))
    let done = day.adding(days: 90)
    var registered = proposal(
      StreamID(.officer, officer),
      .officer(.registered(OfficerRegistered(posting: Posting(organisation: Identifier("heta")!)))))
    registered.personal = Personal(
      name: "Example \(at)",
      identifiers: [SchemeValue(scheme: Identifier("pn")!, value: "\(at + 1)")])
    let completed = proposal(
      enrolment, .enrolment(.completed(EnrolmentCompleted(result: .passed, score: 7500))), on: done)
    return [
      registered,
      proposal(enrolment, .enrolment(.enrolled(EnrolmentEnrolled(seat: seat)))),
      completed,
      proposal(
        credential,
        .credential(
          .issued(
            CredentialIssued(
              holder: officer, issuer: Identifier("heta")!,
              number: "EXAMPLE-CENTRE/PUBLIC-SERVICE/DIGITAL/2022/\(at)",
              courses: [Identifier("course")!], skills: Array(levels.prefix(2)), awardedOn: done,
              validFrom: done,
              validUntil: done.adding(days: 3650), evidence: [completed.eventID]))), on: done),
      proposal(
        enrolment,
        .enrolment(.awardConferred(EnrolmentAwardConferred(award: Identifier("merit")!))), on: done),
    ]
  }
}
