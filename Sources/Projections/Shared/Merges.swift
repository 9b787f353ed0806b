import Registry

/// Officers' records that were ever merged into another, with their whole histories: few, so that
/// they stay in memory and every answer is joined with them at read.
public struct Merges: Sendable {
  private var entries: [Identifier: SharedStream] = [:]
  /// Survivor → records that were ever merged into it.
  private var into: [Identifier: Set<Identifier>] = [:]

  public var isEmpty: Bool { entries.isEmpty }

  /// Every officer whose record was ever merged, or ever had another merged into it.
  public var everybody: Set<Identifier> { Set(entries.keys).union(into.keys) }

  /// Whether a record was ever merged, or another into it.
  public func concerns(_ officer: Identifier) -> Bool {
    entries[officer] != nil || into[officer] != nil
  }

  func knows(_ officer: Identifier) -> Bool { entries[officer] != nil }

  mutating func update(
    _ officer: Identifier, _ head: StreamHead, history: ChunkedArray<StreamEvent>
  ) {
    entries[officer] = SharedStream(head, history, after: entries[officer])
    for event in history {
      if case .officer(.mergedInto(let given)) = event.body {
        into[given.officer, default: []].insert(officer)
      }
    }
  }

  private func state(
    _ officer: Identifier, on day: Day, knownAt position: LogPosition
  ) -> Officer? {
    entries[officer]?.state(on: day, knownAt: position)?.officer
  }

  /// The record in which the person whom an officer's record is of is found on a day.
  public func survivor(
    of officer: Identifier, on day: Day, knownAt position: LogPosition = .max
  ) -> Identifier {
    guard !entries.isEmpty else { return officer }
    var current = officer
    for _ in 0..<Officer.mergesMax {
      guard let next = state(current, on: day, knownAt: position)?.mergedInto else { break }
      current = next
    }
    return current
  }

  /// The records found under an officer's on a day, its own first; none when that is itself merged.
  public func records(
    under officer: Identifier, on day: Day, knownAt position: LogPosition = .max
  ) -> [Identifier] {
    guard !entries.isEmpty else { return [officer] }
    guard survivor(of: officer, on: day, knownAt: position) == officer else { return [] }
    return [officer]
      + related(to: officer).filter {
        $0 != officer && survivor(of: $0, on: day, knownAt: position) == officer
      }
  }

  /// Days on which records are joined with an officer's, or parted from it.
  public func turns(of officer: Identifier) -> Set<Day> {
    related(to: officer).reduce(into: []) { days, record in
      for event in entries[record]?.history ?? [] { days.insert(event.metadata.effective) }
    }
  }

  /// Every record of the person whom an officer's record is of, by all that was known of merges before
  /// a position, whatever their days: the officer's own among them.
  public func records(
    ofPersonWith officer: Identifier, knownAt position: LogPosition = .max
  ) -> [Identifier] {
    let person = survivor(of: officer, on: .distantFuture, knownAt: position)
    return related(to: officer).filter {
      survivor(of: $0, on: .distantFuture, knownAt: position) == person
    }
  }

  /// Every record that was ever merged with an officer's, directly or by others, in order.
  public func related(to officer: Identifier) -> [Identifier] {
    related(to: officer, knownAt: .max)
  }

  /// The same by what was known before a position.
  public func related(to officer: Identifier, knownAt position: LogPosition) -> [Identifier] {
    guard !entries.isEmpty else { return [officer] }
    func survivors(of record: Identifier) -> [Identifier] {
      (entries[record]?.history ?? []).compactMap { event in
        guard case .officer(.mergedInto(let given)) = event.body,
          event.metadata.position < position
        else { return nil }
        return given.officer
      }
    }
    var found: Set<Identifier> = [officer]
    var next = [officer]
    while let current = next.popLast() {
      var near = Set(survivors(of: current))
      for record in into[current] ?? []
      where position == .max || survivors(of: record).contains(current) { near.insert(record) }
      for record in near where found.insert(record).inserted { next.append(record) }
    }
    return found.sorted()
  }

  /// Whose a stream is on a day: the officer's that it names, but for what reversed merges gave to
  /// others, and followed to the survivor.
  public func owner(
    of stream: StreamID, naming officer: Identifier, on day: Day,
    knownAt position: LogPosition = .max
  ) -> Identifier {
    guard !entries.isEmpty else { return officer }
    var base = officer
    if stream.kind != .officer {
      for record in related(to: officer) {
        for parting in state(record, on: day, knownAt: position)?.partings ?? [] {
          if record == officer, parting.toSurvivor.contains(stream) { base = parting.survivor }
          if parting.survivor == officer, parting.toThis.contains(stream) { base = record }
        }
      }
    }
    return survivor(of: base, on: day, knownAt: position)
  }

  /// Whether what names an officer is found in another's record on a day or on some later one, by
  /// what was known before a position.
  public func joins(
    _ stream: StreamID, naming officer: Identifier, to other: Identifier, from day: Day,
    knownAt position: LogPosition
  ) -> Bool {
    guard officer != other else { return true }
    guard concerns(officer) else { return false }
    let readModel = related(to: officer)
    guard readModel.contains(other) else { return false }
    // Records are joined and parted on the days of their own events.
    var days: Set<Day> = [day]
    for record in readModel {
      for event in entries[record]?.history ?? []
      where event.metadata.position < position && event.metadata.effective > day {
        days.insert(event.metadata.effective)
      }
    }
    return days.contains {
      owner(of: stream, naming: officer, on: $0, knownAt: position)
        == survivor(of: other, on: $0, knownAt: position)
    }
  }

  /// Whether an event of an officer's record merges it, or reverses that, or amends such an event.
  public func isMerge(_ event: StreamEvent) -> Bool {
    var event = event
    let history = entries[event.metadata.stream.key]?.history ?? []
    // A correction names an earlier event, so this ends.
    while true {
      if event.body.isMerge { return true }
      guard let target = event.corrects,
        let earlier = history.first(where: { $0.metadata.eventID == target })
      else { return false }
      event = earlier
    }
  }
}

extension Proposal.Body {
  /// Whether it merges an officer's record, or reverses that.
  fileprivate var isMerge: Bool {
    switch self {
    case .officer(.mergedInto), .officer(.mergeReversed): true
    case .officer(.registered), .officer(.identifierAdded), .officer(.identifierEnded),
      .officer(.posted), .officer(.actingStarted), .officer(.actingEnded), .officer(.promoted),
      .officer(.seconded), .officer(.secondmentEnded), .officer(.leaveStarted),
      .officer(.leaveEnded), .officer(.suspended), .officer(.reinstated), .officer(.separated),
      .officer(.returned), .officer(.died):
      false
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate,
      .duty, .voided, .restored:
      false
    }
  }
}
