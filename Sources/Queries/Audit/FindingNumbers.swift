import LMDB
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Numbers that are two people's, or that stand in the clear: recorded before they were compared.
extension ExceptionFinder {
  /// A credential whose number is another's of the issuer too, spelled in another way.
  func numberOfTwo(
    _ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]
  ) throws {
    guard isToldOf(.numberOfTwo),
      let state = try readModel.state(of: stream, row, on: day, knownAt: position)?.credential,
      let event = state.issuedEvent
    else { return }
    let terms = state.terms
    let others = try readModel.credentials(
      issuer: terms.issuer, number: NumberKey(terms.number), knownAt: position
    ).filter { $0.id != stream.key }
    guard !others.isEmpty else { return }
    let named = others.map { "\($0.id.text), where it is written \($0.number)" }
    guard let place = try readModel.views.event(event, readModel.snapshot)?.position else { return }
    lines.append(
      ExceptionLine(
        exceptionKind: .numberOfTwo, stream: stream, eventID: event, position: place,
        effective: try readModel.stored(place).proposal.effective,
        officer: owner(stream, .credential(state)),
        sentence: "the number \(terms.number) of \(terms.issuer.text) is also credential "
          + named.joined(separator: "; ")))
  }

  /// An officer whose record is named after a number of theirs.
  func idIsNumber(_ stream: StreamID, in vault: Vault, into lines: inout [ExceptionLine]) throws {
    guard isToldOf(.idIsNumber) else { return }
    let schemes =
      readModel.sharedStreams.establishment(on: .distantFuture, knownAt: position)?
      .identifierSchemes ?? []
    for scheme in schemes {
      let blind = vault.blind(SchemeValue(scheme: scheme, value: stream.key.text))
      let rows = try readModel.views.identifierRows(
        of: blind, before: position, readModel.snapshot)
      guard let row = rows.first(where: { $0.officer == stream.key && $0.day <= day }) else {
        continue
      }
      lines.append(
        line(
          .idIsNumber, try readModel.stored(row.position).event, stream.key,
          "the record's id is the officer's \(scheme.text): it stands in the clear wherever the "
            + "record is named"))
    }
  }

  /// Identifiers of two people on the day, which differ in their spelling alone.
  ///
  /// - Returns: how many rows were looked at, and where to go on; nil after the last.
  func sharedIdentifiers(
    after hash: [UInt8]?, in vault: Vault, into lines: inout [ExceptionLine]
  ) throws -> (examined: Int, next: [UInt8]?) {
    var groups: [(hash: [UInt8], rows: [IdentifierRow])] = []
    var examined = 0
    var isOver = true
    try readModel.snapshot.scan(
      readModel.views[.identifiers], from: hash.map { .key($0 + Self.afterAll) } ?? .first
    ) { key, value in
      guard let row = IdentifierRow(key: key, day: value) else { return true }
      let hash = RawFields.bytes(key.extracting(first: BlindIdentifier.hashLength))
      if groups.last?.hash != hash {
        guard examined < Self.rowsMax else {
          isOver = false
          return false
        }
        groups.append((hash, []))
      }
      examined += 1
      if row.position < position { groups[groups.count - 1].rows.append(row) }
      return true
    }
    for (hash, rows) in groups where Set(rows.map(\.officer)).count > 1 {
      try sharedIdentifier(hash, rows, in: vault, into: &lines)
    }
    return (examined, isOver ? nil : groups.last?.hash)
  }

  private static let rowsMax = 1024
  /// Behind every key below a hash: officers are ASCII.
  private static let afterAll: [UInt8] = [0xFF]

  private func sharedIdentifier(
    _ hash: [UInt8], _ rows: [IdentifierRow], in vault: Vault, into lines: inout [ExceptionLine]
  ) throws {
    for row in rows.reversed() {
      let stored = try readModel.stored(row.position)
      // Of what was erased or cannot be opened, another row tells the scheme.
      guard
        let personal = try? vault.personal(
          of: stored, in: readModel.log, arena: readModel.arena),
        let scheme = personal.identifiers.first(where: { vault.blind($0).hash == hash })?.scheme
      else { continue }
      let holders = try readModel.holders(scheme, by: rows, on: day, knownAt: position)
      guard holders.count > 1,
        readModel.person(of: holders, on: day, knownAt: position) == nil
      else { return }
      for holder in holders {
        guard let own = rows.last(where: { $0.officer == holder }) else { continue }
        let others = holders.filter { $0 != holder }.map(\.text).joined(separator: ", ")
        lines.append(
          line(
            .numberOfTwo, try readModel.stored(own.position).event, holder,
            "the officer's \(scheme.text) is also officer \(others)'s, perhaps spelled otherwise"))
      }
      return
    }
  }
}
