import Messages
import Projections
import Registry
import RegistryStorage

/// Builds one event's changes for a filter, in the order of their ordinals: that of the watched.
///
/// A change follows from the log up to its event, never from what came later. Where an event may
/// touch many of the watched, they are looked at in slices.
struct ChangeBuilder: Sendable {
  let event: StoredEvent
  private(set) var changes: [WatchedChange] = []
  private var named: [Identifier] = []
  private var reach: AffectedSubjects?
  /// Of the watched, the next to be looked at.
  private var next = 0

  init(_ event: StoredEvent) { self.event = event }

  private var position: LogPosition { event.recorded.position }
  /// What is known with the event.
  private var known: LogPosition { position + 1 }

  /// True when all changes are there; false when the slice was over first.
  mutating func work(
    _ filter: WatchFilter, _ readModel: RegistryReader, _ slice: TimeSlice
  ) throws -> Bool {
    guard !event.stream.kind.isShared || filter.isOfKinds else {
      return try workShared(filter, readModel, slice)
    }
    named = try readModel.named(by: event)
    switch filter {
    case .kinds(let kinds):
      if kinds.contains(event.stream.kind) { add(.own, officer: named.last) }
    case .officers(let watched): tell(watched, readModel.sharedStreams.merges)
    case .credentials(let watched): try tell(credentials: watched, readModel)
    }
    return true
  }

  private mutating func add(
    _ cause: ChangeCause, officer: Identifier? = nil, credential: Identifier? = nil
  ) {
    let own = event.stream.kind == .credential ? event.stream.key : nil
    changes.append(
      WatchedChange(
        position: position, ordinal: UInt32(changes.count), stream: event.stream,
        event: event.proposal.body.eventName, eventID: event.proposal.eventID,
        recordedAtMs: event.recorded.recordedAtMs, effective: event.proposal.effective,
        corrects: event.proposal.corrects, officer: officer, credential: credential ?? own,
        cause: cause))
  }

  // MARK: an officer's own streams

  private mutating func tell(_ watched: WatchFilter.Watched, _ merges: Merges) {
    var touched = Set(named.filter(watched.set.contains))
    var joined: [Identifier: ChangeCause] = [:]
    for officer in named where merges.concerns(officer) {
      for record in merges.related(to: officer)
      where watched.set.contains(record) && !touched.contains(record) {
        if let cause = cause(of: officer, in: record, merges) { joined[record] = cause }
      }
    }
    touched.formUnion(joined.keys)
    for officer in touched.sorted() { add(joined[officer] ?? .own, officer: officer) }
  }

  /// Why an event that names an officer touches a record merged with that officer's; nil: it does
  /// not.
  private func cause(
    of officer: Identifier, in record: Identifier, _ merges: Merges
  ) -> ChangeCause? {
    let isMerge = event.stream.kind == .officer && merges.isMerge(event.event)
    // What is amended may have been of any day.
    let from =
      isMerge || event.proposal.corrects != nil ? Day.distantPast : event.proposal.effective
    func joins(_ position: LogPosition) -> Bool {
      merges.joins(event.stream, naming: officer, to: record, from: from, knownAt: position)
    }
    guard joins(known) || (isMerge && joins(position)) else { return nil }
    return isMerge ? .merge : .mergedRecord
  }

  private mutating func tell(
    credentials watched: WatchFilter.Watched, _ readModel: RegistryReader
  ) throws {
    let stream = event.stream
    switch stream.kind {
    case .credential:
      if watched.set.contains(stream.key) { add(.own, officer: named.last) }
    case .enrolment, .submission, .skillClaim:
      for (credential, state) in try held(watched, readModel)
      where try rests(state, readModel, on: { $0 == stream }) {
        add(.evidence, officer: state.terms.holder, credential: credential)
      }
    case .officer:
      let isMerge = readModel.sharedStreams.merges.isMerge(event.event)
      guard try isMerge || comesOrGoes(readModel) else { return }
      for (credential, state) in try held(watched, readModel) {
        add(isMerge ? .merge : .holder, officer: state.terms.holder, credential: credential)
      }
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate, .duty:
      break
    }
  }

  /// Whether the event voids the whole of an officer's record, or gives it back.
  private func comesOrGoes(_ readModel: RegistryReader) throws -> Bool {
    // Who is registered has no credential yet.
    guard event.proposal.corrects != nil else { return false }
    return try readModel.isUnregistered(event.stream.key, knownAt: position)
      != readModel.isUnregistered(event.stream.key, knownAt: known)
  }

