import Algorithms

/// An event of a stream as the fold needs it.
public struct StreamEvent: Hashable, Sendable {
  public var metadata: EventMetadata
  public var body: Proposal.Body
  public var corrects: EventID?
  /// The SHA-256 of the source's document.
  public var sourceDocument: [UInt8]?
  /// The agreement, authorisation or instrument that it relies on.
  public var authority: StreamID?
  /// Personal data came with it, which is sealed elsewhere.
  public var hasPersonal = false

  public init(metadata: EventMetadata, body: Proposal.Body, corrects: EventID?) {
    self.metadata = metadata
    self.body = body
    self.corrects = corrects
  }

  public init(_ proposal: Proposal, at position: LogPosition) {
    metadata = EventMetadata(
      stream: proposal.stream, eventID: proposal.eventID, effective: proposal.effective,
      position: position,
      reason: proposal.reason, attributedTo: proposal.attributedTo,
      hasSource: proposal.source?.vouches ?? false)
    body = proposal.body
    corrects = proposal.corrects
    authority = proposal.authority
    hasPersonal = proposal.personal != nil
    if let document = proposal.source?.sha256, !document.isEmpty { sourceDocument = document }
  }
}

extension Source {
  /// At least one of system, reference and digest is given.
  public var vouches: Bool { system != nil || !reference.isEmpty || !sha256.isEmpty }
}

/// The fold's sort key of an event: its effective day, and on one day its rank. The rank of an
/// event is its position; a correction takes the rank of what it corrects.
public struct FoldOrder: Hashable, Comparable, Sendable {
  public var effective: Day
  public var rank: LogPosition

  public init(effective: Day, rank: LogPosition) {
    self.effective = effective
    self.rank = rank
  }

  public static func < (a: FoldOrder, b: FoldOrder) -> Bool {
    (a.effective, a.rank) < (b.effective, b.rank)
  }
}

/// The effective history of a stream: which events stand (are in force), and in which order they
/// are folded.
///
/// An event stands unless the last void or restoration that names it is a void, or a correction of
/// it stands or was itself corrected. So each event that is added changes at most itself, the one
/// that it names and the one that that one corrects: a chain of corrections costs as much as its
/// length.
public struct EffectiveHistory: Sendable {
  public enum Disposition: Hashable, Sendable {
    case stands
    case voided(by: LogPosition)
    case corrected(by: LogPosition)
    /// A void or a restoration: it is never folded itself.
    case act
  }

  /// The stream's events in the order of their positions.
  public private(set) var events: ChunkedArray<StreamEvent>
  public private(set) var orders: [FoldOrder] = []
  /// The indices of the standing events in the order of the fold.
  public private(set) var foldOrder: [Int] = []

  /// What voids and restorations alone make of each event: never `corrected`.
  private var said: [Disposition] = []
  /// What each event corrects, its newest correction, and the correction that what it corrects had
  /// before it: indices, or -1.
  private var links: [(corrects: Int32, newest: Int32, older: Int32)] = []
  /// The indices of the first so many events by their ids; kept once an event names another.
  private var places: (count: Int, indices: [EventID: Int]) = (0, [:])

  public init(_ events: ChunkedArray<StreamEvent>) {
    self.events = events
    orders.reserveCapacity(events.count)
    said.reserveCapacity(events.count)
    links.reserveCapacity(events.count)
    for (at, event) in events.enumerated() { _ = link(event, at) }
    foldOrder = events.indices.filter(stands).sorted(by: isFolded)
  }

  public init(_ events: some Sequence<StreamEvent>) { self.init(ChunkedArray(events)) }

  /// Adds the stream's next event.
  public mutating func append(_ event: StreamEvent) {
    let at = events.count
    let named = link(event, at)
    events.append(event)
    for index in [named, named.flatMap { target(of: $0) }, at].compactMap(\.self) {
      rank(index)
    }
  }

  public func appending(_ event: StreamEvent) -> EffectiveHistory {
    var longer = self
    longer.append(event)
    return longer
  }

