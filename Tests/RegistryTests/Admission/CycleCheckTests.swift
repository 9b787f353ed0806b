import Testing

@testable import Registry

/// Records that are merged and organisations that are moved never lead back to where they started,
/// whatever is recorded late, voided or corrected.
@Suite struct CycleCheckTests {
  /// Made-up officers and organisations, each registered in 2020; event ids count from 1.
  struct Log {
    var reader = TestHistoryReader(.furnished)

    init() throws {
      for name in ["a", "b", "c", "d"] as [Identifier] {
        try record(.officer(.registered(.init())), name, on: 2020_01_01)
        try record(
          .organisation(.registered(.init(name: name.text))), name, on: 2020_01_01)
      }
    }

    @discardableResult
    mutating func record(
      _ body: Proposal.Body, _ own: Identifier, on day: Day, corrects: UInt64? = nil,
      in kind: StreamKind? = nil
    ) throws(Rejection) -> UInt64 {
      var proposal = Proposal.test(
        reader.next, body, on: day, corrects: corrects,
        in: StreamID(body.kind ?? kind ?? .officer, own))
      if case .officer(.registered) = body { proposal.personal = Personal(name: "Made up") }
      return try reader.record(proposal) ?? 0
    }

    @discardableResult
    mutating func merge(
      _ own: Identifier, into other: Identifier, on day: Day, corrects: UInt64? = nil
    ) throws(Rejection) -> UInt64 {
      try record(.officer(.mergedInto(.init(officer: other))), own, on: day, corrects: corrects)
    }

    @discardableResult
    mutating func reverse(
      _ own: Identifier, on day: Day, corrects: UInt64? = nil
    ) throws(Rejection) -> UInt64 {
      try record(.officer(.mergeReversed(.init())), own, on: day, corrects: corrects)
    }

    @discardableResult
    mutating func move(
      _ own: Identifier, under other: Identifier, on day: Day, corrects: UInt64? = nil
    ) throws(Rejection) -> UInt64 {
      try record(.organisation(.movedUnder(.init(parent: other))), own, on: day, corrects: corrects)
    }

    func refused(_ change: (inout Log) throws -> Void) throws -> Rejection {
      var copy = self
      return try rejection {
        try change(&copy)
        return .record
      }
    }
  }

  @Test func `A record is not merged into itself, nor into what was merged into it`() throws {
    var log = try Log()
    #expect(try log.refused { try $0.merge("a", into: "a", on: 2024_01_01) }.code == .inconsistent)
    try log.merge("a", into: "b", on: 2024_01_01)
    let said = try log.refused { try $0.merge("b", into: "a", on: 2024_02_01) }
    #expect(said.code == .inconsistent)
    #expect(said.field == "officer.merged_into.officer")
    #expect(said.sentence.contains("would go round"))
  }

  @Test func `Three records are not merged in a round`() throws {
    var log = try Log()
    try log.merge("a", into: "b", on: 2024_01_01)
    try log.merge("b", into: "c", on: 2024_02_01)
    #expect(try log.refused { try $0.merge("c", into: "a", on: 2024_03_01) }.code == .inconsistent)
    #expect(try log.refused { try $0.merge("c", into: "b", on: 2024_03_01) }.code == .inconsistent)
    // The survivor is named, not who was merged into it.
    let said = try log.refused { try $0.merge("d", into: "a", on: 2024_03_01) }
    #expect(said.sentence.contains("merged into c: name that one"))
    try log.merge("d", into: "c", on: 2024_03_01)
  }

  @Test func `A merge that is told late is held against every later day`() throws {
    var log = try Log()
    try log.merge("a", into: "b", on: 2024_03_01)
    try log.reverse("a", on: 2024_05_01)
    // They would be each other's in March and April, and neither before nor after.
    let said = try log.refused { try $0.merge("b", into: "a", on: 2024_01_01) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("On 2024-03-01"))
    #expect(said.sentence.contains("b → a → b"))
    try log.merge("b", into: "a", on: 2024_05_01)
  }

  @Test func `A void that brings a merge back is held against the merges since`() throws {
    var log = try Log()
    try log.merge("a", into: "b", on: 2024_01_01)
    let reversal = try log.reverse("a", on: 2024_02_01)
    try log.merge("b", into: "a", on: 2024_03_01)
    let void = try log.refused {
      try $0.record(.voided(Voided()), "a", on: 2024_04_01, corrects: reversal)
    }
    #expect(void.code == .inconsistent)
    #expect(void.sentence.contains("a → b → a"))
    let corrected = try log.refused { try $0.reverse("a", on: 2024_04_01, corrects: reversal) }
    #expect(corrected.code == .inconsistent)
    try log.reverse("a", on: 2024_02_20, corrects: reversal)
  }

  @Test func `A restored merge is judged like a new one`() throws {
    var log = try Log()
    let merge = try log.merge("a", into: "b", on: 2024_01_01)
    try log.record(.voided(Voided()), "a", on: 2024_02_01, corrects: merge)
    try log.merge("b", into: "a", on: 2024_03_01)
    let said = try log.refused {
      try $0.record(.restored(Restored()), "a", on: 2024_04_01, corrects: merge)
    }
    #expect(said.code == .inconsistent)
  }

