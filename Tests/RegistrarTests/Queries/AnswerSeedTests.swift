import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Random histories with merges and their reversals, transfers, attributions and corrections: the
/// answers agree with each other and with folds from scratch, on any day at any position.
struct AnswerSeedTests {
  static let officers = ["a", "b", "x", "y"]
  static let days = ["2021-12-31", "2022-03-15", "2022-06-10", "2022-09-20", "2023-12-31"]

  static func next(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    func day() -> String {
      let month = Int.random(in: 1...12, using: &random)
      return "2022-\(month < 10 ? "0" : "")\(month)-1\(Int.random(in: 0...9, using: &random))"
    }
    let key = Int.random(in: 0..<8, using: &random)
    let officer = officers.randomElement(using: &random)!
    let other = officers.randomElement(using: &random)!
    switch Int.random(in: 0..<15, using: &random) {
    case 0...2:
      return Fixture.proposal(
        "enrolment/e\(key)", day(),
        .enrolment(
          .enrolled(EnrolmentEnrolled(seat: Fixture.seat(officer, "c\(key % 3 + 2)")))))
    case 3...5: return Fixture.completed("e\(key)", on: day())
    case 6:
      return Fixture.proposal(
        "enrolment/e\(key)", day(),
        .enrolment(
          .transferred(
            EnrolmentTransferred(cohort: id("c\(Int.random(in: 2..<5, using: &random))")))))
    case 7:
      var attended = Fixture.proposal(
        "enrolment/e\(key)", day(),
        .enrolment(.attended(EnrolmentAttended(session: id("s\(recorded.count)"), minutes: 9))))
      attended.attributedTo = StreamID(
        Bool.random(using: &random) ? "agreement/mou" : "programme/p1")
      return attended
    case 8, 9:
      let completions = recorded.filter {
        if case .enrolment(.completed) = $0.body { true } else { false }
      }
      return Fixture.issued(
        "k\(key)", to: officer, number: "N\(key)",
        evidence: completions.randomElement(using: &random).map { [$0.eventID] } ?? [], on: day())
    case 10: return Fixture.merged(officer, into: other, on: day())
    case 11:
      let streams = (0..<8).map { "enrolment/e\($0)" }.filter { _ in
        Int.random(in: 0..<5, using: &random) == 0
      }
      return Bool.random(using: &random)
        ? Fixture.unmerged(officer, on: day(), toThis: streams)
        : Fixture.unmerged(officer, on: day(), toSurvivor: streams)
    case 12:
      return recorded.randomElement(using: &random).map(Fixture.voided) ?? Fixture.completed("e0")
    case 13:
      return recorded.randomElement(using: &random).map(Fixture.restored) ?? Fixture.completed("e1")
    default:
      guard let target = recorded.randomElement(using: &random) else {
        return Fixture.completed("e2")
      }
      // Somebody else's, or on another day.
      if case .enrolment(.enrolled(let given)) = target.body, Bool.random(using: &random) {
        let seat = Fixture.seat(other, given.seat.cohort.text)
        return Fixture.proposal(
          target.stream.text, target.effective.text,
          .enrolment(.enrolled(EnrolmentEnrolled(seat: seat))), corrects: target.eventID)
      }
      return Fixture.proposal(target.stream.text, day(), target.body, corrects: target.eventID)
    }
  }

