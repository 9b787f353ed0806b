import Registry

/// What an activity of a learning platform is in the registry: rows of
/// `activity,course,cohort,assessment,mode` and, where needed,
/// `pass_mark,minutes,issuer,from,until`.
///
/// A row without `assessment` is the course itself, as that cohort takes it: what is said of the
/// activity is said of the enrolment. A row with one is a quiz or an assignment of it, of that
/// mode. `from` and `until` are the first and the last day, for a platform's course that one cohort
/// after another takes. An activity may have gaps (`ActivityPattern`): one spelled whole counts
/// before them, and what comes after # is passed over. Where the cohort is `-`, nothing is to be
/// recorded of the activity.
package struct ActivityMap: Sendable {
  package static let columns: [(name: String, required: Bool)] = [
    ("activity", true), ("course", false), ("cohort", true), ("assessment", false),
    ("mode", false), ("pass_mark", false), ("minutes", false), ("issuer", false),
    ("from", false), ("until", false),
  ]
  /// Rows of one map.
  package static let rowsMax = 100_000

  package struct Entry: Hashable, Sendable {
    package var line: Int
    package var cohort: Identifier
    package var course: Identifier?
    package var assessment: Identifier?
    package var mode: AssessmentMode?
    /// Hundredths of a per cent; zero: not known.
    package var passMark: UInt32
    /// Of a session whose statements do not say it.
    package var minutes: UInt32?
    /// Of badges and certificates, where it is not who teaches the cohort.
    package var issuer: Identifier?
    package var from: Day
    package var until: Day
    /// Whether nothing is to be recorded.
    package var isIgnored: Bool { cohort == ActivityMap.ignored }
    /// Of an activity with a gap named `code`: what stands there.
    package var code: String?
  }

  /// A cohort's code that says that there is none.
  private static let ignored = Identifier("-")!  // sure: a letter that identifiers have
  /// Activities with gaps, of one map: each is tried.
  package static let patternsMax = 1000

  /// Rows that could not be read, each with a sentence.
  package private(set) var problems: [(line: Int, sentence: String)] = []
  private var entries: [String: [Entry]] = [:]
  /// Those with gaps, by how much they say, most first.
  private var patterns: [(pattern: ActivityPattern, activity: String)] = []

  package init(_ sheet: inout SheetReader) throws {
    try sheet.expect(Self.columns, besides: MapDraft.remarkColumns)
    var count = 0
    while let row = try sheet.next() {
      count += 1
      guard count <= Self.rowsMax else {
        throw FileFormatFailure("The activities map has more than \(Self.rowsMax) rows.")
      }
      do throws(Rejection) { try add(row) } catch { problems.append((row.line, error.sentence)) }
    }
    patterns.sort { $0.pattern.literal > $1.pattern.literal }
  }

  private mutating func add(_ row: SheetRow) throws(Rejection) {
    try row.check(Self.columns)
    guard let activity = row["activity"], let cohort = try row.identifier("cohort") else { return }
    let entry = Entry(
      line: row.line, cohort: cohort, course: try row.identifier("course"),
      assessment: try row.identifier("assessment"), mode: try row.assessmentMode("mode"),
      passMark: try row.score("pass_mark") ?? 0, minutes: try Self.minutes(row),
      issuer: try row.identifier("issuer"), from: try row.day("from") ?? .distantPast,
      until: try row.day("until") ?? .distantFuture)
    if let assessment = entry.assessment {
      guard entry.mode != nil else {
        throw Rejection(
          .malformed, "The assessment \(assessment.text) needs a mode, such as unproctored.",
          field: "mode")
      }
      // Each statement's own result is told apart by a part of its id.
      guard assessment.text.utf8.count <= 40 else {
        throw Rejection(.malformed, "The assessment's code has more than 40 characters.")
      }
    }
    for other in entries[activity] ?? []
    where other.from <= entry.until && entry.from <= other.until {
      problems.append(
        (
          row.line,
          "Line \(other.line) gives the activity another meaning on some of the same days: on "
            + "those days nothing is recorded of it."
        ))
    }
    if entries[activity] == nil, let pattern = ActivityPattern(activity) {
      guard patterns.count < Self.patternsMax else {
        throw Rejection(.malformed, "More than \(Self.patternsMax) activities have gaps.")
      }
      patterns.append((pattern, activity))
    }
    entries[activity, default: []].append(entry)
  }

  private static func minutes(_ row: SheetRow) throws(Rejection) -> UInt32? {
    guard let text = row["minutes"] else { return nil }
    guard let minutes = UInt32(text), (1...1440).contains(minutes) else {
      throw Rejection(.malformed, "\"\(text)\" is no number of minutes of a day.", field: "minutes")
    }
    return minutes
  }

  /// What the map has for an activity: spelled whole, or else without its fragment, or else by the
  /// gaps that say most.
  ///
  /// - Throws: `LeftOut` when two rows say two things.
  package func find(_ activity: String, on day: Day) throws(LeftOut) -> Entry? {
    if let entry = try entry(spelled: activity, on: day) { return entry }
    let page = ActivityID.withoutFragment(activity)
    if page.endIndex < activity.endIndex,
      let entry = try entry(spelled: String(page), on: day)
    {
      return entry
    }
    for (pattern, spelled) in patterns {
      guard let names = pattern.match(activity[...]) ?? pattern.match(page),
        var entry = try entry(spelled: spelled, on: day)
      else { continue }
      entry.code = names["code"]
      return entry
    }
    return nil
  }

  private func entry(spelled activity: String, on day: Day) throws(LeftOut) -> Entry? {
    guard let rows = entries[activity] else { return nil }
    let found = rows.filter { $0.from <= day && day <= $0.until }
    guard found.count < 2 else {
      throw LeftOut(
        .contradictoryActivity,
        "The activities map has lines \(found.map { "\($0.line)" }.joined(separator: " and ")) "
          + "for the activity on \(day.text).")
    }
    return found.first
  }

  /// One entry for each pair of a cohort and an issuer, in the order of the file: for what names
  /// none.
  package var cohorts: [Entry] {
    var seen: Set<[Identifier?]> = []
    return entries.values.joined().sorted { $0.line < $1.line }
      .filter { !$0.isIgnored && seen.insert([$0.cohort, $0.issuer]).inserted }
  }
}
