import Foundation
import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Live equals rebuilt equals folded, over random histories with late facts, voids, corrections
/// and restorations.
struct RebuildTests {
  /// One random proposal about what was recorded so far.
  static func next(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    let officers = ["a", "b"]
    let key = Int.random(in: 0..<6, using: &random)
    let month = Int.random(in: 1...12, using: &random)
    let date = "2022-\(month < 10 ? "0" : "")\(month)-1\(Int.random(in: 0...9, using: &random))"
    let evidence = recorded.filter {
      if case .enrolment(.completed) = $0.body { $0.corrects == nil } else { false }
    }
    switch Int.random(in: 0..<20, using: &random) {
    case 14: return Self.merge(&random, date)
    case 15: return Self.paper(key, &random, date)
    case 16: return Self.claim(key, &random, date)
    case 17: return Self.duty(key, officers[key % 2], &random, date)
    case 18:
      return Fixture.proposal(
        "officer/" + ["a", "b", "c"].randomElement(using: &random)!, date,
        .officer(
          .posted(
            OfficerPosted(
              posting: Posting(
                organisation: id(["moict", "heta"][key % 2]), county: id("county-\(key)"))))))
    case 19: return Self.shared(key, &random, recorded)
    case 0, 1:
      return Fixture.proposal(
        "enrolment/e\(key)", date,
        .enrolment(
          .enrolled(
            EnrolmentEnrolled(seat: Fixture.seat(officers[key % 2], key < 2 ? "c1" : "c\(key)")))))
    case 2, 3, 4: return Fixture.completed("e\(key)", on: date)
    case 5:
      return Fixture.proposal(
        "enrolment/e\(key)", date,
        .enrolment(
          .assessed(EnrolmentAssessed(assessment: id("x"), mode: .proctored, score: 7000))))
    case 6, 7:
      return Fixture.issued(
        "k\(key)", to: officers[key % 2], number: "N\(key)",
        evidence: evidence.randomElement(using: &random).map { [$0.eventID] } ?? [], on: date,
        until: key % 2 == 0 ? "2024-01-01" : nil)
    case 8: return Fixture.credential("k\(key)", date, .suspended(CredentialSuspended()))
    case 9: return Fixture.credential("k\(key)", date, .reinstated(CredentialReinstated()))
    case 10:
      return Fixture.credential("k\(key)", date, .recognised(CredentialRecognised(by: id("moict"))))
    case 11:
      guard let target = recorded.randomElement(using: &random) else { fallthrough }
      return Fixture.voided(target)
    case 12:
      guard let target = recorded.randomElement(using: &random) else { fallthrough }
      return Fixture.restored(target)
    default:
      guard let target = recorded.randomElement(using: &random) else {
        return Fixture.completed("e\(key)", on: date)
      }
      return Fixture.proposal(
        target.stream.text, date, target.body, corrects: target.eventID)
    }
  }

  private static func merge(_ random: inout Seeded, _ date: String) -> Proposal {
    let officers = ["a", "b", "c"].shuffled(using: &random)
    let event: OfficerEvent =
      Bool.random(using: &random)
      ? .mergedInto(OfficerMergedInto(officer: id(officers[1])))
      : .mergeReversed(OfficerMergeReversed(toThis: [], toSurvivor: []))
    return Fixture.proposal("officer/" + officers[0], date, .officer(event))
  }

  private static func paper(_ key: Int, _ random: inout Seeded, _ date: String) -> Proposal {
    let paper = Paper(
      officer: id(["a", "b", "c"][key % 3]), submissionKind: .certificate,
      document: Array(repeating: UInt8(key), count: 32), courses: key < 3 ? [id("cloud-1")] : [])
    let event: SubmissionEvent =
      Bool.random(using: &random)
      ? .submitted(SubmissionSubmitted(paper: paper))
      : .verified(SubmissionVerified(paper: paper, method: id("issuer")))
    return Fixture.proposal("submission/p\(key)", date, .submission(event), source: true)
  }

  private static func claim(_ key: Int, _ random: inout Seeded, _ date: String) -> Proposal {
    let claim = ClaimedSkill(
      officer: id(["a", "b", "c"][key % 3]), skill: Fixture.claimed,
      documents: [Array(repeating: UInt8(key), count: 32)])
    let event: SkillClaimEvent =
      Bool.random(using: &random)
      ? .claimed(SkillClaimed(claim: claim))
      : .priorLearningRecognised(PriorLearningRecognised(claim: claim))
    return Fixture.proposal("skill_claim/s\(key)", date, .skillClaim(event), source: true)
  }

  private static func duty(
    _ key: Int, _ officer: String, _ random: inout Seeded, _ date: String
  ) -> Proposal {
    let holder = DutyHolder(officer: id(officer), mandate: id("m"))
    let event: DutyEvent =
      Bool.random(using: &random)
      ? .exemptionGranted(DutyExemptionGranted(duty: holder))
      : .exemptionEnded(DutyExemptionEnded())
    return Fixture.proposal("duty/d\(key)", date, .duty(event))
  }

