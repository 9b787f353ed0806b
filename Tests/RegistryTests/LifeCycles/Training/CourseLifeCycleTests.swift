import Testing

@testable import Registry

@Suite struct CourseLifeCycleTests {
  enum Kind: CaseIterable {
    case drafted, published, suspended, resumed, retired

    /// No default, so that an event without a row does not compile.
    init(_ event: CourseEvent) {
      self =
        switch event {
        case .drafted: .drafted
        case .published: .published
        case .suspended: .suspended
        case .resumed: .resumed
        case .retired: .retired
        }
    }

    var row: (sample: CourseEvent, cells: String) {
      switch self {
      // none, draft, published, suspended, retired
      case .drafted: (.drafted(.init(title: "Another")), ">draft o . . .")
      case .published:
        (
          .published(.init(edition: 2, title: "Second", track: .technical)),
          ">published >published o . ."
        )
      case .suspended: (.suspended(.init()), ". . >suspended = .")
      case .resumed: (.resumed(.init()), ". . = >published .")
      case .retired: (.retired(.init()), ". >retired >retired >retired =")
      }
    }
  }

  static var table: LifeCycle<Course, CourseStatus> {
    LifeCycle(
      stream: .course, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Course(
          status: status, since: .test, title: "First",
          editions: status == .draft
            ? [] : [CoursePublished(edition: 1, title: "First", track: .technical)])
      },
      status: { $0.status }, following: Course.following)
  }

  @Test func `Every state and event of a course has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a course what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A course's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}
