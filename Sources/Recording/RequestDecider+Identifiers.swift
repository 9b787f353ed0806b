import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// No two people have one identifier on one day.
///
/// What is checked is what would be so afterwards: a proposal gives an identifier by naming it, and
/// also by voiding its end, by restoring what gave it, by another day, or by parting two records
/// that share it.
extension RequestDecider {
  /// - Returns: the position of the event that says already what the proposal says of its identifier.
  func checkIdentifiers(
    _ identifiers: [BlindIdentifier], of proposal: Proposal, at position: LogPosition,
    _ head: StreamHead
  ) throws -> LogPosition? {
    if proposal.corrects == nil {
      if case .officer(.identifierEnded) = proposal.body {
        // Days only go: nobody can be in the way.
        if let ended = identifiers.first { try checkHeld(ended, of: proposal) }
        return nil
      }
      if case .officer(.identifierAdded) = proposal.body, let added = identifiers.first,
        let row = held(added, in: proposal.stream.key, on: proposal.effective)
      {
        return row.position
      }
    }
    let isParted = changesMerges(proposal)
    let mayReturn = isParted || proposal.corrects != nil && changesIdentifiers(proposal)
    let isNamedElsewhere = identifiers.contains { identifier in
      unitOfWork.identifierRows(of: identifier).contains { $0.officer != proposal.stream.key }
    }
    guard mayReturn || isNamedElsewhere else { return nil }
    let refusal: Rejection? = try unitOfWork.tentatively {
      unitOfWork.add(
        StreamEvent(proposal, at: position), in: proposal.stream, head: head, digest: [],
        identifiers: identifiers, isSealed: false)
      do {
        var concerned = Set(identifiers)
        if mayReturn {
          let own = proposal.stream.key
          let records =
            isParted ? unitOfWork.pendingSharedStreams.merges.related(to: own) : [own]
          for record in records { concerned.formUnion(try self.identifiers(namedIn: record)) }
        }
        for identifier in concerned { try checkShared(identifier, by: proposal) }
      } catch let rejection as Rejection {
        return (keep: false, rejection)
      }
      return (keep: false, nil)
    }
    if let refusal { throw refusal }
    return nil
  }

  /// Only what the record has that day can end.
  private func checkHeld(_ identifier: BlindIdentifier, of proposal: Proposal) throws(Rejection) {
    guard held(identifier, in: proposal.stream.key, on: proposal.effective) == nil else { return }
    throw Rejection(
      .notInStream,
      "The officer's record has no such \(identifier.scheme.text) on \(proposal.effective.text) that "
        + "could end.", field: "personal.identifiers")
  }

  /// The latest event that names an identifier which a record has on a day.
  private func held(
    _ identifier: BlindIdentifier, in officer: Identifier, on day: Day
  ) -> IdentifierRow? {
    let rows = unitOfWork.identifierRows(of: identifier).filter { $0.officer == officer }
    guard !rows.isEmpty, spans(of: identifier, in: officer, rows).contains(day) else { return nil }
    return rows.last { $0.day <= day } ?? rows.last
  }

  private func spans(
    of identifier: BlindIdentifier, in officer: Identifier, _ rows: [IdentifierRow]
  ) -> IdentifierSpans {
    let places = Set(rows.map(\.position))
    return IdentifierSpans(
      unitOfWork.effectiveHistory(of: StreamID(.officer, officer)), scheme: identifier.scheme,
      isNamed: places.contains)
  }

  /// With the proposal in the unit of work.
  private func checkShared(
    _ identifier: BlindIdentifier, by proposal: Proposal
  ) throws(Rejection) {
    let rows = Dictionary(grouping: unitOfWork.identifierRows(of: identifier), by: \.officer)
    guard rows.count > 1 else { return }
    let holders = rows.map { (officer: $0, spans: spans(of: identifier, in: $0, $1)) }
      .filter { !$0.spans.turns.isEmpty }.sorted { $0.officer < $1.officer }
    guard holders.count > 1 else { return }
    let merges = unitOfWork.pendingSharedStreams.merges
    let days = holders.reduce(into: Set<Day>()) { days, holder in
      days.formUnion(holder.spans.turns)
      days.formUnion(merges.turns(of: holder.officer))
    }
    let own = proposal.stream.key
    for day in days.sorted() {
      let having = holders.filter { $0.spans.contains(day) }.map(\.officer)
      let person = merges.survivor(of: having.contains(own) ? own : having.first ?? own, on: day)
      guard
        let other = having.first(where: { merges.survivor(of: $0, on: day) != person })
      else { continue }
      let row = rows[other]?.last { $0.day <= day }
      throw Rejection(
        .alreadyTaken,
        "This \(identifier.scheme.text) is officer \(other.text)'s on \(day.text)"
          + (row.map { ", by the event at position \($0.position)" } ?? "")
          + ": two people cannot have it on one day. End, correct or void it there first.",
        field: proposal.personal == nil ? nil : "personal.identifiers", inTheWay: row?.position)
    }
  }

  /// Whether the proposal may part records that were of one person.
  private func changesMerges(_ proposal: Proposal) -> Bool {
    if case .officer(.mergeReversed) = proposal.body { return true }
    return amended(by: proposal).contains {
      guard case .officer(let event) = $0.body else { return false }
      if case .mergedInto = event { return true }
      if case .mergeReversed = event { return true }
      return false
    }
  }

  /// Whether what it amends, or itself, has to do with identifiers.
  private func changesIdentifiers(_ proposal: Proposal) -> Bool {
    if case .officer(.identifierEnded) = proposal.body { return true }
    return proposal.personal != nil
      || amended(by: proposal).contains { event in
        if case .officer(.identifierEnded) = event.body { return true }
        return event.hasPersonal
      }
  }

  /// What the proposal corrects, voids or restores, and what that corrected in turn.
  private func amended(by proposal: Proposal) -> [StreamEvent] {
    var amended: [StreamEvent] = []
    guard var next = proposal.corrects else { return [] }
    let history = unitOfWork.history(of: proposal.stream)
    // What an event names came before it, so this ends.
    while let event = history.first(where: { $0.metadata.eventID == next }) {
      amended.append(event)
      guard let earlier = event.corrects else { break }
      next = earlier
    }
    return amended
  }

  /// Every identifier that an event of a record ever named, whatever became of the event.
  private func identifiers(namedIn officer: Identifier) throws -> Set<BlindIdentifier> {
    var named = Set(unitOfWork.identifiersAdded(by: officer))
    for event in unitOfWork.history(of: StreamID(.officer, officer))
    where event.hasPersonal && event.metadata.position < unitOfWork.start {
      let read = try unitOfWork.log.read(event.metadata.position) { bytes in
        Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena) }
      }
      guard let stored = try read?.get() else { continue }
      named.formUnion(try store.vault.blinds(of: stored, in: unitOfWork.log, arena: arena))
    }
    // Without them nobody could tell whether what comes back is somebody else's by now.
    if store.vault.damagedOfficers.contains(officer) {
      throw Rejection(
        .keyDamaged,
        "The key of officer \(officer.text) is damaged, so that it cannot be told which numbers would "
          + "come back: put a backup of the vault back first.")
    }
    return named
  }
}
