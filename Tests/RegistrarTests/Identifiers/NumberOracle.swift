import Registry

/// Whose a number is, said literally: every question goes through everything that was ever said. It
/// shares nothing with the registry but days and positions, and keeps nothing.
struct NumberOracle {
  enum Said {
    case registered([String])
    case added(String)
    case ended(String)
    case endedAll
    case merged(into: String)
    case parted
    case voided
    case restored
  }

  struct Fact {
    var officer: String
    var day: Day
    var said: Said
    /// The fact that it corrects, voids or restores.
    var names: Int?
  }

  /// By their positions.
  var facts: [Fact] = []

  // MARK: what stands

  /// The last word on whether a fact is voided.
  private func isVoided(_ at: Int, _ known: Range<Int>) -> Bool {
    var voided = false
    for by in known where facts[by].names == at {
      switch facts[by].said {
      case .voided: voided = true
      case .restored: voided = false
      default: break
      }
    }
    return voided
  }

  private func isAct(_ at: Int) -> Bool {
    switch facts[at].said {
    case .voided, .restored: true
    default: false
    }
  }

  private func stands(_ at: Int, _ known: Range<Int>) -> Bool {
    !isAct(at) && !isVoided(at, known)
      && !known.contains { facts[$0].names == at && !isAct($0) && !isVoided($0, known) }
  }

  /// A correction takes the place of what it corrects.
  private func place(_ at: Int) -> Int { facts[at].names.map(place) ?? at }

  /// What stands of an officer's record by a day, in the order of the days.
  private func standing(_ officer: String, _ day: Day, _ known: Range<Int>) -> [Fact] {
    known.filter { facts[$0].officer == officer && facts[$0].day <= day && stands($0, known) }
      .sorted { (facts[$0].day, place($0), $0) < (facts[$1].day, place($1), $1) }
      .map { facts[$0] }
  }

  // MARK: whose it is

  func numbers(of officer: String, on day: Day, at position: Int) -> Set<String> {
    var numbers: Set<String> = []
    for fact in standing(officer, day, 0..<position) {
      switch fact.said {
      case .registered(let given): numbers.formUnion(given)
      case .added(let given): numbers.insert(given)
      case .ended(let given): numbers.remove(given)
      case .endedAll: numbers = []
      case .merged, .parted, .voided, .restored: break
      }
    }
    return numbers
  }

  /// Under whose record the person is found.
  func person(_ officer: String, on day: Day, at position: Int) -> String {
    var into: String?
    for fact in standing(officer, day, 0..<position) {
      switch fact.said {
      case .merged(let other): into = other
      case .parted: into = nil
      default: break
      }
    }
    return into.map { person($0, on: day, at: position) } ?? officer
  }

  /// The people who have a number: never two.
  func people(with number: String, on day: Day, at position: Int) -> Set<String> {
    let officers = Set(facts[..<position].map(\.officer))
    return Set(
      officers.filter { numbers(of: $0, on: day, at: position).contains(number) }
        .map { person($0, on: day, at: position) })
  }
}
