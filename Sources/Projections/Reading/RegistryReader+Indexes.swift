import Messages
import Registry

/// Who or what a number names, on a day and by what was known before a position.
extension RegistryReader {
  /// The record that has an identifier. Every record that ever named it is a candidate; whether it
  /// has it follows from its own events. Nil where nobody has it, and where records of different
  /// people do, which recording refuses.
  public func officer(
    with identifier: BlindIdentifier, on day: Day, knownAt position: LogPosition
  ) throws -> Identifier? {
    var rows = try views.identifierRows(below: identifier.hash, before: position, snapshot)[...]
    var holders: [Identifier] = []
    while let officer = rows.first?.officer {
      let own = rows.prefix { $0.officer == officer }
      rows = rows.dropFirst(own.count)
      if try holds(officer, identifier.scheme, by: own, on: day, knownAt: position) {
        holders.append(officer)
      }
    }
    guard let first = holders.first else { return nil }
    guard holders.count > 1 else { return first }
    let people = Set(
      holders.map { sharedStreams.merges.survivor(of: $0, on: day, knownAt: position) })
    guard people.count == 1, let person = people.first else { return nil }
    return holders.contains(person) ? person : first
  }

  private func holds(
    _ officer: Identifier, _ scheme: Identifier, by rows: ArraySlice<IdentifierRow>, on day: Day,
    knownAt position: LogPosition
  ) throws -> Bool {
    guard try views.isAmended(officer, snapshot) else { return rows.contains { $0.day <= day } }
    let history = try effectiveHistory(of: StreamID(.officer, officer), knownAt: position)
    return IdentifierSpans(history, scheme: scheme) { place in
      rows.contains { $0.position == place }
    }.contains(day)
  }

  /// The credential that has a certificate number.
  public func credential(
    issuer: Identifier, number: String, knownAt position: LogPosition
  ) throws -> Identifier? {
    let present = try views.credential(issuer: issuer, number: number, snapshot)
    guard position < asOf else { return present }
    let earlier = try views.renumbered(from: issuer, number, snapshot)
    return try ((present.map { [$0] } ?? []) + earlier).first { id in
      let terms = try state(
        of: StreamID(.credential, id), on: .distantFuture, knownAt: position)?.credential?.terms
      return terms?.issuer == issuer && terms?.number == number
    }
  }
}

extension ReadModel {
  /// Whether a record was there and no event of it stands, by what was known before a position: the
  /// registration was voided.
  public func isUnregistered(
    _ officer: Identifier, knownAt position: LogPosition
  ) throws -> Bool {
    try state(of: StreamID(.officer, officer), on: .distantFuture, knownAt: position) == nil
  }
}
