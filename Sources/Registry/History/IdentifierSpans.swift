/// On which days an officer's record has an identifier, by the events that stand.
///
/// The value is sealed, so that which events name it comes from elsewhere: an `identifier_ended`
/// that names it ends it, any other event that names it gives it.
public struct IdentifierSpans: Hashable, Sendable {
  /// Days from which on the record has it, and by turns has it no longer.
  public private(set) var turns: [Day] = []

  /// - Parameter isNamed: whether the value came with the event at a position.
  public init(
    _ history: EffectiveHistory, scheme: Identifier, isNamed: (LogPosition) -> Bool
  ) {
    let named = history.naming(isNamed)
    for at in history.foldOrder {
      let event = history.events[at]
      if case .officer(.identifierEnded(let given)) = event.body {
        let isMeant = given.valueOnly ? named[at] : named[at] || given.scheme == scheme
        if isMeant { turn(to: false, on: event.metadata.effective) }
      } else if named[at] {
        turn(to: true, on: event.metadata.effective)
      }
    }
  }

  /// Days come in the order of the fold; what a day ended with is so on it.
  private mutating func turn(to isHeld: Bool, on day: Day) {
    guard turns.count.isMultiple(of: 2) == isHeld else { return }
    if turns.last == day { turns.removeLast() } else { turns.append(day) }
  }

  public func contains(_ day: Day) -> Bool { !turns.count { $0 <= day }.isMultiple(of: 2) }
}

extension EffectiveHistory {
  /// Which events name a value: those that it came with, and corrections of one that brought no
  /// personal data of their own and say the same kind of thing.
  fileprivate func naming(_ isNamed: (LogPosition) -> Bool) -> [Bool] {
    var named: [Bool] = []
    named.reserveCapacity(events.count)
    for event in events {
      var isMeant = isNamed(event.metadata.position)
      if !isMeant, !event.hasPersonal, let target = event.corrects.flatMap(index(of:)),
        target < named.count
      {
        isMeant = named[target] && event.takesIdentifiers(from: events[target])
      }
      named.append(isMeant)
    }
    return named
  }
}

extension StreamEvent {
  /// Whether the identifiers that came with the event that it corrects are its own as well, where
  /// nothing personal came with it.
  public func takesIdentifiers(from corrected: StreamEvent) -> Bool {
    body.kind != nil && body.eventName == corrected.body.eventName
  }
}
