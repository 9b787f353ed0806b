import Registry

/// Which events of an officer's record say the name, the contacts and the identifiers that stand on
/// a day: what they say is sealed.
struct PersonalEvents {
  private var said: [String] = []

  init(_ history: EffectiveHistory, on day: Day) {
    for at in history.foldOrder where history.orders[at].effective <= day {
      let event = history.events[at]
      guard let source = Self.source(of: at, history) else { continue }
      var what = event.body.eventName
      if case .officer(.identifierAdded(let given)) = event.body { what += " \(given.scheme.text)" }
      if case .officer(.identifierEnded(let given)) = event.body { what += " \(given.scheme.text)" }
      said.append("\(what) on \(event.metadata.effective.text) by \(source.text)")
    }
  }

  /// Nil: nothing is sealed of the officer.
  var words: String? { said.isEmpty ? nil : said.joined(separator: "; ") }

  /// The event that what is personal came with: what a correction does not bring, it takes from what
  /// it corrects.
  private static func source(of index: Int, _ history: EffectiveHistory) -> EventID? {
    var at = index
    while true {
      let event = history.events[at]
      if event.hasPersonal { return event.metadata.eventID }
      if case .officer(.identifierEnded) = event.body { return event.metadata.eventID }
      // A correction names an earlier event, so this ends.
      guard let next = event.corrects.flatMap(history.index(of:)), next < at else { return nil }
      at = next
    }
  }
}
