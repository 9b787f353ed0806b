import Messages
import Registry

/// Decisions made by bytes: once they are spent, always the first there is.
struct Choices {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes)[...] }

  var isSpent: Bool { bytes.isEmpty }

  mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

  mutating func of(_ count: Int) -> Int { Int(byte()) % max(count, 1) }

  mutating func one<T>(_ list: [T]) -> T { list[of(list.count)] }

  /// In so many of sixteen cases.
  mutating func chance(_ sixteenths: UInt8) -> Bool { byte() & 15 >= 16 - sixteenths }

  mutating func take(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
}

/// Messages of any kind as bytes choose, by the schema: well formed, of few names, so that they
/// meet one another, and with numbers and days at which arithmetic turns.
struct MessageMaker {
  var choices: Choices
  /// Numbers beyond the schema's bounds too, as an older program may have let them in.
  var isWild = false
  /// Opaque bytes that answers gave, to go on from.
  var tokens: [[UInt8]] = []
  /// The events that there are, of each stream.
  var events: [String: [EventID]] = [:]
  /// Half of the proposals are of this kind, so that its life goes on.
  private let focus: StreamKind
  private var made: UInt64 = 0
  /// The member that a choice of a message last was, by the message.
  private var latest: [String: UInt32] = [:]

  init(_ choices: Choices) {
    self.choices = choices
    focus = self.choices.one(StreamKind.allCases)
  }

  /// The first the most often, so that things meet.
  private static let keys = [
    "a", "a", "a", "a", "b", "a", "a", "a", "b", "c", "a", "a", "b", "a", "pn", "d",
  ].map { Array($0.utf8) }
  /// Fields that name something new more often than not.
  private static let ownCodes: Set = [
    "report", "claim", "target", "obligation", "award", "assessment", "session", "code",
  ]
  private static let texts = [
    "1", "Example", "Africa/Nairobi", "2", "", "é𝒳\u{1}", String(repeating: "x", count: 64),
  ]
  /// The last five are those at which a calendar ends.
  private static let days: [UInt32] = [
    2024_01_01, 2023_01_01, 2020_01_01, 2023_06_30, 2024_02_29, 2026_11_29, 2021_06_01, 2025_12_31,
    2024_01_01, 2023_06_30, 2024_06_30, 2023_12_31, 2024_03_31, 2022_03_31, 2024_01_01, 2024_12_31,
    2025_01_01, 9999_12_31, 9999_12_30, 1000_01_01, 1000_01_02, 1969_12_31,
  ]
  private static let numbers: [UInt64] = [
    .max, 1 << 63, 1 << 63 - 1, 1 << 32, 1 << 32 - 1, 1 << 31, 1 << 31 - 1, 1 << 62, 1 << 16, 255,
    10_000, 12, 60, 200,
  ]

  // MARK: proposals

  /// A proposal for a stream of some kind, and its id.
  mutating func proposal() -> [UInt8] {
    let kind = choices.chance(8) ? focus : choices.one(StreamKind.allCases)
    // A log has one registry.
    let key = kind == .registry ? Self.keys[0] : choices.one(Self.keys)
    let stream = kind.rawValue + "/" + String(decoding: key, as: UTF8.self)
    let known = events[stream] ?? []
    // An act upon an event of the stream, or an event of its own kind.
    let act = known.isEmpty ? 0 : choices.byte()
    let body = act >= 248 ? "restored" : act >= 232 ? "voided" : kind.rawValue
    let corrects = act >= 216
    made += 1
    let id = EventID(high: 1, low: made)
    var out: [UInt8] = []
    for field in Self.form("Proposal").fields {
      switch field.name {
      case "event_id": RawFields.append(field.number, id.bytes, to: &out)
      case "stream": RawFields.append(field.number, Array(stream.utf8), to: &out)
      case "corrects":
        if corrects { RawFields.append(field.number, choices.one(known).bytes, to: &out) }
      case "personal":
        if kind == .officer, choices.chance(4) { append(field, to: &out) }
      case "effective": append(field, to: &out)
      case "source": if choices.chance(15) { append(field, to: &out) }
      default:
        if field.choice != nil {
          if field.name == body { append(field, to: &out) }
        } else if choices.chance(1) {
          append(field, to: &out)
        }
      }
    }
    events[stream, default: []].append(id)
    return out
  }

  // MARK: any message