  func grown(_ seed: UInt64) throws -> TestRegistry {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("x", "3"), Fixture.officer("y", "4"),
      Fixture.agreement("mou", signed: "2021-01-01"),
      Fixture.programme("p1"), Fixture.linked("p1", to: "mou", on: "2022-04-01"),
      Fixture.cohort("c2", programme: "p1"), Fixture.cohort("c3", programme: nil),
      Fixture.cohort("c4", programme: "p1"))
    var recorded: [Proposal] = []
    for _ in 0..<260 {
      let batch = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Self.next(&random, recorded)
      }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        if case .recorded(let at) = outcome, !at.already { recorded.append(proposal) }
      }
    }
    #expect(recorded.count > 40, "seed \(seed)")
    let merges = recorded.filter {
      if case .officer(.mergedInto) = $0.body { true } else { false }
    }
    #expect(!merges.isEmpty, "seed \(seed)")
    return registry
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `The dashboard and what explains it count what folds from scratch count`(seed: UInt64) throws
  {
    let registry = try grown(seed)
    let size = try registry.size
    for position in [size, size - 20, size / 2, size / 3] {
      for text in Self.days {
        let on = day(text)
        let place = "\(text) at \(position) of \(size), seed \(seed)"
        // A model of its own: every enrolment by its fold, every rule by the states of the day.
        let (people, completions, enrolled) = try registry.session { session in
          let records = session.readModel
          func state(_ stream: String) throws -> StreamState? {
            try records.effectiveHistory(of: StreamID(stream)!, knownAt: position).fold(until: on)
              .state
          }
          let isLinked =
            try state("programme/p1")?.programme?.agreements.contains(id("mou")) ?? false
          var people: Set<Identifier> = []
          var (completions, enrolled) = (0, 0)
          for key in 0..<8 {
            let stream = StreamID("enrolment/e\(key)")!
            guard let enrolment = try state(stream.text)?.enrolment else { continue }
            let cohort = try state("cohort/" + enrolment.seat.cohort.text)?.cohort
            let counts =
              isLinked && cohort?.terms.programme == id("p1")
              || enrolment.attributedTo == StreamID("agreement/mou")
              || isLinked && enrolment.attributedTo == StreamID("programme/p1")
            guard counts else { continue }
            if enrolment.status.takesSeat { enrolled += 1 }
            guard enrolment.status == .completed else { continue }
            completions += 1
            people.insert(
              records.sharedStreams.merges.owner(
                of: stream, naming: enrolment.seat.officer, on: on, knownAt: position))
          }
          return (UInt64(people.count), UInt64(completions), UInt64(enrolled))
        }
        let reply = try registry.agreement("mou", on: on, at: position)
        #expect(reply.people == people, "people on \(place)")
        #expect(reply.completions == completions, "completions on \(place)")
        #expect(reply.programmes.map(\.enrolled).reduce(0, +) == enrolled, "enrolled on \(place)")
        for (figure, number) in [
          (AgreementFigure.people, people), (.completions, completions), (.enrolled, enrolled),
        ] {
          let what = AgreementNumber(agreement: id("mou"), figure: figure)
          let counted = try registry.explained(.agreement(what), on: on, at: position).counted
          #expect(counted == number, "\(figure.name) explained on \(place)")
        }
      }
    }
    try registry.end()
  }

  @Test(arguments: 6..<12 as Range<UInt64>)
  func `A credential says the same by itself, in its holder's profile and in a list`(seed: UInt64)
    throws
  {
    let registry = try grown(seed)
    let size = try registry.size
    for position in [size, size - 15, size / 2] {
      for text in Self.days {
        let on = day(text)
        for key in 0..<8 {
          let place = "k\(key) on \(text) at \(position) of \(size), seed \(seed)"
          let at = position == size ? nil : position
          let alone = try registry.verify("k\(key)", on: on, at: at)
          guard let holder = alone.holder else { continue }
          let profile = try registry.onLoop(
            .getProfile,
            GetProfileRequest(who: .officer(holder), on: on, atPosition: at), GetProfileReply.self)
          let line = profile.credentials.first { $0.credential.text == "k\(key)" }
          #expect(line?.status == alone.status, "\(place)")
          #expect(line?.evidenceWithdrawn == alone.evidenceWithdrawn, "\(place)")
          #expect(line?.holder == holder, "\(place)")
          let withdrawn = try registry.exceptions(.evidenceWithdrawn, on: on, at: at)
            .contains { $0.stream.key.text == "k\(key)" }
          #expect(withdrawn == alone.evidenceWithdrawn, "exception, \(place)")
        }
      }
    }
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue), seed \(seed)")
    }
    try registry.end()
  }

  @Test(arguments: 12..<15 as Range<UInt64>)
  func `Every skill line is explained by its level and its evidence`(seed: UInt64) throws {
    let registry = try grown(seed)
    let size = try registry.size
    for position in [size, size / 2] {
      for text in Self.days {
        for officer in Self.officers {
          let profile = try registry.onLoop(
            .getProfile,
            GetProfileRequest(
              who: .officer(id(officer)), on: day(text), atPosition: position),
            GetProfileReply.self)
          let (lines, counted) = try registry.explained(
            .skill(
              SkillQuestion(officer: id(officer), framework: id("ict"), skill: id("cloud"))),
            on: day(text), at: position)
          let place = "\(officer) on \(text) at \(position), seed \(seed)"
          #expect(counted == UInt64(profile.skills.first?.level ?? 0), "\(place)")
          let named = Set(lines.map(\.eventID))
          #expect(named.isSuperset(of: profile.skills.flatMap(\.evidence)), "\(place)")
        }
      }
    }
    try registry.end()
  }
}