  /// Takes down what an event says of the one that it names; gives that one's index.
  private mutating func link(_ event: StreamEvent, _ at: Int) -> Int? {
    // Looked up first: nothing corrects itself.
    let named = event.corrects.flatMap { find($0, before: at) }
    said.append(.stands)
    links.append((-1, -1, -1))
    orders.append(FoldOrder(effective: event.metadata.effective, rank: event.metadata.position))
    guard let named else { return nil }
    switch event.body {
    case .voided:
      said[at] = .act
      said[named] = .voided(by: event.metadata.position)
    case .restored:
      said[at] = .act
      said[named] = .stands
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate,
      .duty:
      // fits: a stream has no more events than `StreamLimits` lets it have
      links[at] = (Int32(named), -1, links[named].newest)
      links[named].newest = Int32(at)  // fits: as above
      orders[at].rank = orders[named].rank
    }
    return named
  }

  private mutating func find(_ id: EventID, before end: Int) -> Int? {
    while places.count < end {
      places.indices[events[places.count].metadata.eventID] = places.count
      places.count += 1
    }
    return places.indices[id]
  }

  /// Brings the order of the fold up to date about one event.
  private mutating func rank(_ at: Int) {
    let place = foldOrder.partitioningIndex { !isFolded($0, before: at) }
    let isInserted = place < foldOrder.count && foldOrder[place] == at
    if stands(at) {
      if !isInserted { foldOrder.insert(at, at: place) }
    } else if isInserted {
      foldOrder.remove(at: place)
    }
  }

  private func isFolded(_ at: Int, before other: Int) -> Bool {
    orders[at] == orders[other] ? at < other : orders[at] < orders[other]
  }

  /// What an event corrects.
  private func target(of at: Int) -> Int? {
    links[at].corrects < 0 ? nil : Int(links[at].corrects)
  }

  /// The last correction of an event that was not voided.
  private func correction(of at: Int) -> Int? {
    var next = links[at].newest
    while next >= 0 {
      if said[Int(next)] == .stands { return Int(next) }
      next = links[Int(next)].older
    }
    return nil
  }

  public func stands(_ at: Int) -> Bool { said[at] == .stands && correction(of: at) == nil }

  public func disposition(of at: Int) -> Disposition {
    guard said[at] == .stands, var by = correction(of: at) else { return said[at] }
    while let next = correction(of: by) { by = next }
    return .corrected(by: events[by].metadata.position)
  }

  /// What became of each event.
  public var dispositions: [Disposition] {
    var dispositions = said
    // A correction comes after what it corrects, so its own disposition is known first.
    for at in dispositions.indices.reversed() where said[at] == .stands {
      guard let by = correction(of: at) else { continue }
      if case .corrected = dispositions[by] {
        dispositions[at] = dispositions[by]
      } else {
        dispositions[at] = .corrected(by: events[by].metadata.position)
      }
    }
    return dispositions
  }

  /// An event as it is folded: with what it corrected, and what that had corrected in turn.
  public func event(_ at: Int) -> StreamEvent {
    var event = events[at]
    var next = target(of: at)
    while let corrected = next {
      event.metadata.standsFor.append(events[corrected].metadata.eventID)
      next = target(of: corrected)
    }
    return event
  }

  /// The state after every standing event that took effect by the day; nil for no day: all.
  public func fold(until day: Day? = nil) -> (state: StreamState?, last: FoldOrder?) {
    var state: StreamState?
    var last: FoldOrder?
    for at in foldOrder {
      if let day, orders[at].effective > day { break }
      state = StreamState.evolve(state, by: event(at))
      last = orders[at]
    }
    return (state, last)
  }

  /// The days on which what stands took effect, in order.
  public var turns: [Day] { foldOrder.map { orders[$0].effective } }

  public func index(of id: EventID) -> Int? {
    if let known = places.indices[id] { return known }
    return events.indices.dropFirst(places.count).first { events[$0].metadata.eventID == id }
  }
}
