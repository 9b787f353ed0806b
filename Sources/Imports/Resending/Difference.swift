import JSON
import Messages
import Registry

/// One thing that a row says otherwise than the registry.
package struct Difference: Hashable, Sendable {
  /// Such as `score` or `day`.
  package var field: String
  /// As the registry has it; nil: it says nothing of it.
  package var registry: String?
  /// As the row has it; nil: it says nothing of it.
  package var here: String?

  package var sentence: String {
    "\(field) is \(registry ?? "not given") in the registry and \(here ?? "not given") here"
  }
}

/// What an event says, field by field, so that two can be compared and one be mended by the other.
struct Saying {
  /// What follows from what was known at the time, and is no saying of a row's.
  private static let derived: Set<String> = ["evidence", "seat"]
  /// In hundredths of a per cent.
  private static let scores: Set<String> = ["score", "pass_mark"]

  let day: Day
  let name: String
  /// Leaves by their paths within the body.
  let leaves: [[String]: JSONText]
  private let body: JSONText

  /// - Throws: `DecodeFailure`, which a proposal of ours never gives.
  init(_ proposal: Proposal) throws(DecodeFailure) {
    var bare = proposal
    (bare.source, bare.personal) = (nil, nil)
    let json = try JSONMapping.text(of: "Proposal", Codec.encode(bare), limits: .stored)
    let kind = proposal.stream.kind.rawValue
    day = proposal.effective
    name = proposal.body.eventName
    body = .object([(kind, json[kind] ?? .object([]))])
    var leaves: [[String]: JSONText] = [:]
    Self.collect(body, [], &leaves)
    self.leaves = leaves
  }

  private static func collect(
    _ json: JSONText, _ path: [String], _ leaves: inout [[String]: JSONText]
  ) {
    guard case .object(let members) = json else {
      leaves[path] = json
      return
    }
    for (name, value) in members where !derived.contains(name) {
      collect(value, path + [name], &leaves)
    }
  }

  /// - Parameter isOwn: what the other says came from the same rows, so that what this one no longer
  ///   says is taken back.
  func differences(from other: Saying, isOwn: Bool) -> [Difference] {
    var found: [Difference] = []
    if day != other.day {
      found.append(Difference(field: "day", registry: other.day.text, here: day.text))
    }
    guard name == other.name else {
      return found + [
        Difference(
          field: "what happened", registry: Self.own(other.name), here: Self.own(name))
      ]
    }
    for path in Set(leaves.keys).union(other.leaves.keys).sorted(by: { $0.joined() < $1.joined() })
    where leaves[path] != other.leaves[path] && (isOwn || leaves[path] != nil) {
      let field = path.last ?? ""
      found.append(
        Difference(
          field: field.replacing("_", with: " "),
          registry: other.leaves[path].map { Self.spelled($0, field) },
          here: leaves[path].map { Self.spelled($0, field) }))
    }
    return found
  }

  private static func own(_ name: String) -> String {
    name.split(separator: ".").last.map { "`\($0)`" } ?? name
  }

  private static func spelled(_ json: JSONText, _ field: String) -> String {
    switch json {
    case .number(let text):
      guard scores.contains(field), let value = Double(text) else { return text }
      let percent = "\(value / 100)"
      return percent.hasSuffix(".0") ? String(percent.dropLast(2)) : percent
    case .string(let text): return text
    case .array(let all): return all.map { spelled($0, field) }.joined(separator: ", ")
    case .object, .bool, .null: return json.text
    }
  }

  /// The other event's proposal, mended to say what this one says.
  ///
  /// - Throws: `DecodeFailure`.
  func mending(
    _ proposal: Proposal, _ other: Saying, isOwn: Bool
  ) throws(DecodeFailure) -> Proposal {
    var mended = proposal
    mended.effective = day
    var change = body
    var base = other.body
    if name == other.name {
      for path in other.leaves.keys where isOwn && leaves[path] == nil {
        change = Self.setting(.null, at: path[...], in: change)
      }
      change = Self.without(change)
    } else if let seat = Self.seat(other.body), Self.seat(body) == nil, let path = Self.event(body)
    {
      // What takes an event's place must say as much of whose it is.
      change = Self.setting(seat, at: (path + ["seat"])[...], in: change)
    }
    if name != other.name { base = .object([]) }
    let said = try JSONMapping.merged(change, into: base, of: "Proposal")
    guard case .object(let members) = said else { return mended }
    let whole = JSONText.object(
      [
        ("event_id", .string(proposal.eventID.text)), ("stream", .string(proposal.stream.text)),
        ("effective", .string(day.text)),
      ] + members)
    mended.body = try Codec.decode(
      Proposal.self, from: try JSONMapping.bytes(of: "Proposal", whole), limits: .standard
    ).body
    return mended
  }

  private static func event(_ body: JSONText) -> [String]? {
    guard case .object(let kinds) = body, let kind = kinds.first,
      case .object(let events) = kind.value, let event = events.first
    else { return nil }
    return [kind.name, event.name]
  }

  private static func seat(_ body: JSONText) -> JSONText? {
    event(body).flatMap { body[$0[0]]?[$0[1]]?["seat"] }
  }

  /// Without what follows from what was known.
  private static func without(_ json: JSONText) -> JSONText {
    guard case .object(let members) = json else { return json }
    return .object(
      members.filter { !derived.contains($0.name) }.map { ($0.name, without($0.value)) })
  }

  private static func setting(
    _ value: JSONText, at path: ArraySlice<String>, in json: JSONText
  ) -> JSONText {
    guard let first = path.first else { return value }
    var members: [(name: String, value: JSONText)] = []
    if case .object(let known) = json { members = known }
    let inner = members.first { $0.name == first }?.value ?? .object([])
    members.removeAll { $0.name == first }
    members.append((first, setting(value, at: path.dropFirst(), in: inner)))
    return .object(members)
  }
}
