import ArgumentParser
import Foundation
import Imports
import Locking
import Messages
import Recording
import Registry
import UjuziClient

/// A registry of many made-up officers under one mandate, for measurements.
struct BenchPeople: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people", abstract: "Make many made-up people for measurements.")

  @Option var data: String
  @Option var officers = 1_000_000

  static let organisations = 400
  static let day = Day("2022-01-01")!

  func run() throws {
    let store = try RegistryOpener.store(data: data, mapSizeGiB: 64)
    let writer = Writer(store)
    writer.start()
    let begun = Date()
    let failures = Mutex<[String]>([])
    let waiting = DispatchSemaphore(value: 4)
    let arena = Arena()
    var pending: [RecordItem] = []
    func flush() {
      guard !pending.isEmpty else { return }
      waiting.wait()
      writer.submit(
        DecodedRequest(
          items: pending.map { PendingItem($0, arena: arena) }, atomic: false, purpose: .record,
          actor: "bench"
        ) { result in
          switch result {
          case .success(let reply):
            for case .rejected(let why) in reply.outcomes {
              failures.withLock { $0.append(why.sentence) }
            }
          case .failure(let failure): failures.withLock { $0.append("\(failure)") }
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
    for at in 0..<officers { for proposal in Self.life(at) { add(proposal) } }
    flush()
    for _ in 0..<4 { waiting.wait() }
    for _ in 0..<4 { waiting.signal() }
    writer.stop()
    let events = try store.digestPosition()
    try store.close()
    if let first = failures.withLock({ $0.first }) { throw CLIError("rejected: \(first)") }
    let seconds = Date().timeIntervalSince(begun)
    Output.line("\(events) events in \(seconds) s, \(Int(Double(events) / seconds)) events/s")
  }

  private static func proposal(
    _ stream: String, _ body: Proposal.Body, on: Day = day
  ) -> Proposal {
    Proposal(
      eventID: DerivedID.event("bench people", stream, body.eventName),
      stream: StreamID(stream)!, effective: on, source: Source(system: Identifier("bench")!),
      body: body)
  }

  private static func id(_ text: String) -> Identifier { Identifier(text)! }

  /// Organisations in three ranks, courses from one that nearly all have to one that nobody has.
  static var ground: [Proposal] {
    var all = [
      proposal(
        "registry/ke",
        .registry(
          .established(
            RegistryEstablished(jurisdiction: id("ke"), timeZone: "Africa/Nairobi"))), on: day)
    ]
    for at in 0..<organisations {
      all.append(
        proposal(
          "organisation/org-\(at)",
          .organisation(.registered(OrganisationRegistered(name: "Example \(at)")))))
      guard at > 0 else { continue }
      all.append(
        proposal(
          "organisation/org-\(at)",
          .organisation(
            .movedUnder(OrganisationMovedUnder(parent: id("org-\(at < 20 ? 0 : at % 20)"))))))
    }
    let courses = ["common", "often", "rare", "none"]
    all.append(
      proposal(
        "framework/ict",
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1",
              skills: courses.map { Skill(code: id($0), title: $0, levels: 3) })))))
    for course in courses {
      all.append(
        proposal(
          "course/" + course,
          .course(
            .published(
              CoursePublished(
                edition: 1, title: course, track: .technical,
                outcomes: [SkillLevel(framework: id("ict"), skill: id(course), level: 2)])))))
      all.append(
        proposal(
          "cohort/" + course,
          .cohort(
            .planned(
              CohortPlanned(
                terms: CohortTerms(
                  course: id(course), edition: 1, organisation: id("org-0"), starts: day,
                  ends: day.adding(days: 900)))))))
    }
    all.append(
      proposal(
        "mandate/everybody",
        .mandate(
          .enteredIntoForce(
            MandateEnteredIntoForce(
              terms: MandateTerms(
                title: "Example training",
                population: PopulationRule(
                  postedOn: day.adding(days: 30), steps: [.organisation(id("org-0"))]),
                courses: [id("common")], deadline: day.adding(days: 300), joinerDays: 60))))))
    return all
  }

  /// The same number below `count` for the same officer and turn (SplitMix64).
  private static func pick(_ at: Int, _ turn: UInt64, below count: UInt64) -> Int {
    var z = UInt64(at) &* 16 &+ turn &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % count)
  }

  /// One officer's events: registered, now and then posted elsewhere, trained.
  static func life(_ at: Int) -> [Proposal] {
    let key = DerivedID.key("bench people", "\(at)")
    func pick(_ turn: UInt64, below count: UInt64) -> Int { Self.pick(at, turn, below: count) }
    func posting(_ turn: UInt64) -> Posting {
      Posting(
        organisation: id("org-\(pick(turn, below: UInt64(organisations)))"),
        position: id("position-\(pick(2, below: 50))"), cadre: id("cadre-\(pick(3, below: 20))"),
        grade: id("grade-\(pick(4, below: 12))"), county: id("county-\(pick(5, below: 47))"))
    }
    // One of ten joins in the year after the posting day.
    let joins = pick(6, below: 10) == 0
    var registered = proposal(
      "officer/" + key.text,
      .officer(.registered(OfficerRegistered(posting: posting(0)))),
      on: joins ? day.adding(days: 31 + pick(7, below: 300)) : day)
    registered.personal = Personal(name: "Example \(at)")
    var life = [registered]
    if pick(8, below: 5) == 0 {
      life.append(
        proposal(
          "officer/" + key.text, .officer(.posted(OfficerPosted(posting: posting(1)))),
          on: day.adding(days: 400)))
    }
    func trained(_ course: String, _ turn: UInt64) {
      let stream = "enrolment/" + DerivedID.key("bench people", course, "\(at)").text
      life.append(
        proposal(
          stream,
          .enrolment(
            .completed(
              EnrolmentCompleted(
                seat: Seat(officer: key, cohort: id(course)), result: .passed, score: 7000))),
          on: day.adding(days: 350 + pick(turn, below: 200) - 300 * min(1, pick(9, below: 3)))))
    }
    if pick(10, below: 8) != 0 { trained("common", 11) }
    if pick(12, below: 4) == 0 { trained("often", 13) }
    if pick(14, below: 5000) == 0 { trained("rare", 15) }
    return life
  }
}
