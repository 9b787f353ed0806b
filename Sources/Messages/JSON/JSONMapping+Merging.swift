import JSON

extension JSONMapping {
  /// A message's JSON form with some of its fields changed: objects are merged field by field, a
  /// list takes the place of the one before, `null` takes a field away, and of a choice the member
  /// that is given replaces any other.
  ///
  /// - Parameters:
  ///   - base: as `text(of:)` gives it.
  ///   - message: the name in the schema, such as `Proposal`.
  /// - Throws: `DecodeFailure` where a field is not in the schema.
  public static func merged(
    _ change: JSONText, into base: JSONText, of message: String
  ) throws(DecodeFailure) -> JSONText {
    guard case .object(var members) = base, case .object(let changes) = change else {
      return change
    }
    let layout = try MessageLayout.named(message)
    for (name, value) in changes {
      guard let at = layout.indexes[name] else {
        // It says which names there are.
        _ = try pack(.object([(name, value)]), layout)
        continue
      }
      let field = layout.fields[at]
      let known = members.first { $0.name == name }?.value
      if let choice = field.choice {
        members.removeAll { member in
          layout.indexes[member.name].map { layout.fields[$0].choice == choice } ?? false
        }
      } else {
        members.removeAll { $0.name == name }
      }
      guard value != .null else { continue }
      var next = value
      if case .message(let inner) = field.value, !field.isList, let known {
        do throws(DecodeFailure) {
          next = try merged(value, into: known, of: inner)
        } catch {
          throw error.under(name)
        }
      }
      members.append((name, next))
    }
    return .object(members)
  }
}
