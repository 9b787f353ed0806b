import OrderedCollections
import Registry

/// A cache of the histories of long streams that the last batches added to, so that the next one
/// does not read them from the log again. It belongs to the writer's thread.
///
/// What a batch adds to it is only right once the batch was recorded: where that fails, the cache
/// is emptied.
public final class LongStreamCache {
  /// In the order of their use, the latest last.
  private var kept: OrderedDictionary<StreamID, EffectiveHistory> = [:]

  private static let streamsMax = 16
  /// Events from which on a stream is kept.
  private static let longMin = 64

  public init() {}

  /// The history of a stream whose committed row is at hand, with what a batch has added.
  func effectiveHistory(of stream: StreamID, adding added: [StreamEvent], to row: HeadRow?)
    -> EffectiveHistory?
  {
    guard let row, let known = kept[stream],
      known.events.count == Int(row.head.events)
    else { return nil }
    return added.reduce(into: known) { $0.append($1) }
  }

  func keep(_ stream: StreamID, _ standing: EffectiveHistory) {
    kept[stream] = nil
    guard standing.events.count >= Self.longMin else { return }
    if kept.count == Self.streamsMax { kept.removeFirst() }
    kept[stream] = standing
  }

  public func removeAll() { kept.removeAll() }
}