  @Test func `A merge whose reversal stands is not voided, nor is one that others follow`() throws {
    var log = try Log()
    let merge = try log.merge("a", into: "b", on: 2024_01_01)
    let reversal = try log.reverse("a", on: 2024_02_01)
    let said = try log.refused {
      try $0.record(.voided(Voided()), "a", on: 2024_03_01, corrects: merge)
    }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == reversal)
    // Once the reversal is voided, the merge is too, and the record is what it was.
    try log.record(.voided(Voided()), "a", on: 2024_03_01, corrects: reversal)
    try log.record(.voided(Voided()), "a", on: 2024_03_01, corrects: merge)
    let own = log.reader.head(of: StreamID(.officer, "a"))?.state?.officer
    #expect(own?.status == .active)
    #expect(own?.spans.map(\.status) == [.active])
  }

  @Test func `What is told of a merged record by a later event stands in the way of the merge`()
    throws
  {
    var log = try Log()
    let posted = try log.record(
      .officer(.posted(.init(posting: .own))), "a", on: 2024_05_01)
    let said = try log.refused { try $0.merge("a", into: "b", on: 2024_04_01) }
    #expect(said.code == .contradictsLater)
    #expect(said.inTheWay == posted)
    try log.merge("a", into: "b", on: 2024_06_01)
    #expect(
      try log.refused {
        try $0.record(.officer(.posted(.init(posting: .other))), "a", on: 2024_07_01)
      }.sentence.contains("`merge_reversed`"))
  }

  @Test func `A record is merged into one that was there`() throws {
    var log = try Log()
    let early = try log.refused { try $0.merge("a", into: "b", on: 2019_12_31) }
    #expect(early.code == .noSuchStream)
    try log.record(.officer(.registered(.init())), "e", on: 2024_03_01)
    let said = try log.refused { try $0.merge("a", into: "e", on: 2024_02_29) }
    #expect(said.code == .noSuchReference)
    #expect(said.sentence.contains("not registered by 2024-02-29"))
    #expect(
      try log.refused { try $0.merge("a", into: "nobody", on: 2024_03_01) }.code
        == .noSuchReference)
    try log.merge("a", into: "e", on: 2024_03_01)
  }

  @Test func `One person has at most 64 records`() throws {
    var log = try Log()
    let many = (0..<64).map { Identifier("r\($0)")! }
    log.reader.context.persons["b"] = many
    let said = try log.refused { try $0.merge("a", into: "b", on: 2024_01_01) }
    #expect(said.sentence.contains("at most 64 records"))
    log.reader.context.persons["b"] = Array(many.dropLast())
    try log.merge("a", into: "b", on: 2024_01_01)
  }

  @Test func `An organisation that is moved late stands under itself on no day`() throws {
    var log = try Log()
    try log.move("a", under: "b", on: 2024_03_01)
    try log.move("a", under: "c", on: 2024_05_01)
    let said = try log.refused { try $0.move("b", under: "a", on: 2024_01_01) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("On 2024-03-01"))
    // Where the late move itself ended before, there is no round.
    try log.move("b", under: "d", on: 2024_02_01)
    try log.move("b", under: "a", on: 2024_01_01)
  }

  @Test func `A void that moves an organisation back is held against the moves since`() throws {
    var log = try Log()
    try log.move("a", under: "b", on: 2024_01_01)
    let away = try log.move("a", under: "c", on: 2024_02_01)
    try log.move("b", under: "a", on: 2024_03_01)
    let said = try log.refused {
      try $0.record(
        .voided(Voided()), "a", on: 2024_04_01, corrects: away, in: .organisation)
    }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("a → b → a"))
    #expect(
      try log.refused { try $0.move("a", under: "d", on: 2024_03_15, corrects: away) }.code
        == .inconsistent)
    try log.move("a", under: "d", on: 2024_02_15, corrects: away)
  }

  /// Merges, reversals, moves, voids and corrections on any days; then, on every day, whoever
  /// follows comes to an end.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `Whatever was recorded, nothing goes round on any day`(seed: UInt64) throws {
    var random = Seeded(seed)
    var log = try Log()
    let names = ["a", "b", "c", "d"] as [Identifier]
    let first = Day(2024_01_01)
    for _ in 0..<60 {
      let own = names.randomElement(using: &random)!
      let other = names.randomElement(using: &random)!
      let day = first.adding(days: Int.random(in: 0..<20, using: &random))
      let earlier = UInt64.random(in: 9..<max(log.reader.next, 10), using: &random)
      let kind: StreamKind = Bool.random(using: &random) ? .officer : .organisation
      let corrects = Bool.random(using: &random) ? earlier : nil
      do {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: try log.merge(own, into: other, on: day, corrects: corrects)
        case 1: try log.reverse(own, on: day, corrects: corrects)
        case 2, 3: try log.move(own, under: other, on: day, corrects: corrects)
        case 4: try log.record(.voided(Voided()), own, on: day, corrects: earlier, in: kind)
        default: try log.record(.restored(Restored()), own, on: day, corrects: earlier, in: kind)
        }
      } catch {
        continue
      }
      for days in 0..<21 {
        let day = first.adding(days: days)
        for name in names {
          #expect(
            log.reader.ends(name) { log.reader.officer($0, on: day)?.mergedInto },
            "seed \(seed): \(name.text) is merged in a round on \(day.text)")
          #expect(
            log.reader.ends(name) { log.reader.organisation($0, on: day)?.parent },
            "seed \(seed): \(name.text) stands in a round on \(day.text)")
        }
      }
    }
  }
}

extension TestHistoryReader {
  fileprivate func ends(_ start: Identifier, _ next: (Identifier) -> Identifier?) -> Bool {
    var current = start
    for _ in 0..<8 {
      guard let following = next(current) else { return true }
      current = following
    }
    return false
  }
}
