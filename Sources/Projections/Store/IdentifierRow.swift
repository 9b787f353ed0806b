import LMDB
import Registry

/// An identifier of a person, as it is looked for without its value.
public struct BlindIdentifier: Hashable, Sendable {
  public var scheme: Identifier
  /// The keyed hash of scheme and value.
  public var hash: [UInt8]

  public static let hashLength = 16

  public init(scheme: Identifier, hash: [UInt8]) {
    precondition(hash.count == Self.hashLength, "keys of `identifiers` begin with a whole hash")
    (self.scheme, self.hash) = (scheme, hash)
  }
}

/// An event that names an identifier: a row of `identifiers` below its hash.
public struct IdentifierRow: Hashable, Sendable {
  public var officer: Identifier
  public var position: LogPosition
  public var day: Day

  public init(officer: Identifier, position: LogPosition, day: Day) {
    (self.officer, self.position, self.day) = (officer, position, day)
  }

  /// - Parameters:
  ///   - key: of a row of `identifiers`.
  ///   - day: its value.
  public init?(key: RawSpan, day: RawSpan) {
    let officerEnd = key.byteCount - 9
    guard officerEnd > BlindIdentifier.hashLength, day.byteCount == 4,
      let officer = Identifier(
        key.extracting(droppingFirst: BlindIdentifier.hashLength).extracting(
          first: officerEnd - BlindIdentifier.hashLength)),
      let day = Day(yyyymmdd: UInt32(truncatingIfNeeded: day.bigEndian(at: 0, bytes: 4)))
    else { return nil }
    self.init(officer: officer, position: ViewKey.position(of: key), day: day)
  }

  public func key(below hash: [UInt8]) -> [UInt8] { hash + ViewKey.subject(officer, position) }

  public var value: [UInt8] {
    var value: [UInt8] = []
    value.append(bigEndian: day.number)
    return value
  }
}

extension Views {
  /// The events before a position that name an identifier, those of an officer together.
  public func identifierRows(
    below hash: [UInt8], before position: LogPosition = .max, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [IdentifierRow] {
    var rows: [IdentifierRow] = []
    try snapshot.scan(self[.identifiers], prefix: hash) { key, value in
      if let row = IdentifierRow(key: key, day: value), row.position < position { rows.append(row) }
      return true
    }
    return rows
  }

  /// Whether more is to be known of an officer's identifiers than the rows of `identifiers`.
  public func isAmended(_ officer: Identifier, _ snapshot: Snapshot) throws(StoreFailure) -> Bool {
    try snapshot.get(self[.amended], ViewKey.of(officer)) { _ in true } ?? false
  }

  /// Credentials that once had a number of an issuer and lost it by an event.
  public func renumbered(
    from issuer: Identifier, _ number: String, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [Identifier] {
    var credentials: [Identifier] = []
    let prefix = ViewKey.parts(issuer, number) + [0]
    try snapshot.scan(self[.renumbered], prefix: prefix) { key, _ in
      if let id = Identifier(key.extracting(droppingFirst: prefix.count)) { credentials.append(id) }
      return true
    }
    return credentials
  }
}

extension StreamEvent {
  /// Whether after it the officer's identifiers follow from the fold of the record.
  var amendsIdentifiers: Bool {
    if metadata.stream.kind != .officer { return false }
    if case .officer(.identifierEnded) = body { return true }
    return corrects != nil
  }
}
