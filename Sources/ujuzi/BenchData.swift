import ArgumentParser
import Foundation
import Imports
import Messages
import Registrar
import Registry
import Synchronization

/// Made-up registries for measurements; not shown in the help.
struct BenchData: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-data", abstract: "Make a registry of made-up people for measurements.",
    shouldDisplay: false)

  @Option var data: String
  @Option var out: String
  @Option var officers = 100_000

  static let day = Day("2022-01-01")!

  func run() throws {
    let store = try Opening.store(data: data, masterKey: nil, mapSizeGiB: 64, logLevel: .error)
    let writer = Writer(store)
    writer.start()
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    let begun = Date()
    var pending: [RecordItem] = []
    let failures = Mutex<[String]>([])
    let waiting = DispatchSemaphore(value: 4)
    let arena = Arena()
    func flush() {
      guard !pending.isEmpty else { return }
      waiting.wait()
      writer.submit(
        RecordJob(
          items: pending.map { Proposed($0, arena: arena) }, atomic: false, purpose: .record,
          actor: "bench"
        ) { result in
          if case .success(let reply) = result {
            for case .rejected(let why) in reply.outcomes {
              failures.withLock { $0.append(why.sentence) }
            }
          } else {
            failures.withLock { $0.append("\(result)") }
          }
          waiting.signal()
        })
      pending.removeAll(keepingCapacity: true)
    }
    func add(_ proposal: Proposal) {
      pending.append(RecordItem(proposal: Codec.encode(proposal, arena: arena)))
      if pending.count == 1000 { flush() }
    }
    for proposal in Self.ground { add(proposal) }
    flush()
    var credentials: [UInt8] = []
    var profiles: [UInt8] = []
    var records: [UInt8] = []
    for at in 0..<officers {
      let chain = Self.chain(at)
      for proposal in chain { add(proposal) }
      let credential = chain[3].stream.key
      Self.append(
        Codec.encode(VerifyCredentialRequest(which: .credential(credential)), arena: arena),
        to: &credentials)
      Self.append(
        Codec.encode(GetProfileRequest(who: .officer(chain[0].stream.key)), arena: arena),
        to: &profiles)
      if at < 200_000 {
        let next = Proposal(
          eventID: DerivedID.event("bench next", "\(at)"),
          stream: StreamID(.enrolment, DerivedID.key("bench next", "\(at)")),
          effective: Day("2023-01-10")!, source: Source(system: Identifier("bench")!),
          body: .enrolment(
            .enrolled(
              EnrolmentEnrolled(
                seat: Seat(officer: chain[0].stream.key, cohort: Identifier("next")!)))))
        let item = RecordItem(proposal: Codec.encode(next, arena: arena))
        Self.append(Codec.encode(RecordRequest(items: [item]), arena: arena), to: &records)
      }
    }
    flush()
    for _ in 0..<4 { waiting.wait() }
    for _ in 0..<4 { waiting.signal() }
    let seconds = Date().timeIntervalSince(begun)
    writer.stop()
    let events = try store.digestPosition()
    try store.close()
    if let first = failures.withLock({ $0.first }) { throw Trouble("rejected: \(first)") }
    try Data(credentials).write(to: URL(fileURLWithPath: out + "/verify.bin"))
    try Data(profiles).write(to: URL(fileURLWithPath: out + "/profile.bin"))
    try Data(records).write(to: URL(fileURLWithPath: out + "/record.bin"))
    Output.line("\(events) events in \(seconds) s, \(Int(Double(events) / seconds)) events/s")
  }

  private static func append(_ request: [UInt8], to file: inout [UInt8]) {
    for shift in [24, 16, 8, 0] { file.append(UInt8(truncatingIfNeeded: request.count >> shift)) }
    file += request
  }

  private static func proposal(_ stream: StreamID, _ body: Proposal.Body, on: Day = day) -> Proposal
  {
    Proposal(
      eventID: DerivedID.event("bench", stream.text, Describe.name(body)), stream: stream,
      effective: on, source: Source(system: Identifier("bench")!), body: body)
  }

  private static func stream(_ text: String) -> StreamID { StreamID(text)! }

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
        stream("framework/ict"),
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1",
              skills: [Skill(code: Identifier("cloud")!, title: "cloud", levels: 3)])))),
      proposal(
        stream("course/course"),
        .course(
          .published(
            CoursePublished(
              edition: 1, title: "Example course", track: .technical,
              outcomes: [
                SkillLevel(framework: Identifier("ict")!, skill: Identifier("cloud")!, level: 2)
              ])))),
      proposal(
        stream("authorisation/heta"),
        .authorisation(
          .granted(AuthorisationGranted(organisation: heta, validFrom: day)))),
      cohort("next"),
    ] + (0..<100).map { cohort("cohort-\($0)") }
  }

  /// One officer's five events.
  static func chain(_ at: Int) -> [Proposal] {
    let officer = DerivedID.key("bench officer", "\(at)")
    let seat = Seat(officer: officer, cohort: Identifier("cohort-\(at % 100)")!)
    let enrolment = StreamID(.enrolment, DerivedID.key("bench enrolment", "\(at)"))
    let credential = StreamID(.credential, DerivedID.key("bench credential", "\(at)"))
    let done = day.adding(days: 90)
    var registered = proposal(
      StreamID(.officer, officer),
      .officer(.registered(OfficerRegistered(posting: Posting(organisation: Identifier("heta")!)))))
    registered.personal = Personal(
      name: "Example \(at)",
      identifiers: [SchemeValue(scheme: Identifier("pn")!, value: "\(at)")])
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
              holder: officer, issuer: Identifier("heta")!, number: "EX/2022/\(at)",
              courses: [Identifier("course")!], awardedOn: done, validFrom: done,
              validUntil: done.adding(days: 3650), evidence: [completed.eventID]))), on: done),
      proposal(
        enrolment,
        .enrolment(.awardConferred(EnrolmentAwardConferred(award: Identifier("merit")!))), on: done),
    ]
  }
}
