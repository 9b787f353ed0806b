import Testing

@testable import Registry

@Suite struct EnrolmentLifeCycleTests {
  enum Kind: CaseIterable {
    case nominated, nominationRejected, enrolled, attended, assessed, assessmentAppealed
    case appealDecided, assessmentVoided, deferred, transferred, withdrawn, dismissed, completed
    case notCompleted, awardConferred, awardWithdrawn

    /// No default, so that an event without a row does not compile.
    init(_ event: EnrolmentEvent) {
      self =
        switch event {
        case .nominated: .nominated
        case .nominationRejected: .nominationRejected
        case .enrolled: .enrolled
        case .attended: .attended
        case .assessed: .assessed
        case .assessmentAppealed: .assessmentAppealed
        case .appealDecided: .appealDecided
        case .assessmentVoided: .assessmentVoided
        case .deferred: .deferred
        case .transferred: .transferred
        case .withdrawn: .withdrawn
        case .dismissed: .dismissed
        case .completed: .completed
        case .notCompleted: .notCompleted
        case .awardConferred: .awardConferred
        case .awardWithdrawn: .awardWithdrawn
        }
    }

    var row: (sample: EnrolmentEvent, cells: String) {
      switch self {
      // none, nominated, nomination_rejected, enrolled, active, completed, not_completed,
      // withdrawn, dismissed, deferred
      case .nominated:
        (.nominated(.init(seat: .own)), ">nominated = >nominated . . . . . . .")
      case .nominationRejected:
        (.nominationRejected(.init()), ". >nomination_ = . . . . . . .")
      case .enrolled:
        (.enrolled(.init(seat: .own)), ">enrolled >enrolled . = . . . >enrolled . >enrolled")
      case .attended:
        (.attended(.init(session: "s9", minutes: 90)), ". . . >active o . . . . .")
      case .assessed:
        (
          .assessed(.init(assessment: "new", mode: .proctored, score: 80, passMark: 60)),
          ". . . >active o o . . . ."
        )
      case .assessmentAppealed:
        (.assessmentAppealed(.init(assessment: "exam")), ". . . . o o o . . .")
      case .appealDecided:
        (
          .appealDecided(.init(assessment: "appealed", upheld: true, score: 70)),
          ". . . . o o o . . ."
        )
      case .assessmentVoided:
        (.assessmentVoided(.init(assessment: "exam")), ". . . . o o o . . .")
      case .deferred:
        (.deferred(.init(until: 2025_01_01)), ". . . >deferred >deferred . . . . =")
      case .transferred:
        (.transferred(.init(cohort: "c2")), ". o . o o . . . . o")
      case .withdrawn:
        (
          .withdrawn(.init()), ". >withdrawn . >withdrawn >withdrawn . . = . >withdrawn"
        )
      case .dismissed:
        (.dismissed(.init()), ". . . >dismissed >dismissed . . . = >dismissed")
      case .completed:
        (
          .completed(.init(seat: .own, result: .passed, score: 81)),
          "?completed . . >completed >completed = >completed . . ."
        )
      case .notCompleted:
        (
          .notCompleted(.init(seat: .own)),
          "?not_c . . >not_c >not_c >not_c = . . >not_c"
        )
      case .awardConferred:
        (.awardConferred(.init(award: "best")), ". . . . . o . . . .")
      case .awardWithdrawn:
        (.awardWithdrawn(.init(award: "medal")), ". . . . . o . . . .")
      }
    }
  }

  static let completion = Completion(
    eventID: .test(3), day: 2023_01_01, position: 3, result: .passed, score: 81)

  static func state(_ status: EnrolmentStatus) -> Enrolment {
    Enrolment(
      status: status, since: .test, seat: .own,
      completion: status == .completed ? completion : nil,
      assessments: [
        Assessment(
          assessment: "exam", status: .standing, mode: .proctored, score: 65, passMark: 60),
        Assessment(
          assessment: "appealed", status: .appealed, mode: .practical, score: 50, passMark: 60),
      ],
      minutesAttended: 60, sessions: ["s1"], awards: ["medal"])
  }

  static var table: LifeCycle<Enrolment, EnrolmentStatus> {
    LifeCycle(
      stream: .enrolment, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in state(status) },
      status: { $0.status }, following: Enrolment.following)
  }

  @Test func `Every state and event of an enrolment has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an enrolment what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `An enrolment's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}
