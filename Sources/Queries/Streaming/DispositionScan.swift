import Messages
import Projections
import Registry
import RegistryStorage

/// Finds the disposition of a stream's events as known before a position, in slices.
///
/// Only what corrects, voids or restores an event, and what it names, is kept: all other events
/// stand. So a long stream costs eight bytes per event, and no event's contents.
struct DispositionScan: Sendable {
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
    var disposition: EffectiveHistory.Disposition
    var order: FoldOrder
    var standsFor: [EventID]
  }

  init(
    of stream: StreamID, knownAt position: LogPosition, _ readModel: RegistryReader
  ) throws {
    self.stream = stream
    self.position = position
    positions = try readModel.positions(of: stream).filter { $0 < position }
  }

  /// True when all events were examined; before that no disposition is known.
  mutating func read(_ readModel: RegistryReader, _ slice: TimeSlice) throws -> Bool {
    guard next < positions.count else { return true }
    while next < positions.count {
      let at = positions[next]
      if try readModel.log.read(at, EventFields.corrects) ?? false {
        let event = try readModel.stored(at).event
        outlines[at] = event.outline
        // It may have been named before; what is of another stream changes nothing.
        if let named = event.corrects,
          let target = try readModel.views.event(named, readModel.snapshot),
          target.position < at, outlines[target.position] == nil
        {
          let stored = try readModel.stored(target.position)
          if stored.stream == stream { outlines[target.position] = stored.event.outline }
        }
      }
      next += 1
      if next % 16 == 0, next < positions.count, slice.isOver { return false }
    }
    let changed = outlines.keys.sorted()
    let standing = EffectiveHistory(changed.compactMap { outlines[$0] })
    for (index, (at, disposition)) in zip(changed, standing.dispositions).enumerated() {
      // What is not folded stands for nothing: of a chain of corrections only the last does.
      amended[at] = Amended(
        disposition: disposition, order: standing.orders[index],
        standsFor: disposition == .stands ? standing.event(index).metadata.standsFor : [])
    }
    outlines = [:]
    return true
  }

  func disposition(at position: LogPosition) -> EffectiveHistory.Disposition {
    amended[position]?.disposition ?? .stands
  }

  /// Where one of the events is folded.
  func order(of event: StreamEvent) -> FoldOrder {
    let position = event.metadata.position
    return amended[position]?.order
      ?? FoldOrder(effective: event.metadata.effective, rank: position)
  }

  /// One of the standing events as the fold needs it: a correction stands for what it corrects.
  func whole(_ event: StreamEvent) -> StreamEvent {
    var event = event
    event.metadata.standsFor = amended[event.metadata.position]?.standsFor ?? []
    return event
  }
}

/// A cache of the dispositions of the streams queried last, so that one long stream among many
/// short ones is not read again for each of its events.
struct DispositionCache: Sendable {
  private static let streamsMax = 64
  private var known: [StreamID: DispositionScan] = [:]

  /// Nil when the slice was over first: ask again.
  mutating func dispositions(
    of stream: StreamID, knownAt position: LogPosition, _ readModel: RegistryReader,
    _ slice: TimeSlice
  ) throws -> DispositionScan? {
    var dispositions =
      try known.removeValue(forKey: stream)
      ?? DispositionScan(of: stream, knownAt: position, readModel)
    let isComplete = try dispositions.read(readModel, slice)
    if known.count >= Self.streamsMax { known.removeAll() }
    known[stream] = dispositions
    return isComplete ? dispositions : nil
  }
}

extension StreamEvent {
  /// The event without what it says, which is enough to tell which events stand.
  fileprivate var outline: StreamEvent {
    var outline = self
    if !body.isAct { outline.body = .credential(.revoked(CredentialRevoked())) }
    return outline
  }
}
