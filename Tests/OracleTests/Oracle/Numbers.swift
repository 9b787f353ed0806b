import Registry

/// *Identifiers are facts: of a value, from a day, until a day; corrected, voided, moved by a merge;
/// a number may be given to another afterwards.*
extension Ledger {
  /// The values of a scheme that an event names: a correction that brings none of its own, and says
  /// the same kind of thing, means those of what it corrects.
  private func values(_ fact: Fact, _ scheme: Identifier) -> [String] {
    if let personal = fact.said.personal {
      return personal.identifiers.filter { $0.scheme == scheme }.map(\.value)
    }
    guard let corrected = fact.said.corrects.flatMap(self.fact),
      corrected.saysTheSameKind(as: fact)
    else { return [] }
    return values(corrected, scheme)
  }

  /// The numbers that a record has on a day.
  private func numbers(_ officer: Identifier, _ scheme: Identifier, _ day: Day) -> Set<String> {
    var numbers: Set<String> = []
    for fact in history(StreamID(.officer, officer), day) {
      let values = values(fact, scheme)
      switch fact.body {
      case .officer(.identifierEnded(let given)) where given.scheme == scheme && !given.valueOnly:
        numbers = []
      case .officer(.identifierEnded): numbers.subtract(values)
      default: numbers.formUnion(values)
      }
    }
    return numbers
  }

  /// *ResolveOfficer (scheme + value → id).*
  func whose(_ number: SchemeValue, _ day: Day) -> [String] {
    let people = Set(
      officers.filter { numbers($0, number.scheme, day).contains(number.value) }
        .map { survivor($0, day) })
    return people.isEmpty ? ["nobody"] : people.map(\.text).sorted()
  }

  /// Whether a credential is the presenter's: *holder's scheme + value*.
  func isHolders(_ credential: StreamID, _ number: SchemeValue, _ day: Day) -> Bool {
    guard let paperwork = paperwork(credential, day) else { return false }
    return whose(number, day) == [owner(credential, paperwork.issued.holder, day).text]
  }
}

extension Fact {
  fileprivate func saysTheSameKind(as other: Fact) -> Bool {
    guard case .officer(let mine) = body, case .officer(let theirs) = other.body else {
      return false
    }
    return mine.name == theirs.name
  }
}
