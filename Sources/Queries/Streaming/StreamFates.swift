import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// What became of a stream's events by what was known before a position, found in slices.
///
/// Only what corrects, voids or restores an event, and what it names, is kept: all other events
/// stand. So a long stream costs a place of eight bytes for each event, and no event's contents.
struct StreamFates: Sendable {
  let stream: StreamID
  let position: LogPosition
  /// Where the stream's events are, in their order.
  let positions: [LogPosition]
  /// Of `positions`, the next that is to be looked at.
  private var next = 0
  /// Those that change others and those that are changed, without what they say.
  private var outlines: [LogPosition: StreamEvent] = [:]
  private var amended: [LogPosition: Amended] = [:]

  private struct Amended: Sendable {
    var fate: Standing.Fate
    var order: FoldOrder
    var standsFor: [EventID]
  }

  init(
    of stream: StreamID, knownAt position: LogPosition, _ records: RegistryReader
  ) throws {
    self.stream = stream
    self.position = position
    positions = try records.positions(of: stream).filter { $0 < position }
  }

  /// True when all events were looked at; before that no fate is known.
  mutating func read(_ records: RegistryReader, _ slice: TimeSlice) throws -> Bool {
    guard next < positions.count else { return true }
    while next < positions.count {
      let at = positions[next]
      if try records.log.read(at, EventGlance.corrects) ?? false {
        let event = try records.stored(at).event
        outlines[at] = event.outline
        // It may have been named before; what is of another stream changes nothing.
        if let named = event.corrects,
          let target = try records.views.event(named, records.snapshot),
          target.position < at, outlines[target.position] == nil
        {
          let stored = try records.stored(target.position)
          if stored.stream == stream { outlines[target.position] = stored.event.outline }
        }
      }
      next += 1
      if next % 16 == 0, next < positions.count, slice.isOver { return false }
    }
    let changed = outlines.keys.sorted()
    let standing = Standing(changed.compactMap { outlines[$0] })
    for (index, (at, fate)) in zip(changed, standing.fates).enumerated() {
      // What is not folded stands for nothing: of a chain of corrections only the last does.
      amended[at] = Amended(
        fate: fate, order: standing.orders[index],
        standsFor: fate == .stands ? standing.event(index).occasion.standsFor : [])
    }
    outlines = [:]
    return true
  }

  func fate(at position: LogPosition) -> Standing.Fate { amended[position]?.fate ?? .stands }

  /// Where one of the events is folded.
  func order(of event: StreamEvent) -> FoldOrder {
    let position = event.occasion.position
    return amended[position]?.order
      ?? FoldOrder(effective: event.occasion.effective, seat: position)
  }

  /// One of the standing events as the fold needs it: a correction stands for what it corrects.
  func whole(_ event: StreamEvent) -> StreamEvent {
    var event = event
    event.occasion.standsFor = amended[event.occasion.position]?.standsFor ?? []
    return event
  }
}

/// The fates of the streams that were asked about last: one long stream among many short ones is not
/// read again for each of its events.
struct KnownFates: Sendable {
  private static let streamsMax = 64
  private var known: [StreamID: StreamFates] = [:]

  /// Nil when the slice was over first: ask again.
  mutating func fates(
    of stream: StreamID, knownAt position: LogPosition, _ records: RegistryReader,
    _ slice: TimeSlice
  ) throws -> StreamFates? {
    var fates =
      try known.removeValue(forKey: stream)
      ?? StreamFates(of: stream, knownAt: position, records)
    let isComplete = try fates.read(records, slice)
    if known.count >= Self.streamsMax { known.removeAll() }
    known[stream] = fates
    return isComplete ? fates : nil
  }
}

extension StreamEvent {
  /// The event without what it says, which is enough to tell which events stand.
  fileprivate var outline: StreamEvent {
    var outline = self
    switch body {
    case .voided, .restored: break
    default: outline.body = .credential(.revoked(CredentialRevoked()))
    }
    return outline
  }
}
