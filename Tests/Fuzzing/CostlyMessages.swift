import Messages

/// The messages that cost most to decode for their length: for tests and benchmarks.
///
/// Each form is written from the schema, for every list that a message holds at any depth and for
/// the message itself; none is longer than was asked.
package enum CostlyMessages {
  package struct Form: Sendable {
    package var what: String
    package var bytes: [UInt8]
  }

  /// Forms of a message, by its name in the schema.
  package static func all(of message: String, length: Int) throws(DecodeFailure) -> [Form] {
    let form = try MessageLayout.named(message)
    var forms = try own(form, length)
    var lists: [(path: [MessageLayout.Field], field: MessageLayout.Field)] = []
    try find([], form, &lists)
    for (path, field) in lists {
      // What stands around the list takes a tag and a length a level.
      let room = length - 6 * path.count
      for (what, item) in try items(field, room) {
        let list = fill(item, room)
        let bytes = path.reversed().reduce(list) { inner, outer in
          var bytes: [UInt8] = []
          RawFields.append(outer.number, inner, to: &bytes)
          return bytes
        }
        let names = (path + [field]).map(\.name).joined(separator: ".")
        forms.append(Form(what: "\(names): \(what)", bytes: bytes))
      }
    }
    return forms
  }

  private static func fill(_ item: [UInt8], _ length: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    for _ in 0..<(length / item.count) { bytes += item }
    return bytes
  }

  /// The lists of a message, each by the first way to it.
  private static func find(
    _ path: [MessageLayout.Field], _ form: MessageLayout,
    _ lists: inout [(path: [MessageLayout.Field], field: MessageLayout.Field)]
  ) throws(DecodeFailure) {
    for field in form.fields {
      if field.isList { lists.append((path, field)) }
      guard case .message(let name) = field.value else { continue }
      try find(path + [field], try MessageLayout.named(name), &lists)
    }
  }

  /// What a list is filled with.
  private static func items(
    _ field: MessageLayout.Field, _ length: Int
  ) throws(DecodeFailure) -> [(String, [UInt8])] {
    func item(_ value: [UInt8]) -> [UInt8] {
      var bytes: [UInt8] = []
      RawFields.append(field.number, value, to: &bytes)
      return bytes
    }
    switch field.value {
    case .message(let name):
      let form = try MessageLayout.named(name)
      return [
        ("empty", item([])), ("with what it may hold, all empty", item(try full(form))),
        // At most as many as the validator counts: eight bytes each.
        ("eight bytes each", item(unknown + unknown)),
      ]
    case .bytes, .string:
      return [
        ("empty", item([])), ("one byte", item(Array("a".utf8))),
        ("six bytes", item(Array("aaaaaa".utf8))),
      ]
    case .bool, .number, .named:
      var single: [UInt8] = []
      RawFields.append(tag: field.number, .varint, to: &single)
      return [
        ("one by one", single + [1]), ("packed", item(Array(repeating: 1, count: length - 8))),
      ]
    }
  }

  /// Every message that it may hold, empty but for the same; of a choice the first.
  private static func full(_ form: MessageLayout) throws(DecodeFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chosen: Set<UInt32> = []
    for field in form.fields {
      guard case .message(let name) = field.value else { continue }
      if let choice = field.choice, !chosen.insert(choice).inserted { continue }
      RawFields.append(field.number, try full(try MessageLayout.named(name)), to: &bytes)
    }
    return bytes
  }

  // number: of a field that no schema has
  private static let unknownNumber: UInt32 = 2047

  private static func unknownTag(_ wire: WireType) -> [UInt8] {
    var tag: [UInt8] = []
    RawFields.append(tag: unknownNumber, wire, to: &tag)
    return tag
  }

  /// Such a field, in three bytes.
  private static let unknown = unknownTag(.varint) + [1]

  /// What needs no list.
  private static func own(_ form: MessageLayout, _ length: Int) throws(DecodeFailure) -> [Form] {
    var forms = [
      Form(what: "fields of no schema", bytes: fill(unknown, length)),
      Form(what: "groups", bytes: fill(unknownTag(.groupStart), length)),
      Form(
        what: "one value of all its bytes, of no field",
        bytes: {
          var bytes: [UInt8] = []
          RawFields.append(unknownNumber, Array(repeating: 0x0A, count: length - 8), to: &bytes)
          return bytes
        }()),
    ]
    for field in form.fields where !field.isList {
      switch field.value {
      case .message(let name):
        var bytes: [UInt8] = []
        let inner = try full(try MessageLayout.named(name))
        RawFields.append(field.number, inner, to: &bytes)
        forms.append(Form(what: "\(field.name): again and again", bytes: fill(bytes, length)))
      case .string, .bytes:
        var bytes: [UInt8] = []
        let letters = fill(Array("\u{1D4B3}".utf8), length - 16)
        RawFields.append(field.number, letters, to: &bytes)
        forms.append(Form(what: "\(field.name): long", bytes: bytes))
      case .bool, .number, .named: continue
      }
    }
    // Each within the one before, by a tag that is a length-delimited field of its own.
    let inner = form.fields.first?.number ?? unknownNumber
    forms.append(Form(what: "nested", bytes: nested(inner, length)))
    return forms
  }

  /// Messages within messages, as deep as the length allows.
  private static func nested(_ number: UInt32, _ length: Int) -> [UInt8] {
    // Built from the inside, reversed: the deepest is empty.
    var reversed: [UInt8] = []
    reversed.reserveCapacity(length + 16)
    var head: [UInt8] = []
    while reversed.count < length - 12 {
      head.removeAll(keepingCapacity: true)
      RawFields.append(tag: number, .delimited, to: &head)
      RawFields.append(varint: UInt64(reversed.count), to: &head)
      reversed += head.reversed()
    }
    return reversed.reversed()
  }
}

extension CostlyMessages {
  package struct Cost: Sendable {
    /// Why it was refused; nil when it was taken.
    package var problem: DecodeFailure.Problem?
    /// Bytes of the arena at their most.
    package var arenaBytes = 0
  }

  /// Takes a message in, as a server does.
  package static func take(
    _ message: String, _ bytes: [UInt8], _ unknownFields: UnknownFields, arena: Arena
  ) -> Cost {
    guard let type = Schema.messages.first(where: { $0.isNamed(message) }) else {
      preconditionFailure("there is no message \(message)")
    }
    return take(type, bytes, unknownFields, arena)
  }

  private static func take<M: Message>(
    _ type: M.Type, _ bytes: [UInt8], _ unknownFields: UnknownFields, _ arena: Arena
  ) -> Cost {
    var cost = Cost()
    do throws(DecodeFailure) {
      _ = try unsafe Codec.lend(
        type, from: unsafe bytes.span.bytes, arena: arena, unknownFields: unknownFields
      ) { (c) throws(DecodeFailure) in
        cost.arenaBytes = arena.used
        return try unsafe M(c.pointee, .stranger)
      }
    } catch { cost.problem = error.problem }
    return cost
  }
}

extension Message {
  fileprivate static func isNamed(_ name: String) -> Bool {
    unsafe String(cString: descriptor.pointee.short_name) == name
  }
}
