import Registry

@testable import Messages

/// Bytes of a message with as little in it as the schema allows, or as much: every text and list at
/// its limit. Written from the descriptors, so that a field that comes later is met as well.
struct LargestMessage {
  enum Extent { case least, most }

  let extent: Extent
  /// Which things it names: those of a list are this one and the following.
  var index: Int
  /// Items of a list, where the schema would allow more.
  var itemsMax = Int.max

  /// What the registry's things are called, each as long as a name may be.
  static func name(_ index: Int) -> Identifier {
    let start = "n\(index)-"
    return Identifier(start + String(repeating: "x", count: Identifier.lengthMax - start.count))!
  }

  /// - Parameter member: the member of its choice.
  func bytes(of name: String, choosing member: String? = nil) throws -> [UInt8] {
    let form = try MessageLayout.named(name)
    var out: [UInt8] = []
    if name == "PopulationRule" { return try rule(form) }
    for field in form.fields where isThere(field, in: form, choosing: member) {
      guard field.isList else {
        try append(field, to: &out)
        continue
      }
      var packed: [UInt8] = []
      for at in 0..<min(field.rule.maxItems ?? 3, itemsMax) {
        var item = self
        item.index += at
        if field.isPacked {
          RawFields.append(varint: item.scalar(field), to: &packed)
        } else {
          try item.append(field, to: &out)
        }
      }
      if !packed.isEmpty { RawFields.append(field.number, packed, to: &out) }
    }
    return out
  }

  /// A rule that says something as a whole: its steps are choices, then what joins them two by two,
  /// then the opposite where there is room for one step more.
  private func rule(_ form: MessageLayout) throws -> [UInt8] {
    var out: [UInt8] = []
    for field in form.fields where field.isList || extent == .most {
      guard field.isList else {
        try append(field, to: &out)
        continue
      }
      let count = extent == .most ? max(1, min(field.rule.maxItems ?? 1, itemsMax)) : 1
      let choices = (count + 1) / 2
      let kinds = ["organisation", "cadre", "grade", "position", "county", "everybody"]
      let members =
        (0..<choices).map { kinds[$0 % kinds.count] }
        + Array(repeating: "any_of", count: choices - 1)
        + (count % 2 == 0 ? ["negated"] : [])
      for (at, member) in members.enumerated() {
        var step = self
        step.index += at
        RawFields.append(field.number, try step.bytes(of: "RuleStep", choosing: member), to: &out)
      }
    }
    return out
  }

  private func isThere(
    _ field: MessageLayout.Field, in form: MessageLayout, choosing member: String?
  ) -> Bool {
    if let choice = field.choice {
      let members = form.fields.filter { $0.choice == choice }
      if let member, members.contains(where: { $0.name == member }) { return field.name == member }
      let mustChoose =
        members.count > 1 && Schema.choices.contains { $0.hasPrefix(form.name + ".") }
      return extent == .most
        ? field.number == members.last?.number
        : mustChoose && field.number == members.first?.number
    }
    if case .nested = field.rule.kind { return false }
    // There are no such events: what rests on them would be rejected for that alone.
    if field.isList, field.rule.kind == .eventID { return false }
    return extent == .most
      || !field.isList && (field.rule.required || field.rule.min ?? 0 > 0)
  }

  private func append(_ field: MessageLayout.Field, to out: inout [UInt8]) throws {
    switch field.value {
    case .bool, .number, .named:
      RawFields.append(tag: field.number, .varint, to: &out)
      RawFields.append(varint: scalar(field), to: &out)
    case .message(let name): RawFields.append(field.number, try bytes(of: name), to: &out)
    case .string where field.name == "time_zone":
      // Any other text is no time zone.
      RawFields.append(field.number, Array("Africa/Nairobi".utf8), to: &out)
    case .string where field.name == "number":
      RawFields.append(field.number, Array(certificateNumber(field.rule).utf8), to: &out)
    case .string: RawFields.append(field.number, Array(text(field.rule).utf8), to: &out)
    case .bytes: RawFields.append(field.number, content(field.rule), to: &out)
    }
  }

  private func scalar(_ field: MessageLayout.Field) -> UInt64 {
    switch field.value {
    case .named(let names): UInt64(names[0].number)
    case .number where field.rule.kind == .day: 2024_01_01
    case .number: UInt64(max(1, field.rule.min ?? 1))
    default: 1
    }
  }

  /// No two things have the same, as far as there is room to say so.
  private func text(_ rule: FieldRule) -> String {
    let start = "\(index)"
    guard extent == .most else { return start }
    let most = rule.max ?? 200
    return String(
      (start + String(repeating: "é", count: max(0, most - start.utf8.count) / 2)).prefix(most))
  }

  /// One of the letters that a number may have; the longest is a URI.
  private func certificateNumber(_ rule: FieldRule) -> String {
    guard extent == .most, let most = rule.max else { return "K\(index)" }
    let start = "https://example.org/\(index)/"
    return start + String(repeating: "k", count: max(0, most - start.utf8.count))
  }

  private func content(_ rule: FieldRule) -> [UInt8] {
    let name = Self.name(index).text
    return switch rule.kind {
    case .stream: Array("programme/\(name)".utf8)
    case .eventID: Array(repeating: UInt8(truncatingIfNeeded: index), count: 16)
    case .sha256: Array(repeating: UInt8(truncatingIfNeeded: index), count: 32)
    case .plain: Array(repeating: 1, count: rule.max ?? 32)
    case .day, .identifier, .text, .nested: Array(name.utf8)
    }
  }
}

extension LargestMessage {
  /// The members of an event's choice, in the schema's order.
  static func events(of kind: StreamKind) throws -> [String] {
    let body = try MessageLayout.named("Proposal").fields.first { $0.name == kind.rawValue }
    guard case .message(let event)? = body?.value else {
      throw Unexpected("there is no body \(kind.rawValue)")
    }
    return try MessageLayout.named(event).fields.map(\.name)
  }

  /// A proposal of an event, from a source that vouches for what came before.
  func proposal(_ stream: StreamID, _ event: String) throws -> [UInt8] {
    var out: [UInt8] = []
    for field in try MessageLayout.named("Proposal").fields {
      switch (field.name, field.value) {
      case ("event_id", _): RawFields.append(field.number, Fixture.freshID().bytes, to: &out)
      case ("stream", _): RawFields.append(field.number, Array(stream.text.utf8), to: &out)
      case ("effective", _): try append(field, to: &out)
      case ("source", .message(let name)):
        RawFields.append(
          field.number, try LargestMessage(extent: .most, index: index).bytes(of: name), to: &out)
      case ("personal", .message(let name)) where stream.kind == .officer:
        // A name at the least.
        var personal = self
        personal.itemsMax = min(itemsMax, event == "identifier_added" ? 1 : .max)
        let given = LargestMessage(
          extent: .most, index: index, itemsMax: extent == .least ? 0 : personal.itemsMax)
        RawFields.append(field.number, try given.bytes(of: name), to: &out)
      case (stream.kind.rawValue, .message(let name)):
        RawFields.append(field.number, try bytes(of: name, choosing: event), to: &out)
      default: break
      }
    }
    return out
  }
}
