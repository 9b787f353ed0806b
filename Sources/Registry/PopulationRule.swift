/// A rule for who is meant, as it is kept: steps in postfix order, so that no message holds itself.
extension PopulationRule {
  /// Judges the rule by itself and by what it names.
  func check(_ field: String, given world: some World) throws(Rejection) {
    var depth = 0
    for (at, step) in steps.enumerated() {
      switch step {
      case .organisation(let id):
        try world.need(.organisation, id, "\(field).steps[\(at)].organisation")
        depth += 1
      case .cadre, .grade, .position, .county, .everybody: depth += 1
      case .allOf(let count), .anyOf(let count):
        guard depth >= Int(count) else {
          throw Rejection(
            .inconsistent, "Step \(at + 1) joins \(count), but only \(depth) stand before it.",
            field: "\(field).steps[\(at)]")
        }
        depth -= Int(count) - 1
      case .negated:
        guard depth >= 1 else {
          throw Rejection(
            .inconsistent, "Step \(at + 1) has nothing before it to negate.",
            field: "\(field).steps[\(at)]")
        }
      }
    }
    guard depth == 1 else {
      throw Rejection(
        .inconsistent,
        depth == 0
          ? "The rule names nobody: give an organisation, a cadre, a grade, a position, a county, "
            + "or everybody."
          : "\(depth) choices stand side by side: join them with `all_of` or `any_of`.",
        field: "\(field).steps")
    }
  }

  /// Whether a posting is meant.
  ///
  /// - Parameter isBelow: whether an organisation is another or stands below it.
  public func includes(
    _ posting: Posting, isBelow: (_ organisation: Identifier, _ above: Identifier) -> Bool
  ) -> Bool {
    var stack: [Bool] = []
    stack.reserveCapacity(8)
    for step in steps {
      switch step {
      case .organisation(let id): stack.append(isBelow(posting.organisation, id))
      case .cadre(let code): stack.append(posting.cadre == code)
      case .grade(let code): stack.append(posting.grade == code)
      case .position(let code): stack.append(posting.position == code)
      case .county(let code): stack.append(posting.county == code)
      case .everybody: stack.append(true)
      case .allOf(let count), .anyOf(let count):
        guard stack.count >= Int(count) else { return false }
        let joined = stack.suffix(Int(count))
        let holds =
          if case .allOf = step { joined.allSatisfy(\.self) } else { joined.contains(true) }
        stack.removeLast(Int(count))
        stack.append(holds)
      case .negated:
        guard let last = stack.popLast() else { return false }
        stack.append(!last)
      }
    }
    return stack.last ?? false
  }

  /// The rule in words, such as `moict with all below it and not grade J, as posted on 2025-12-01`.
  public var words: String {
    var stack: [(text: String, joined: Bool)] = []
    for step in steps {
      switch step {
      case .organisation(let id): stack.append(("\(id.text) with all below it", false))
      case .cadre(let code): stack.append(("cadre \(code.text)", false))
      case .grade(let code): stack.append(("grade \(code.text)", false))
      case .position(let code): stack.append(("position \(code.text)", false))
      case .county(let code): stack.append(("county \(code.text)", false))
      case .everybody: stack.append(("everybody who serves", false))
      case .allOf(let count), .anyOf(let count):
        guard stack.count >= Int(count) else { continue }
        let parts = stack.suffix(Int(count)).map { $0.joined ? "(\($0.text))" : $0.text }
        stack.removeLast(Int(count))
        let word = if case .allOf = step { " and " } else { " or " }
        stack.append((parts.joined(separator: word), true))
      case .negated:
        guard let last = stack.popLast() else { continue }
        stack.append(("not \(last.joined ? "(\(last.text))" : last.text)", false))
      }
    }
    let day = postedOn.map { ", as posted on \($0.text)" } ?? ", as posted on the day asked about"
    return (stack.last?.text ?? "nobody") + day
  }
}
