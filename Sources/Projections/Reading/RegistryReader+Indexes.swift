import Messages
import Registry

/// Who or what a number names, on a day and by what was known before a position.
extension RegistryReader {
  /// The record that has an identifier. Every record that ever named it is a candidate; whether it
  /// has it follows from its own events. Nil where nobody has it, and where records of different
  /// people do, which recording refuses.
  ///
  /// - Parameter isWritten: of several people's, which were recorded before numbers were compared by
  ///   what they are, only those count whose event at a position has the number as it is asked for.
  public func officer(
    with identifier: BlindIdentifier, on day: Day, knownAt position: LogPosition,
    isWritten: (LogPosition) throws -> Bool
  ) throws -> Identifier? {
    let rows = try views.identifierRows(of: identifier, before: position, snapshot)
    let holders = try self.holders(identifier.scheme, by: rows, on: day, knownAt: position)
    if holders.isEmpty { return nil }
    if let found = person(of: holders, on: day, knownAt: position) { return found }
    let written = try rows.filter { try isWritten($0.position) }
    return person(
      of: try self.holders(identifier.scheme, by: written, on: day, knownAt: position), on: day,
      knownAt: position)
  }

  /// The records that have an identifier of a scheme, by the events that name it.
  public func holders(
    _ scheme: Identifier, by rows: [IdentifierRow], on day: Day, knownAt position: LogPosition
  ) throws -> [Identifier] {
    var rows = rows[...]
    var holders: [Identifier] = []
    while let officer = rows.first?.officer {
      let own = rows.prefix { $0.officer == officer }
      rows = rows.dropFirst(own.count)
      if try holds(officer, scheme, by: own, on: day, knownAt: position) {
        holders.append(officer)
      }
    }
    return holders
  }

  /// The record in which the one person is found whose some records are; nil where they are several
  /// people's.
  public func person(
    of holders: [Identifier], on day: Day, knownAt position: LogPosition
  ) -> Identifier? {
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

  /// The credential that has a certificate number, however it is spelled; of several, whose numbers
  /// were recorded before they were compared, the one that is written so. Nil also where none of
  /// several is: nobody could tell which is meant.
  public func credential(
    issuer: Identifier, number: String, knownAt position: LogPosition
  ) throws -> Identifier? {
    let found = try credentials(issuer: issuer, number: NumberKey(number), knownAt: position)
    return found.first { $0.number == number }?.id ?? (found.count == 1 ? found[0].id : nil)
  }

  /// The credentials of an issuer whose numbers are this one, however they are spelled, each with
  /// its number as it is written.
  public func credentials(
    issuer: Identifier, number: NumberKey, knownAt position: LogPosition
  ) throws -> [(id: Identifier, number: String)] {
    var candidates = try views.credentials(issuer: issuer, number: number, snapshot)
    if position < asOf {
      for id in try views.renumbered(from: issuer, number, snapshot) where !candidates.contains(id)
      {
        candidates.append(id)
      }
    }
    return try candidates.compactMap { id in
      let terms = try state(
        of: StreamID(.credential, id), on: .distantFuture, knownAt: position)?.credential?.terms
      guard let terms, terms.issuer == issuer, NumberKey(terms.number) == number else { return nil }
      return (id, terms.number)
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
