import LMDB
import Messages
import Registry

/// An event that relies on an authority: a row of `relied`.
package struct RelianceRow: Hashable, Sendable {
  package var authority: StreamID
  package var position: LogPosition
  package var day: Day
  package var stream: StreamID

  /// Nil: the event names no authority.
  init?(_ event: StreamEvent) {
    guard let authority = event.authority else { return nil }
    self.authority = authority
    (position, day) = (event.metadata.position, event.metadata.effective)
    stream = event.metadata.stream
  }

  /// - Parameters:
  ///   - key: of a row of `relied` below the authority.
  ///   - value: the row's.
  init?(_ authority: StreamID, key: RawSpan, value: RawSpan) {
    guard value.byteCount > 4,
      let day = Day(yyyymmdd: UInt32(truncatingIfNeeded: value.bigEndian(at: 0, bytes: 4))),
      let stream = StreamID(value.extracting(droppingFirst: 4))
    else { return nil }
    (self.authority, self.day, self.stream) = (authority, day, stream)
    position = ViewKey.position(of: key)
  }

  var key: [UInt8] {
    var key = ViewKey.prefix(authority)
    key.append(bigEndian: position)
    return key
  }

  var value: [UInt8] {
    var value: [UInt8] = []
    value.append(bigEndian: day.number)
    return value + ViewKey.of(stream)
  }
}

/// Why an authority may not be relied on, by what is known before a position.
struct RelianceReader {
  private let sharedStreams: SharedStreams
  private let position: LogPosition
  private var known: [StreamID: [Day: String?]] = [:]

  init(_ sharedStreams: SharedStreams, knownAt position: LogPosition) {
    (self.sharedStreams, self.position) = (sharedStreams, position)
  }

  /// Nil: what took effect that day may rely on it.
  mutating func whyNot(_ authority: StreamID, on day: Day) -> String? {
    if let why = known[authority]?[day] { return why }
    let state = sharedStreams.state(of: authority, on: day, knownAt: position)
    let why = state.map { $0.whyNotReliedOn(on: day) } ?? "was not there"
    known[authority, default: [:]][day] = .some(why)
    return why
  }

  /// What each kind of event of a stream relies on, by the events' names: of those that stand and
  /// took effect by the day.
  mutating func words(of history: EffectiveHistory, on day: Day) -> [String: AnswerText] {
    var said: [String: (shorts: [String], details: [(String, String?)])] = [:]
    for at in history.foldOrder {
      let event = history.events[at]
      guard let authority = event.authority, event.metadata.effective <= day else { continue }
      let why = whyNot(authority, on: event.metadata.effective)
      let short = "\(authority.text), which " + (why ?? "stands")
      let name = event.body.eventName
      if said[name]?.shorts.contains(short) != true {
        said[name, default: ([], [])].shorts += [short]
      }
      said[name]?.details.append(
        ("on \(event.metadata.effective.text)", event.metadata.eventID.text))
    }
    return said.mapValues { shorts, details in
      AnswerText(shorts.joined(separator: "; "), details: details, isField: true)
    }
  }
}

/// The days on which an authority may be relied on by one state of the registry and not by another,
/// or for another reason.
package struct RelianceChange: Sendable {
  package let authority: StreamID
  /// Day → whether it differs from that day on, in order.
  private let turns: [(from: Day, differs: Bool)]

  /// Nil: it is as it was.
  package init?(of stream: StreamID, from before: KnownStreams, to after: KnownStreams) {
    switch stream.kind {
    case .agreement, .authorisation, .instrument: break
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      return nil
    }
    authority = stream
    var days: Set<Day> = []
    for side in [before, after] {
      let known = side.sharedStreams.history(of: stream).known(before: side.position)
      for day in Set(EffectiveHistory(known).turns) {
        days.insert(day)
        days.formUnion(side.state(of: stream, on: day)?.ownTurns ?? [])
      }
    }
    var (old, new) = (
      RelianceReader(before.sharedStreams, knownAt: before.position),
      RelianceReader(after.sharedStreams, knownAt: after.position)
    )
    turns = days.sorted().map { day in
      (day, old.whyNot(stream, on: day) != new.whyNot(stream, on: day))
    }
    guard turns.contains(where: \.differs) else { return nil }
  }

  package func concerns(_ day: Day) -> Bool {
    turns.last { $0.from <= day }?.differs ?? false
  }
}

extension StreamState {
  /// Days on which it begins or ends to be what may be relied on, without any event.
  fileprivate var ownTurns: [Day] {
    let (from, until): (Day?, Day?) =
      switch self {
      case .agreement(let state): (state.terms.validFrom, state.terms.validUntil)
      case .authorisation(let state): (state.validFrom, state.validUntil)
      case .registry, .organisation, .officer, .framework, .instrument, .programme, .course,
        .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate, .duty:
        (nil, nil)
      }
    return [from, until?.adding(days: 1)].compactMap { $0 }
  }
}

/// Gathers the streams whose events rely on authorities that changed, a part at a time.
package struct RelierCollector: Sendable {
  package private(set) var streams: Set<StreamID> = []
  private var changes: [RelianceChange]
  /// Where the scan of the last authority goes on.
  private var from: LogPosition = 0

  package init(_ changes: [RelianceChange]) { self.changes = changes }

  package var isDone: Bool { changes.isEmpty }

  /// Goes on until all are found or it is to stop.
  ///
  /// - Parameters:
  ///   - day: later events are not asked about.
  ///   - position: events from it on are not known.
  package mutating func work(
    _ readModel: RegistryReader, on day: Day, knownAt position: LogPosition,
    until isOver: () -> Bool
  ) throws {
    while let change = changes.last {
      let prefix = ViewKey.prefix(change.authority)
      var start = prefix
      start.append(bigEndian: from)
      var (found, next) = (streams, LogPosition?.none)
      streams = []
      try readModel.snapshot.scan(readModel.views[.relied], from: .key(start), prefix: prefix) {
        key, value in
        guard let row = RelianceRow(change.authority, key: key, value: value),
          row.position < position
        else { return false }
        if row.day <= day, change.concerns(row.day) { found.insert(row.stream) }
        guard isOver() else { return true }
        next = row.position + 1
        return false
      }
      streams = found
      from = next ?? 0
      if next == nil { changes.removeLast() }
      if isOver() { return }
    }
  }
}
