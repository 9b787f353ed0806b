import Registry

/// Whose account it was on which day: rows of `home_page,account,officer,from,until`.
///
/// `officer` is an officer's id, or SCHEME:VALUE. `from` and `until` are the first and the last
/// day; none: from or until for ever. For an actor without an account, `home_page` is empty and
/// `account` is the mbox, its SHA-1 or the OpenID as the statement spells it.
package struct IdentityMap: Sendable {
  package static let columns: [(name: String, required: Bool)] = [
    ("home_page", false), ("account", true), ("officer", true), ("from", false), ("until", false),
  ]
  /// Rows of one map.
  package static let rowsMax = 2_000_000

  package enum Found: Hashable, Sendable {
    case officer(String)
    case nobody
    /// The account is another day's.
    case notThatDay
    case contradictory(lines: [Int])
  }

  /// Rows that could not be read, or that contradict others, each with a sentence.
  package private(set) var problems: [(line: Int, sentence: String)] = []

  private struct Key: Hashable {
    var home: Int32
    var account: String
  }

  private struct Entry {
    var officer: String
    var from: Day
    var until: Day
    var line: Int32
    /// The next entry of the same account; −1 after the last.
    var next: Int32
  }

  private var homes: [String: Int32] = [:]
  private var first: [Key: Int32] = [:]
  private var entries: [Entry] = []

  package init(_ sheet: inout SheetReader) throws {
    try sheet.expect(Self.columns, besides: MapDraft.remarkColumns)
    while let row = try sheet.next() {
      guard entries.count < Self.rowsMax else {
        throw FileFormatFailure("The identity map has more than \(Self.rowsMax) rows.")
      }
      do throws(Rejection) { try add(row) } catch { problems.append((row.line, error.sentence)) }
    }
  }

  private mutating func add(_ row: SheetRow) throws(Rejection) {
    try row.check(Self.columns)
    guard let account = row["account"], let officer = row["officer"] else { return }
    guard Identifier(officer) != nil || officer.contains(":") else {
      throw Rejection(.malformed, "\"\(officer)\" is no officer's id and no SCHEME:VALUE.")
    }
    let from = try row.day("from") ?? .distantPast
    let until = try row.day("until") ?? .distantFuture
    guard from <= until else {
      throw Rejection(
        .inconsistent, "The row is for \(from.text) until \(until.text), which is no time.")
    }
    let home = Self.normal(row["home_page"] ?? "")
    let key = Key(
      home: homes[home] ?? Int32(homes.count), account: account)
    homes[home] = key.home
    var at = first[key] ?? -1
    while at >= 0 {
      let other = entries[Int(at)]
      if other.officer != officer, other.from <= until, from <= other.until {
        problems.append(
          (
            row.line,
            "Line \(other.line) gives \(account) to another officer on some of the same days: on "
              + "those days nothing is recorded for the account."
          ))
      }
      at = other.next
    }
    entries.append(
      Entry(
        officer: officer, from: from, until: until, line: Int32(clamping: row.line),
        next: first[key] ?? -1))
    first[key] = Int32(entries.count - 1)
  }

  private static func normal(_ home: String) -> String { ActivityID.homePage(home) }

  package func find(_ actor: Statement.Actor, on day: Day) -> Found {
    let key: Key
    switch actor {
    case .account(let page, let name):
      guard let home = homes[Self.normal(page)] else { return .nobody }
      key = Key(home: home, account: name)
    case .other(let text):
      guard let home = homes[""] else { return .nobody }
      key = Key(home: home, account: text)
    case .group: return .nobody
    }
    guard var at = first[key] else { return .nobody }
    var found: [Entry] = []
    while at >= 0 {
      let entry = entries[Int(at)]
      if entry.from <= day, day <= entry.until { found.append(entry) }
      at = entry.next
    }
    guard let one = found.first else { return .notThatDay }
    if found.contains(where: { $0.officer != one.officer }) {
      return .contradictory(lines: found.map { Int($0.line) }.sorted())
    }
    return .officer(one.officer)
  }
}
