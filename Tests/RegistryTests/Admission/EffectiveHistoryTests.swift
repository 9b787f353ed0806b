import Testing

@testable import Registry

@Suite struct EffectiveHistoryTests {
  /// Enrolments count minutes, so that an event that is folded twice or not at all is seen.
  private func attended(
    _ number: UInt64, _ session: Identifier, _ minutes: UInt32, on day: Day,
    corrects: UInt64? = nil
  ) -> StreamEvent {
    event(
      number, .enrolment(.attended(.init(session: session, minutes: minutes))), on: day,
      corrects: corrects)
  }

  private func event(
    _ number: UInt64, _ body: Proposal.Body, on day: Day, corrects: UInt64? = nil
  ) -> StreamEvent {
    StreamEvent(.test(number, body, on: day, corrects: corrects), at: number)
  }

  private var enrolled: StreamEvent {
    event(
      1, .enrolment(.enrolled(.init(seat: Seat(officer: "amina", cohort: "c1")))),
      on: 2024_01_10)
  }

  private func minutes(_ events: [StreamEvent], on day: Day? = nil) -> UInt32? {
    EffectiveHistory(events).fold(until: day).state?.enrolment?.minutesAttended
  }

  @Test func `Events are folded by their day, not by their position`() {
    let events = [
      enrolled,
      event(2, .enrolment(.completed(.init(result: .passed))), on: 2024_03_01),
      attended(3, "s1", 60, on: 2024_02_01),
    ]
    #expect(EffectiveHistory(events).foldOrder == [0, 2, 1])
    let state = EffectiveHistory(events).fold().state?.enrolment
    #expect(state?.status == .completed)
    #expect(state?.minutesAttended == 60)
    #expect(EffectiveHistory(events).fold().last == FoldOrder(effective: 2024_03_01, rank: 2))
  }

