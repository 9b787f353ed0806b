/// The identifiers that a batch's events name, each found at once: a batch may register tens of
/// thousands of people, and each of them asks whose their number is.
struct AddedIdentifiers {
  typealias Element = (identifier: BlindIdentifier, row: IdentifierRow)

  /// In the order of their positions.
  private(set) var elements: [Element] = []
  private var places: [BlindIdentifier: [Int]] = [:]

  var count: Int { elements.count }

  /// Adds what an event names; naming it twice says no more.
  mutating func append(_ identifier: BlindIdentifier, _ row: IdentifierRow) {
    if let last = places[identifier]?.last, elements[last].row == row { return }
    places[identifier, default: []].append(elements.count)
    elements.append((identifier, row))
  }

  /// The rows of one identifier, in the order of their positions.
  func rows(of identifier: BlindIdentifier) -> [IdentifierRow] {
    places[identifier]?.map { elements[$0].row } ?? []
  }

  /// Forgets all but the first ones.
  mutating func truncate(to count: Int) {
    while elements.count > count {
      let identifier = elements.removeLast().identifier
      places[identifier]?.removeLast()
      if places[identifier]?.isEmpty == true { places[identifier] = nil }
    }
  }
}
