/// An event of a stream as the fold needs it.
public struct StreamEvent: Hashable, Sendable {
  public var occasion: Occasion
  public var body: Proposal.Body
  public var corrects: EventID?
  /// The SHA-256 of the source's document.
  public var sourceDocument: [UInt8]?

  public init(occasion: Occasion, body: Proposal.Body, corrects: EventID?) {
    self.occasion = occasion
    self.body = body
    self.corrects = corrects
  }

  public init(_ proposal: Proposal, at position: LogPosition) {
    occasion = Occasion(
      stream: proposal.stream, eventID: proposal.eventID, effective: proposal.effective,
      position: position,
      reason: proposal.reason, attributedTo: proposal.attributedTo,
      hasSource: proposal.source?.vouches ?? false)
    body = proposal.body
    corrects = proposal.corrects
    if let document = proposal.source?.sha256, !document.isEmpty { sourceDocument = document }
  }
}

extension Source {
  /// At least one of system, reference and digest is given.
  public var vouches: Bool { system != nil || !reference.isEmpty || !sha256.isEmpty }
}

/// Where an event is folded: by its effective day, and on one day by its seat. The seat of an
/// event is its position; a correction takes the seat of what it corrects.
public struct FoldOrder: Hashable, Comparable, Sendable {
  public var effective: Day
  public var seat: LogPosition

  public init(effective: Day, seat: LogPosition) {
    self.effective = effective
    self.seat = seat
  }

  public static func < (a: FoldOrder, b: FoldOrder) -> Bool {
    (a.effective, a.seat) < (b.effective, b.seat)
  }
}

/// Which events of a stream stand, and in which order they are folded.
///
/// An event stands unless the last void or restoration that names it is a void, or a correction of
/// it stands or was itself corrected.
public struct Standing: Sendable {
  public enum Fate: Hashable, Sendable {
    case stands
    case voided(by: LogPosition)
    case corrected(by: LogPosition)
    /// A void or a restoration: it is never folded itself.
    case act
  }

  /// The stream's events in the order of their positions.
  public private(set) var events: [StreamEvent]
  public private(set) var fates: [Fate]
  public private(set) var orders: [FoldOrder]

  public init(_ events: [StreamEvent]) {
    self.events = events
    fates = Array(repeating: .stands, count: events.count)
    orders = events.map {
      FoldOrder(effective: $0.occasion.effective, seat: $0.occasion.position)
    }
    guard events.contains(where: { $0.corrects != nil }) else { return }
    var index: [EventID: Int] = [:]
    var corrections: [Int: [Int]] = [:]
    for (at, event) in events.enumerated() {
      // Looked up first: nothing corrects itself.
      let named = event.corrects.flatMap { index[$0] }
      index[event.occasion.eventID] = at
      guard let target = named else { continue }
      switch event.body {
      case .voided:
        fates[at] = .act
        fates[target] = .voided(by: event.occasion.position)
      case .restored:
        fates[at] = .act
        fates[target] = .stands
      default:
        corrections[target, default: []].append(at)
        orders[at].seat = orders[target].seat
        self.events[at].occasion.standsFor =
          [events[target].occasion.eventID] + self.events[target].occasion.standsFor
      }
    }
    // A correction comes after what it corrects, so its own fate is known first.
    for target in corrections.keys.sorted(by: >) where fates[target] == .stands {
      for correction in corrections[target, default: []] {
        if let by = successor(of: correction) { fates[target] = .corrected(by: by) }
      }
    }
  }

  /// The event that says now what a correction said: itself, or what corrected it in turn; nil
  /// when that was voided, and what it corrected stands again.
  private func successor(of correction: Int) -> LogPosition? {
    switch fates[correction] {
    case .stands: events[correction].occasion.position
    case .corrected(let by): by
    case .voided, .act: nil
    }
  }

  /// The indices of the standing events in the order of the fold.
  public var foldOrder: [Int] {
    events.indices.filter { fates[$0] == .stands }.sorted { orders[$0] < orders[$1] }
  }

  /// The state after every standing event that took effect by the day; nil for no day: all.
  public func fold(until day: Day? = nil) -> (state: StreamState?, last: FoldOrder?) {
    var state: StreamState?
    var last: FoldOrder?
    for at in foldOrder {
      if let day, events[at].occasion.effective > day { break }
      state = StreamState.evolve(state, by: events[at])
      last = orders[at]
    }
    return (state, last)
  }

  public func index(of id: EventID) -> Int? {
    events.firstIndex { $0.occasion.eventID == id }
  }
}