  @Test func `On one day the earlier position is folded first`() {
    let events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01), attended(3, "s1", 90, on: 2024_02_01),
    ]
    #expect(EffectiveHistory(events).foldOrder == [0, 1, 2])
    #expect(minutes(events) == 60)
  }

  @Test func `A fold until a day leaves out what took effect later`() {
    let events = [enrolled, attended(2, "s1", 60, on: 2024_02_01)]
    #expect(minutes(events, on: 2024_01_31) == 0)
    #expect(minutes(events, on: 2024_02_01) == 60)
    #expect(EffectiveHistory(events).fold(until: 2024_01_09).state == nil)
    #expect(EffectiveHistory(events).fold(until: 2024_01_09).last == nil)
  }

  @Test func `The last void or restoration decides`() {
    var events = [enrolled, attended(2, "s1", 60, on: 2024_02_01)]
    for (number, body, expected) in [
      (3, .voided(Voided()), .voided(by: 3)), (4, .restored(Restored()), .stands),
      (5, .voided(Voided()), .voided(by: 5)),
    ] as [(UInt64, Proposal.Body, EffectiveHistory.Disposition)] {
      events.append(event(number, body, on: 2024_05_01, corrects: 2))
      let standing = EffectiveHistory(events)
      #expect(standing.dispositions[1] == expected)
      #expect(standing.dispositions.last == .act)
      #expect(minutes(events) == (expected == .stands ? 60 : 0))
    }
  }

  @Test func `A void works on every day, whenever it was made`() {
    let events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01),
      event(3, .voided(Voided()), on: 2024_05_01, corrects: 2),
    ]
    #expect(minutes(events, on: 2024_03_01) == 0)
  }

  @Test func `A correction takes the rank of what it corrects`() {
    let events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01), attended(3, "s1", 90, on: 2024_02_01),
      attended(4, "s1", 30, on: 2024_02_01, corrects: 2),
    ]
    let standing = EffectiveHistory(events)
    #expect(standing.dispositions == [.stands, .corrected(by: 4), .stands, .stands])
    #expect(standing.foldOrder == [0, 3, 2])
    #expect(minutes(events) == 30)
  }

  @Test func `Of a chain of corrections only the last stands`() {
    var events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01),
      attended(3, "s1", 90, on: 2024_02_01, corrects: 2),
      attended(4, "s1", 30, on: 2024_02_01, corrects: 3),
    ]
    #expect(
      EffectiveHistory(events).dispositions == [
        .stands, .corrected(by: 4), .corrected(by: 4), .stands,
      ])
    #expect(minutes(events) == 30)
    // Without the last one, what it corrected stands again, and so on.
    events.append(event(5, .voided(Voided()), on: 2024_05_01, corrects: 4))
    #expect(
      EffectiveHistory(events).dispositions[1...3] == [.corrected(by: 3), .stands, .voided(by: 5)])
    #expect(minutes(events) == 90)
    events.append(event(6, .voided(Voided()), on: 2024_05_01, corrects: 3))
    #expect(
      EffectiveHistory(events).dispositions[1...3] == [.stands, .voided(by: 6), .voided(by: 5)])
    #expect(minutes(events) == 60)
  }

  @Test func `A correction may move the day`() {
    let events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01),
      attended(3, "s1", 60, on: 2024_03_01, corrects: 2),
    ]
    #expect(minutes(events, on: 2024_02_15) == 0)
    #expect(minutes(events) == 60)
  }

  /// Any history at all, also one that no judge would have admitted.
  private func history(_ seed: UInt64) -> [StreamEvent] {
    var random = Seeded(seed)
    let samples = EnrolmentLifeCycleTests.Kind.allCases.map(\.row.sample)
    return (1...UInt64.random(in: 1...30, using: &random)).map { number in
      let body: Proposal.Body =
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .voided(Voided())
        case 1: .restored(Restored())
        default: .enrolment(samples.randomElement(using: &random)!)
        }
      return event(
        number, body,
        on: Day(2024_01_01).adding(days: Int.random(in: 0..<20, using: &random)),
        corrects: Int.random(in: 0..<3, using: &random) == 0
          ? UInt64.random(in: 0...number, using: &random) : nil)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `A history folds to what its prefix and the rest fold to`(seed: UInt64) {
    let events = history(seed)
    var head: StreamHead?
    for (count, event) in events.enumerated() {
      head = StreamHead.advanced(head, by: event) { Array(events[..<count]) }
      let whole = EffectiveHistory(Array(events[...count]))
      let (state, last) = whole.fold()
      #expect(head?.state == state, "seed \(seed), event \(count)")
      #expect(head?.last == last, "seed \(seed), event \(count)")
      #expect(head?.events == UInt32(count + 1))
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `Each event of a chain of corrections has at most one that stands for it`(seed: UInt64) {
    let events = history(seed)
    let standing = EffectiveHistory(events)
    for (at, disposition) in standing.dispositions.enumerated() {
      guard case .corrected(let by) = disposition else { continue }
      let successor = events.firstIndex { $0.metadata.position == by }
      #expect(successor.map { standing.dispositions[$0] } == .stands, "seed \(seed)")
      #expect(successor.map { $0 > at } == true, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `Event by event it comes to what all of them at once come to`(seed: UInt64) {
    let events = history(seed)
    var grown = EffectiveHistory([])
    for (count, event) in events.enumerated() {
      let before = grown
      grown = grown.appending(event)
      let whole = EffectiveHistory(events.prefix(count + 1))
      #expect(
        grown.dispositions == whole.dispositions && grown.orders == whole.orders,
        "seed \(seed), \(count)")
      #expect(grown.foldOrder == whole.foldOrder, "seed \(seed), \(count)")
      #expect(
        grown.events.indices.map(grown.disposition) == whole.dispositions, "seed \(seed), \(count)")
      #expect(
        grown.events.indices.map(grown.event) == whole.events.indices.map(whole.event),
        "seed \(seed), \(count)")
      #expect(before.events.count == count, "seed \(seed): a copy was changed")
    }
  }

  @Test func `A correction stands for all that it corrected, and for nothing beside`() {
    // 3 corrects 2, 4 corrects 3 and is voided, 6 corrects 3.
    let events = [
      enrolled, attended(2, "s1", 60, on: 2024_02_01),
      attended(3, "s1", 90, on: 2024_02_01, corrects: 2),
      attended(4, "s1", 30, on: 2024_02_01, corrects: 3),
      event(5, .voided(Voided()), on: 2024_05_01, corrects: 4),
      attended(6, "s1", 20, on: 2024_02_01, corrects: 3),
    ]
    let standing = EffectiveHistory(events)
    #expect(standing.foldOrder == [0, 5])
    #expect(standing.event(5).metadata.standsFor == [.test(3), .test(2)])
    #expect(standing.event(0).metadata.standsFor.isEmpty)
  }

  @Test func `A chain of ten thousand corrections is folded as fast as it is long`() {
    var standing = EffectiveHistory([enrolled, attended(2, "s1", 60, on: 2024_02_01)])
    for number in 3...10_000 as ClosedRange<UInt64> {
      standing.append(
        attended(number, "s1", UInt32(number), on: 2024_02_01, corrects: number - 1))
    }
    #expect(standing.fold().state?.enrolment?.minutesAttended == 10_000)
    #expect(standing.disposition(of: 1) == .corrected(by: 10_000))
    #expect(standing.event(9_999).metadata.standsFor.count == 9_998)
    // What it holds grows with the chain, not with its square.
    #expect(EffectiveHistory(standing.events).dispositions == standing.dispositions)
  }
}
