import Registry

@testable import Messages

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}

/// Bytes of a message that the schema allows, spelled as protobuf-c spells them.
///
/// Written from the rules by another road than the generated conversions, so that one checks the
/// other.
struct RandomMessage {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed) }

  mutating func bytes(of name: String) throws -> [UInt8] {
    let form = try MessageLayout.named(name)
    var out: [UInt8] = []
    var chosen: [UInt32: UInt32] = [:]
    let members = form.fields.filter { $0.choice != nil }
    for choice in Set(members.compactMap(\.choice)).sorted() {
      let candidates = members.filter { $0.choice == choice }
      if mustChoose(form, candidates) || random.chance(60) {
        chosen[choice] = candidates.randomElement(using: &random)!.number
      }
    }
    for field in form.fields {
      if let choice = field.choice {
        if chosen[choice] == field.number { try append(field, to: &out) }
      } else if field.isList {
        try appendList(field, to: &out)
      } else if field.rule.required || field.rule.min ?? 0 > 0 || random.chance(70) {
        try append(field, to: &out)
      }
    }
    return out
  }

  private func mustChoose(_ form: MessageLayout, _ members: [MessageLayout.Field]) -> Bool {
    // A message has one required choice at most: the table does not say which field is whose.
    let required = Schema.choices.filter { $0.hasPrefix(form.name + ".") }
    precondition(required.count <= 1)
    return !required.isEmpty && (members.count > 1 || required.first!.hasSuffix(".kind"))
  }

  private mutating func appendList(_ field: MessageLayout.Field, to out: inout [UInt8]) throws {
    let count = Int.random(in: 0...min(field.rule.maxItems ?? 3, 3), using: &random)
    guard field.isPacked else {
      for _ in 0..<count { try append(field, to: &out) }
      return
    }
    var packed: [UInt8] = []
    for _ in 0..<count { RawFields.append(varint: scalar(field), to: &packed) }
    if !packed.isEmpty { RawFields.append(field.number, packed, to: &out) }
  }

  private mutating func append(_ field: MessageLayout.Field, to out: inout [UInt8]) throws {
    switch field.value {
    case .bool, .number, .named:
      let value = scalar(field)
      guard value != 0 || field.choice != nil else { return }
      RawFields.append(tag: field.number, .varint, to: &out)
      RawFields.append(varint: value, to: &out)
    case .message(let name): RawFields.append(field.number, try bytes(of: name), to: &out)
    case .string: RawFields.append(field.number, Array(text(field.rule).utf8), to: &out)
    case .bytes:
      if case .nested(let name) = field.rule.kind {
        let inner = try bytes(of: name)
        if !inner.isEmpty || field.isList { RawFields.append(field.number, inner, to: &out) }
      } else {
        RawFields.append(field.number, content(field.rule), to: &out)
      }
    }
  }

  mutating func scalar(_ field: MessageLayout.Field) -> UInt64 {
    switch field.value {
    case .bool: return UInt64.random(in: 0...1, using: &random)
    case .named(let names): return UInt64(names.randomElement(using: &random)!.number)
    case .number where field.rule.kind == .day:
      return UInt64(Day(ordinal: Int.random(in: -300_000...2_900_000, using: &random))!.number)
    case .number(let bits, let isSigned):
      let top = isSigned ? UInt64(1) << (bits - 1) - 1 : UInt64.max >> (64 - bits)
      let low = UInt64(field.rule.min ?? 0)
      let high = min(field.rule.max.map(UInt64.init) ?? top, top)
      // Small numbers and the limits as often as any other.
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return low
      case 1: return high
      case 2: return UInt64.random(in: low...min(high, low + 200), using: &random)
      default: return UInt64.random(in: low...high, using: &random)
      }
    case .string, .bytes, .message: preconditionFailure()
    }
  }

  private mutating func text(_ rule: FieldRule) -> String {
    let alphabet = Array("abcdefghij ABC 0123 .,-\"\\\n\t/é€𝒳ñ漢\u{7F}\u{1}")
    let most = rule.max ?? 60
    var text = String(alphabet.randomElement(using: &random)!)
    while random.chance(85) {
      let next = alphabet.randomElement(using: &random)!
      guard text.utf8.count + String(next).utf8.count <= most else { break }
      text.append(next)
    }
    return text
  }

  mutating func identifier() -> String {
    let alphabet = Array("abcXYZ0189._:@+~-")
    let count = random.chance(10) ? 64 : Int.random(in: 1...20, using: &random)
    return String((0..<count).map { _ in alphabet.randomElement(using: &random)! })
  }

  private mutating func content(_ rule: FieldRule) -> [UInt8] {
    switch rule.kind {
    case .identifier, .text: return Array(identifier().utf8)
    case .stream:
      let kind = StreamKind.allCases.randomElement(using: &random)!
      return Array(StreamID(kind, Identifier(identifier())!).text.utf8)
    case .eventID: return random.bytes(16)
    case .sha256: return random.bytes(32)
    case .plain, .day, .nested:
      return random.bytes(
        Int.random(in: max(1, rule.min ?? 0)...min(rule.max ?? 40, 40), using: &random))
    }
  }
}

extension Message {
  static var name: String { String(cString: descriptor.pointee.short_name) }
}

/// The refusal that the body ends with.
func refusal(_ body: () throws -> Void) -> DecodeFailure? {
  do { try body() } catch { return error as? DecodeFailure }
  return nil
}

/// Bytes for hexadecimal digits; spaces and line ends are passed over, as is all after a `#`.
func hex(_ text: String) -> [UInt8] {
  var digits: [Character] = []
  for line in text.split(whereSeparator: \.isNewline) {
    digits += line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
  }
  precondition(digits.count % 2 == 0)
  return stride(from: 0, to: digits.count, by: 2).map {
    UInt8(String(digits[$0...($0 + 1)]), radix: 16)!
  }
}

/// Where a field's bytes stand, for expectations, which cannot hold a span.
func find(_ field: UInt32, in bytes: [UInt8]) -> Range<Int>? {
  RawFields.find(field, in: bytes.span.bytes)
}
