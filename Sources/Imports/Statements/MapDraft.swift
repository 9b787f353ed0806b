import JSON
import Registry

/// Drafts of the two maps from a file of statements: whom and what it speaks of and the maps do not
/// have yet, with what the statements call them. Whose account it is and which cohort takes a course
/// is left for a person.
package struct MapDraft {
  /// Columns for whoever fills in the maps, which are not read.
  package static let remarkColumns = ["name", "title", "type", "statements"]
  /// Rows of one draft.
  package static let rowsMax = 100_000

  private struct Actor: Hashable {
    var home: String
    var account: String
  }

  private struct Seen {
    var count = 0
    var name = ""
    var type = ""
  }

  private var actors: [Actor: Seen] = [:]
  private var activities: [String: Seen] = [:]
  private let identityMap: IdentityMap?
  private let activityMap: ActivityMap?

  /// - Parameters: what is filled in already.
  package init(_ identities: IdentityMap?, _ activities: ActivityMap?) {
    (identityMap, activityMap) = (identities, activities)
  }

  /// Takes a statement, where something would be recorded from it.
  ///
  /// - Returns: whether it is one that can be read.
  package mutating func add(_ json: JSONText) -> Bool {
    let json = Statement.unwrapped(json)
    guard let statement = try? Statement(json) else { return false }
    draft(statement, json)
    return true
  }

  private mutating func draft(_ statement: Statement, _ json: JSONText) {
    guard let act = StatementAct(verb: statement.verb),
      act != .voided, let instant = statement.instant,
      let day = Day(ordinal: Int(instant / 86_400))
    else { return }
    addActor(statement.actor, Self.text(json["actor"]?["name"]), on: day)
    guard case .activity(let id, let type) = statement.object else { return }
    let isKnown = ([id] + statement.context).contains {
      (try? activityMap?.find($0, on: day)) != nil
    }
    guard !isKnown else { return }
    if type.hasSuffix("/attempt"), let whole = statement.context.first {
      addActivity(whole, "", "")
    } else {
      addActivity(Self.draft(id), Self.text(json["object"]?["definition"]?["name"]), type)
    }
  }

  private mutating func addActor(_ actor: Statement.Actor, _ name: String, on day: Day) {
    if let identityMap, identityMap.find(actor, on: day) != .nobody { return }
    let key: Actor
    switch actor {
    case .account(let home, let name): key = Actor(home: ActivityID.homePage(home), account: name)
    case .other(let text): key = Actor(home: "", account: text)
    case .group: return
    }
    guard actors.count < Self.rowsMax || actors[key] != nil else { return }
    actors[key, default: Seen(name: name)].count += 1
  }

  private mutating func addActivity(_ id: String, _ title: String, _ type: String) {
    guard activities.count < Self.rowsMax || activities[id] != nil else { return }
    activities[id, default: Seen(name: title, type: type)].count += 1
  }

  /// A page without its parts; certificates, of which each has a code of its own, as one.
  private static func draft(_ id: String) -> String {
    let page = String(ActivityID.withoutFragment(id))
    guard let code = page.firstRange(of: "code=") else { return page }
    let end = page[code.upperBound...].firstIndex(of: "&") ?? page.endIndex
    return page[..<code.upperBound] + "{code}" + page[end...]
  }

  /// A text, or the first of a language map.
  private static func text(_ json: JSONText?) -> String {
    switch json {
    case .string(let text): text
    case .object(let members):
      if case .string(let text)? = members.first?.value { text } else { "" }
    case .array, .number, .bool, .null, nil: ""
    }
  }

  package var identities: String {
    let rows = actors.sorted {
      ($1.value.count, $0.key.home, $0.key.account) < ($0.value.count, $1.key.home, $1.key.account)
    }
    return Self.csv(
      IdentityMap.columns.map(\.name) + ["name", "statements"],
      rows.map { actor, seen in
        [actor.home, actor.account, "", "", "", seen.name, "\(seen.count)"]
      })
  }

  package var activityRows: String {
    let rows = activities.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    let unknown = [String](repeating: "", count: ActivityMap.columns.count - 1)
    return Self.csv(
      ActivityMap.columns.map(\.name) + ["title", "type", "statements"],
      rows.map { id, seen in [id] + unknown + [seen.name, seen.type, "\(seen.count)"] })
  }

  private static func csv(_ head: [String], _ rows: [[String]]) -> String {
    ([head] + rows).map { CSV.line($0) + "\n" }.joined()
  }
}
