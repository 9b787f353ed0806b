import Registry

/// A statement after mapping: its officer, its course or assessment, and its day are known.
package struct MappedStatement: Sendable {
  package var statement: Statement
  package var act: StatementAct
  package var day: Day
  /// An officer's id, or SCHEME:VALUE.
  package var officer: String
  package var entry: ActivityMap.Entry
}

/// Reads statements with the identity map and the activity map.
package struct StatementReader: Sendable {
  package let identities: IdentityMap
  package let activities: ActivityMap
  /// The ids of statements that the file itself voids.
  package let voided: Set<String>
  /// Seconds since 1970.
  package let now: Int64
  /// The day of an instant in the registry's time zone.
  private let dayOf: @Sendable (Int64) -> Day

  /// Seconds that a platform's clock may be ahead of ours.
  package static let skewMax: Int64 = 86_400

  package init(
    _ identities: IdentityMap, _ activities: ActivityMap, voided: Set<String>, now: Int64,
    dayOf: @escaping @Sendable (Int64) -> Day
  ) {
    (self.identities, self.activities) = (identities, activities)
    (self.voided, self.now, self.dayOf) = (voided, now, dayOf)
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
        statement.object == .subStatement ? .subStatement : .unknownActivity,
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
    let officer = try self.officer(statement.actor, on: day)
    return MappedStatement(
      statement: statement, act: act, day: day, officer: officer, entry: entry)
  }

  private func entry(
    _ activity: String, _ act: StatementAct, _ statement: Statement, on day: Day
  ) throws(LeftOut) -> ActivityMap.Entry {
    if let entry = try activities.find(activity, on: day) { return entry }
    for id in statement.context {
      guard let entry = try activities.find(id, on: day) else { continue }
      switch act {
      // A session, a badge or a certificate is of the course that it stands under.
      case .attended, .achieved, .forfeited: return entry
      // An attempt is of its quiz; but what is said of a module is not said of its course.
      case .completed, .passed, .failed, .scored, .attempted:
        if entry.assessment != nil { return entry }
      case .enrolled, .left, .voided: break
      }
    }
    throw LeftOut(.unknownActivity, "The activities map does not have \(activity).")
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