  private static func form(_ name: String) -> MessageLayout {
    guard let form = try? MessageLayout.named(name) else {
      preconditionFailure("the schema has \(name)")
    }
    return form
  }

  mutating func message(_ name: String) -> [UInt8] {
    var out: [UInt8] = []
    let fields = Self.form(name).fields
    var chosen: Set<UInt32> = []
    for field in fields {
      if let choice = field.choice {
        guard chosen.insert(choice).inserted else { continue }
        let members = fields.filter { $0.choice == choice }
        // Most choices must be made; those of one member may be left.
        if members.count == 1, choices.chance(8) { continue }
        // What was chosen before is chosen again more often than not, so that things add up.
        let again = latest[name].flatMap { number in members.first { $0.number == number } }
        let member = choices.chance(7) ? again ?? members[0] : choices.one(members)
        latest[name] = member.number
        append(member, to: &out)
      } else if field.rule.required || (field.rule.min ?? 0) > 0 || choices.chance(5) {
        append(field, to: &out)
      }
    }
    return out
  }

  private mutating func append(_ field: MessageLayout.Field, to out: inout [UInt8]) {
    for _ in 0..<(field.isList ? 1 + choices.of(3) : 1) { appendOne(field, to: &out) }
  }

  private mutating func appendOne(_ field: MessageLayout.Field, to out: inout [UInt8]) {
    switch field.value {
    case .bool: number(field, 1, to: &out)
    case .named(let names): number(field, UInt64(choices.one(names).number), to: &out)
    case .number(let bits, _):
      number(field, number(field.rule, bits: bits), to: &out)
    case .string:
      let text = choices.one(Self.texts.filter { !$0.isEmpty || !field.rule.required })
      RawFields.append(field.number, text.utf8.prefix(field.rule.max ?? 64), to: &out)
    case .message(let name): RawFields.append(field.number, message(name), to: &out)
    case .bytes where Self.ownCodes.contains(field.name) && choices.chance(12):
      RawFields.append(field.number, Array("k\(choices.byte() & 15)".utf8), to: &out)
    case .bytes: RawFields.append(field.number, bytes(field.rule), to: &out)
    }
  }

  /// A member of a choice is written with its zero too, since there it is a value.
  private func number(_ field: MessageLayout.Field, _ value: UInt64, to out: inout [UInt8]) {
    guard value == 0, field.choice != nil else {
      return RawFields.append(field.number, value, to: &out)
    }
    RawFields.append(tag: field.number, .varint, to: &out)
    out.append(0)
  }

  private mutating func number(_ rule: FieldRule, bits: Int) -> UInt64 {
    if rule.kind == .day { return UInt64(choices.one(Self.days)) }
    let byte = choices.byte()
    let limits = [rule.min ?? 0, rule.max ?? 0].map { UInt64(clamping: $0) }
    let chosen =
      switch byte {
      case 0..<80: UInt64(byte % 8)
      case 80..<130: limits[Int(byte) % 2]
      case 130..<200: Self.numbers[Int(byte) % Self.numbers.count]
      default: UInt64.max
      }
    let most = bits == 64 ? UInt64.max : UInt64(UInt32.max)
    guard !isWild else { return min(chosen, most) }
    return max(min(chosen, rule.max.map { UInt64(clamping: $0) } ?? most), limits[0])
  }

  private mutating func bytes(_ rule: FieldRule) -> [UInt8] {
    switch rule.kind {
    case .identifier: return choices.one(Self.keys)
    case .stream:
      return Array((choices.one(StreamKind.allCases).rawValue + "/").utf8) + choices.one(Self.keys)
    case .eventID:
      let known = events.keys.sorted().flatMap { events[$0] ?? [] }
      guard !known.isEmpty else { return EventID(high: 1, low: 1).bytes }
      return known[(Int(choices.byte()) << 8 | Int(choices.byte())) % known.count].bytes
    case .sha256: return Array(repeating: choices.byte() & 3, count: 32)
    case .text: return Array("fuzzer".utf8)
    case .nested("Proposal"): return proposal()
    case .nested(let name): return message(name)
    case .day, .plain:
      if !tokens.isEmpty, choices.chance(12) {
        var token = choices.one(tokens)
        // Continued as it was given, or changed in a place.
        if !token.isEmpty, choices.chance(8) { token[choices.of(token.count)] ^= choices.byte() }
        return token
      }
      return choices.take(choices.of(20))
    }
  }
}
