/// A rule for who is meant, as it is kept: steps in postfix order, so that no message holds itself.
extension PopulationRule {
  /// Steps of a rule, at most: what the schema allows.
  public static let stepsMax = 64

  /// Judges the rule by itself: whether its steps make one choice.
  public func check() throws(Rejection) { try check("population", given: PermissiveContext()) }

  /// Judges the rule by itself and by what it names.
  func check(_ field: String, given context: some DecisionContext) throws(Rejection) {
    func refuse(_ sentence: String, _ at: Int? = nil) -> Rejection {
      Rejection(.inconsistent, sentence, field: field + ".steps" + (at.map { "[\($0)]" } ?? ""))
    }
    guard steps.count <= Self.stepsMax else {
      throw refuse("A rule has at most \(Self.stepsMax) steps, not \(steps.count).")
    }
    var depth = 0
    for (at, step) in steps.enumerated() {
      switch step {
      case .organisation(let id):
        try context.need(.organisation, id, "\(field).steps[\(at)].organisation")
        depth += 1
      case .cadre, .grade, .position, .county, .everybody(true): depth += 1
      case .allOf(let count), .anyOf(let count):
        guard count >= 2 else {
          throw refuse("Step \(at + 1) joins \(count): it takes two to be joined.", at)
        }
        guard depth >= Int(count) else {
          throw refuse("Step \(at + 1) joins \(count), but only \(depth) stand before it.", at)
        }
        depth -= Int(count) - 1
      case .negated(true):
        guard depth >= 1 else {
          throw refuse("Step \(at + 1) has nothing before it to negate.", at)
        }
      case .everybody(false), .negated(false):
        throw refuse(
          "Step \(at + 1) says `\(step.name)` and false: leave it out, or say true.", at)
      }
    }
    guard depth == 1 else {
      throw refuse(
        depth == 0
          ? "The rule names nobody: give an organisation, a cadre, a grade, a position, a county, "
            + "or everybody."
          : "\(depth) choices stand side by side: join them with `all_of` or `any_of`.")
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
}