  /// What changes shared streams: a cohort's course corrected, a policy, requirements.
  private static func shared(
    _ key: Int, _ random: inout Seeded, _ recorded: [Proposal]
  ) -> Proposal {
    switch key {
    case 0:
      return Fixture.proposal(
        "registry/ke", "2022-05-01",
        .registry(.policyAdopted(PolicyAdopted(version: UInt32.random(in: 2...9, using: &random)))))
    case 1:
      return Fixture.proposal(
        "registry/ke", "2022-05-02",
        .registry(
          .requirementSet(RequirementSet(whose: .cadre(id("ict")), skills: [Fixture.claimed]))))
    default:
      let planned = Fixture.cohort("c\(key)")
      guard let old = recorded.first(where: { $0.stream == planned.stream }),
        case .cohort(.planned(var given)) = planned.body
      else { return planned }
      given.terms.course = id(Bool.random(using: &random) ? "cloud-1" : "cloud-2")
      return Fixture.proposal(
        planned.stream.text, old.effective.text, .cohort(.planned(given)), corrects: old.eventID)
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `Any history gives the same views live, caught up and rebuilt`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("c", "3"), Fixture.course("cloud-2"), Fixture.mandate("m", course: "cloud-1"))
    var recorded: [Proposal] = []
    for key in 2..<6 {
      recorded.append(Fixture.cohort("c\(key)"))
      try registry.given(recorded.last!)
    }
    var outcomes: [String: Int] = [:]
    let behind = registry.folder + "/behind.mdb"
    let keptAt = Int.random(in: 1..<150, using: &random)
    for at in 0..<150 {
      if at == keptAt { try registry.copyViews(to: behind) }
      let batch = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        Self.next(&random, recorded)
      }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        outcomes[outcome.code ?? (outcome.isUnchanged ? "unchanged" : "recorded"), default: 0] += 1
        if outcome.position != nil, !outcome.isAlready { recorded.append(proposal) }
      }
    }
    #expect(recorded.count > 30, "seed \(seed): \(outcomes)")
    let live = try registry.store.digest()
    try folded(registry, seed: seed)
    try registry.reopen(withViews: behind)
    #expect(registry.store.viewsState == "caught up", "seed \(seed)")
    #expect(try registry.store.digest().hex == live.hex, "caught up, seed \(seed)")
    try registry.reopen(rebuild: true)
    let rebuilt = try registry.store.digest()
    for (a, b) in zip(live.tables, rebuilt.tables) {
      #expect(a == b, "table \(a.table.rawValue), seed \(seed)")
    }
    // Every row goes through a file.
    try registry.reopen(rebuild: true, rebuildMemoryBytes: 1)
    #expect(try registry.store.digest().hex == live.hex, "by files, seed \(seed)")
    try registry.end()
  }

  /// Every answer at every position and many days equals the fold of the stream from scratch.
  private func folded(_ registry: TestRegistry, seed: UInt64) throws {
    let session = try ReadSession(registry.store)
    defer { session.end() }
    try session.read { reader in
      let days = ["2021-12-31", "2022-03-15", "2022-06-10", "2022-12-31", "2030-01-01"].map(day)
      for kind in ["enrolment/e", "credential/k"] {
        for key in 0..<6 {
          let stream = StreamID(kind + "\(key)")!
          guard let row = try reader.row(of: stream) else { continue }
          let history = try reader.history(of: stream, row)
          for position in [reader.asOf, reader.asOf / 2, reader.asOf / 3, 12] {
            let known = history.filter { $0.metadata.position < position }
            for day in days {
              let expected = EffectiveHistory(known).fold(until: day).state
              #expect(
                try reader.state(of: stream, on: day, knownAt: position) == expected,
                "\(stream.text) on \(day.text) at \(position), seed \(seed)")
            }
          }
        }
      }
    }
  }

  @Test func `A stream of many events keeps every position`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.enrolled("e1", "a"))
    let sessions = (0..<150).map { at in
      Fixture.proposal(
        "enrolment/e1", "2022-01-15",
        .enrolment(.attended(EnrolmentAttended(session: id("s\(at)"), minutes: 10))))
    }
    for outcome in try registry.record(sessions) { #expect(outcome.position != nil) }
    let live = try registry.store.digest()
    let late = Fixture.proposal(
      "enrolment/e1", "2022-01-14",
      .enrolment(.attended(EnrolmentAttended(session: id("late"), minutes: 5))))
    try registry.given(late)
    let minutes = try registry.session { session in
      try session.readModel.state(of: StreamID("enrolment/e1")!, on: .distantFuture)?.enrolment?
        .minutesAttended
    }
    #expect(minutes == 1505)
    #expect(try registry.store.digest().hex != live.hex)
    let after = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().hex == after.hex)
    try registry.end()
  }
}

extension TestRegistry {
  /// Copies the views' file as the last commit left it.
  func copyViews(to file: String) throws {
    try FileManager.default.copyItem(atPath: unsafe store.views.folder + "/data.mdb", toPath: file)
  }

  /// Stops cleanly, and starts with the views' file as it was once: a start that has nothing to
  /// catch up with would prove nothing.
  func reopen(withViews file: String) throws {
    let known = try {
      let folder = self.folder + "/behind"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: file, toPath: folder + "/data.mdb")
      let views = try Views(folder: folder, mapSizeBytes: 1 << 30)
      defer { views.close() }
      return try views.environment.read { try views.position($0) }
    }()
    let end = unsafe store.log.end
    guard known > 0, known < end else { throw Unexpected("they know \(known) of \(end) events") }
    let path = unsafe store.views.folder + "/data.mdb"
    try reopen {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: file, toPath: path)
    }
  }
}
