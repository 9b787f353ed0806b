import Registry

/// A statement after mapping: its officer, its course or assessment, and its day are known.
package struct MappedStatement: Sendable {
  package var statement: Statement
  package var act: StatementAct
  package var day: Day
  /// An officer's id, or SCHEME:VALUE.
  package var officer: String
  package var entry: ActivityMap.Entry
  /// Whether the map does not have the activity: something that was achieved is forfeited, and the
  /// registry tells by which of the cohorts it was issued.
  package var isOfUnknownCohort = false
}

/// Reads statements with the identity map and the activity map.
package struct StatementReader: Sendable {
  package let identities: IdentityMap
  package let activities: ActivityMap
  /// The ids of statements that the file itself voids.
  package let voided: Set<String>
  /// What the file says was failed: attempts (`registration`) with their activities. Platforms that
  /// follow cmi5 say of such an attempt also that it was completed.
  package let failures: Set<String>
  /// Seconds since 1970.
  package let now: Int64
  /// The day of an instant in the registry's time zone.
  private let dayOf: @Sendable (Int64) -> Day

  /// Seconds that a platform's clock may be ahead of ours.
  package static let skewMax: Int64 = 86_400

  package init(
    _ identities: IdentityMap, _ activities: ActivityMap, voided: Set<String>,
    failures: Set<String> = [], now: Int64,
    dayOf: @escaping @Sendable (Int64) -> Day
  ) {
    (self.identities, self.activities) = (identities, activities)
    (self.voided, self.failures, self.now, self.dayOf) = (voided, failures, now, dayOf)
  }

  /// - Throws: `LeftOut` when nothing is to be recorded.
  package func meaning(of statement: Statement) throws(LeftOut) -> MappedStatement {
    guard !voided.contains(statement.id) else {
      throw LeftOut(.voided, "A later statement of the file voids it.")
    }
    guard var act = StatementAct(verb: statement.verb) else {
      throw LeftOut(.unknownVerb, "Nothing is recorded from \(statement.verb).")
    }
    guard case .activity(let activity, let type) = statement.object else {
      throw LeftOut(
        statement.object == .subStatement
          ? .subStatement : act.isLostWithoutActivity ? .unknownActivity : .otherActivity,
        statement.object == .subStatement
          ? "What it says is a statement within it, which is no fact."
          : "Its object is no activity.")
    }
    if act == .enrolled, type == StatementAct.attendanceType { act = .attended }
    guard let instant = statement.instant else {
      throw LeftOut(.noDay, "It does not say when, with an offset from UTC.")
    }
    guard instant <= now + Self.skewMax else {
      throw LeftOut(.noDay, "It says of a day that is yet to come: is the platform's clock right?")
    }
    guard instant >= -30_000_000_000 else {
      throw LeftOut(.noDay, "Its day lies too far back.")
    }
    let day = dayOf(instant)
    let entry = try self.entry(activity, act, statement, on: day)
    if let entry, entry.isIgnored {
      throw LeftOut(
        .ignoredActivity,
        "The activities map says on line \(entry.line) that nothing is recorded of it.")
    }
    if let entry, act == .left,
      !StatementAct.mayBeCourse(type) || entry.assessment != nil || entry.minutes != nil
    {
      throw LeftOut(.noResult, "Leaving a part of a course is no withdrawal from it.")
    }
    if act == .completed, let registration = statement.registration,
      failures.contains(registration + " " + activity)
    {
      throw LeftOut(.already, "The same attempt is said to have failed, which is recorded.")
    }
    if let entry {
      return MappedStatement(
        statement: statement, act: act, day: day,
        officer: try officer(statement.actor, on: day), entry: entry)
    }
    // Of a badge that is taken away, platforms do not say of which course it was.
    guard act == .forfeited, let first = activities.cohorts.first else {
      throw unknown(activity, act, type)
    }
    return MappedStatement(
      statement: statement, act: act, day: day, officer: try officer(statement.actor, on: day),
      entry: first, isOfUnknownCohort: true)
  }

  private func entry(
    _ activity: String, _ act: StatementAct, _ statement: Statement, on day: Day
  ) throws(LeftOut) -> ActivityMap.Entry? {
    if let entry = try activities.find(activity, on: day) {
      // What is answered is the one question that an activity is, not one of many within it.
      let isWhole = entry.assessment != nil && !activity.contains("subContentId=")
      return act != .answered || entry.isIgnored || isWhole ? entry : nil
    }
    for id in statement.context {
      guard let entry = try activities.find(id, on: day), !entry.isIgnored else { continue }
      switch act {
      // A session, a badge or a certificate is of the course that it stands under.
      case .attended, .achieved, .forfeited: return entry
      // An attempt is of its quiz; but what is said of a module is not said of its course.
      case .completed, .passed, .failed, .scored, .attempted:
        if entry.assessment != nil { return entry }
      case .enrolled, .left, .answered, .satisfied, .waived, .voided: break
      }
    }
    return nil
  }

  private func unknown(_ activity: String, _ act: StatementAct, _ type: String) -> LeftOut {
    let isLost =
      act.isLostWithoutActivity || act == .satisfied && type != StatementAct.blockType
    return LeftOut(
      isLost ? .unknownActivity : .otherActivity,
      "The activities map does not have \(activity)."
        + (isLost ? " Where nothing is to be recorded of it, give it the cohort - there." : ""))
  }

  private func officer(_ actor: Statement.Actor, on day: Day) throws(LeftOut) -> String {
    if actor == .group { throw LeftOut(.groupActor, "A group is no officer.") }
    switch identities.find(actor, on: day) {
    case .officer(let officer): return officer
    case .nobody:
      throw LeftOut(.unknownActor, "The identity map does not have \(Self.spelled(actor)).")
    case .notThatDay:
      throw LeftOut(
        .unknownActor,
        "The identity map has \(Self.spelled(actor)) for other days than \(day.text).")
    case .contradictory(let lines):
      throw LeftOut(
        .contradictoryIdentity,
        "The identity map has lines \(lines.map(String.init).joined(separator: " and ")) for "
          + "\(Self.spelled(actor)) on \(day.text).")
    }
  }

  private static func spelled(_ actor: Statement.Actor) -> String {
    switch actor {
    case .account(let home, let name): "account \(name) of \(home)"
    case .other(let text): text
    case .group: "a group"
    }
  }
}
