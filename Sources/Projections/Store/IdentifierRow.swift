import LMDB
import Registry

/// An identifier of a person, as it is looked for without its value.
public struct BlindIdentifier: Hashable, Sendable {
  public var scheme: Identifier
  /// The keyed hash of scheme and value.
  public var hash: [UInt8]
  /// The hash under which rows were kept that nobody can compute again; nil where it is the same. It
  /// follows from the spelling, so that it tells no two identifiers apart.
  public var earlier: [UInt8]?

  public static let hashLength = 16

  public init(scheme: Identifier, hash: [UInt8], earlier: [UInt8]? = nil) {
    precondition(hash.count == Self.hashLength, "keys of `identifiers` begin with a whole hash")
    (self.scheme, self.hash, self.earlier) = (scheme, hash, earlier)
  }

  public static func == (a: Self, b: Self) -> Bool { a.scheme == b.scheme && a.hash == b.hash }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(scheme)
    hasher.combine(hash)
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

  /// The events that name an identifier, also those that are kept under its earlier hash.
  public func identifierRows(
    of identifier: BlindIdentifier, before position: LogPosition = .max, _ snapshot: Snapshot
  ) throws(StoreFailure) -> [IdentifierRow] {
    let rows = try identifierRows(below: identifier.hash, before: position, snapshot)
    guard let earlier = identifier.earlier else { return rows }
    let kept = try identifierRows(below: earlier, before: position, snapshot)
    guard !kept.isEmpty else { return rows }
    return (rows + kept.filter { !rows.contains($0) })
      .sorted { ($0.officer, $0.position) < ($1.officer, $1.position) }
  }

  /// Whether more is to be known of an officer's identifiers than the rows of `identifiers`.
  public func isAmended(_ officer: Identifier, _ snapshot: Snapshot) throws(StoreFailure) -> Bool {
    try snapshot.get(self[.amended], ViewKey.of(officer)) { _ in true } ?? false
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
