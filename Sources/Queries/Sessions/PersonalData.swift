import Messages
import Projections
import Registry
import RegistryStorage

extension ReadSession {
  /// What was sealed with each event of an officer's record, by the index of the event. A
  /// correction that brings no personal data of its own says what it corrects said; the identifiers
  /// of that, where it is the same kind of event.
  func personal(in standing: EffectiveHistory) throws -> [Int: Personal] {
    var known: [Int: Personal] = [:]
    for (at, event) in standing.events.enumerated() {
      if let own = try store.vault.personal(
        of: try readModel.stored(event.metadata.position), in: readModel.log, arena: arena)
      {
        known[at] = own
      } else if event.body.kind != nil, let root = event.corrects.flatMap(standing.index) {
        known[at] = known[root]
        if !event.takesIdentifiers(from: standing.events[root]) { known[at]?.identifiers = [] }
      }
    }
    return known
  }

  /// What is known of a person from one record, by the events that stand on a day: the last name
  /// and contacts, and the identifiers that have not ended. Nil where nothing was sealed, or its key
  /// is gone.
  func personal(
    of record: Identifier, on day: Day = .distantFuture, knownAt position: LogPosition
  ) throws -> Personal? {
    let standing = try readModel.effectiveHistory(
      of: StreamID(.officer, record), knownAt: position)
    let sealed = try personal(in: standing)
    guard !sealed.isEmpty else { return nil }
    var personal = Personal()
    for at in standing.foldOrder where standing.orders[at].effective <= day {
      let own = sealed[at]
      if case .officer(.identifierEnded(let given)) = standing.events[at].body {
        personal.identifiers.removeAll {
          given.valueOnly
            ? own?.identifiers.contains($0) ?? false : $0.scheme == given.scheme
        }
      } else {
        for identifier in own?.identifiers ?? [] where !personal.identifiers.contains(identifier) {
          personal.identifiers.append(identifier)
        }
      }
      guard let own else { continue }
      if !own.name.isEmpty { personal.name = own.name }
      if !own.contacts.isEmpty { personal.contacts = own.contacts }
      if !own.note.isEmpty { personal.note = own.note }
    }
    return personal
  }
}