  /// The watched credentials of the person whom the event names, in their order.
  private func held(
    _ watched: WatchFilter.Watched, _ readModel: RegistryReader
  ) throws -> [(Identifier, Credential)] {
    let merges = readModel.sharedStreams.merges
    var found: Set<Identifier> = []
    for officer in Set(named.flatMap(merges.related)) {
      for stream in try readModel.streams(touching: officer, before: known)
      where stream.kind == .credential && watched.set.contains(stream.key) {
        found.insert(stream.key)
      }
    }
    return try found.sorted().compactMap { key in
      guard let state = try credential(key, readModel) else { return nil }
      let stream = StreamID(.credential, key)
      let isTheirs = named.contains { officer in
        merges.joins(
          stream, naming: state.terms.holder, to: officer, from: .distantPast, knownAt: known)
          || merges.joins(
            stream, naming: state.terms.holder, to: officer, from: .distantPast, knownAt: position)
      }
      return isTheirs ? (key, state) : nil
    }
  }

  private func credential(_ key: Identifier, _ readModel: RegistryReader) throws -> Credential? {
    try readModel.state(of: StreamID(.credential, key), on: .distantFuture, knownAt: known)?
      .credential
  }

  /// Whether one of the streams that a credential's evidence is of is meant.
  private func rests(
    _ state: Credential, _ readModel: RegistryReader, on isMeant: (StreamID) throws -> Bool
  ) throws -> Bool {
    try state.terms.evidence.contains { id in
      guard let stream = try readModel.stream(of: id) else { return false }
      return try isMeant(stream)
    }
  }

  // MARK: shared streams

  private mutating func workShared(
    _ filter: WatchFilter, _ readModel: RegistryReader, _ slice: TimeSlice
  ) throws -> Bool {
    let reach = self.reach ?? readModel.reach(of: event)
    self.reach = reach
    let before = self
    switch (reach, filter) {
    case (.nobody, _), (.everybody, .credentials), (_, .kinds): return true
    case (.everybody(let cause), .officers):
      add(cause)
      return true
    case (.trainings(let cohorts, let course, let cause), .officers(let watched)):
      return try each(watched, slice) { officer in
        guard try before.isTouched(officer, readModel, cohorts, course) else { return nil }
        return (cause, officer, nil)
      }
    case (.trainings(let cohorts, let course, let cause), .credentials(let watched)):
      return try each(watched, slice) { key in
        guard let state = try before.credential(key, readModel),
          try before.rests(
            state, readModel,
            on: { stream in
              try readModel.state(of: stream, on: .distantFuture, knownAt: before.known)
                .map { readModel.isMet($0, cohorts: cohorts, course: course) } ?? false
            })
        else { return nil }
        return (cause, state.terms.holder, key)
      }
    }
  }

  /// Looks at the watched one after the other, at least at one.
  private mutating func each(
    _ watched: WatchFilter.Watched, _ slice: TimeSlice,
    _ look: (Identifier) throws -> (ChangeCause, officer: Identifier, credential: Identifier?)?
  ) throws -> Bool {
    while next < watched.ids.count {
      if let (cause, officer, credential) = try look(watched.ids[next]) {
        add(cause, officer: officer, credential: credential)
      }
      next += 1
      if slice.isOver { break }
    }
    return next == watched.ids.count
  }

  private func isTouched(
    _ officer: Identifier, _ readModel: RegistryReader, _ cohorts: Set<Identifier>,
    _ course: Identifier?
  ) throws -> Bool {
    let merges = readModel.sharedStreams.merges
    for record in merges.related(to: officer) {
      for stream in try readModel.streams(touching: record, before: known)
      where stream.kind == .enrolment || (stream.kind == .submission && course != nil) {
        guard
          let state = try readModel.state(of: stream, on: .distantFuture, knownAt: known),
          let named = state.subject(of: stream),
          merges.joins(stream, naming: named, to: officer, from: .distantPast, knownAt: known),
          readModel.isMet(state, cohorts: cohorts, course: course)
        else { continue }
        return true
      }
    }
    return false
  }
}

extension WatchFilter {
  var isOfKinds: Bool { if case .kinds = self { true } else { false } }
}
