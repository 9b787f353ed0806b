import Testing

@testable import Registry

@Suite struct FrameworkLifeCycleTests {
  enum Kind: CaseIterable {
    case published, skillAdded, skillDeprecated, skillReplaced, crosswalkAsserted
    case crosswalkWithdrawn, retired

    /// No default, so that an event without a row does not compile.
    init(_ event: FrameworkEvent) {
      self =
        switch event {
        case .published: .published
        case .skillAdded: .skillAdded
        case .skillDeprecated: .skillDeprecated
        case .skillReplaced: .skillReplaced
        case .crosswalkAsserted: .crosswalkAsserted
        case .crosswalkWithdrawn: .crosswalkWithdrawn
        case .retired: .retired
        }
    }

    var row: (sample: FrameworkEvent, cells: String) {
      switch self {
      //                     none current retired
      case .published:
        (
          .published(
            .init(title: "Second", version: "2", skills: [Skill(code: "a", title: "A")])),
          ">current . ."
        )
      case .skillAdded:
        (.skillAdded(.init(skill: Skill(code: "z", title: "Z"))), ". o .")
      case .skillDeprecated: (.skillDeprecated(.init(skill: "a")), ". o .")
      case .skillReplaced: (.skillReplaced(.init(skill: "a", by: "b")), ". o .")
      case .crosswalkAsserted:
        (
          .crosswalkAsserted(
            .init(
              crosswalk: Crosswalk(
                skill: "b", relation: .exact, otherFramework: "digcomp", otherSkill: "1.1"))),
          ". o o"
        )
      case .crosswalkWithdrawn:
        (
          .crosswalkWithdrawn(
            .init(skill: "a", otherFramework: "digcomp", otherSkill: "1.1")), ". o o"
        )
      case .retired: (.retired(.init()), ". >retired =")
      }
    }
  }

  static var table: LifeCycle<Framework, FrameworkStatus> {
    LifeCycle(
      stream: .framework, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Framework(
          status: status, since: .test, title: "Own", version: "1",
          skills: [
            FrameworkSkill(skill: Skill(code: "a", title: "A", levels: 3)),
            FrameworkSkill(skill: Skill(code: "b", title: "B", levels: 3)),
          ],
          crosswalks: [
            Crosswalk(skill: "a", relation: .close, otherFramework: "digcomp", otherSkill: "1.1")
          ])
      },
      status: { $0.status }, following: Framework.following)
  }

  @Test func `Every state and event of a framework has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a framework what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A framework's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}
