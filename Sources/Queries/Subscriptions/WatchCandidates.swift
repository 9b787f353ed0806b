import Messages
import Projections
import Registry
import RegistryStorage

/// Which events a watcher has to look at: all that may be told, and few others.
struct WatchCandidates {
  /// Events that a scan passes over at most before it gives way.
  static let scannedMax: UInt64 = 8192
  /// Candidates at most that are gathered at once.
  static let positionsMax = 256
  /// Of each officer, the touches that the index is asked for at once.
  static let touchesMax = 64

  /// In the order of the log.
  var positions: [LogPosition] = []
  /// Before it, no other event may be told.
  var horizon: LogPosition

  /// - Parameter end: what is known; later events are not looked at.
  init(
    _ filter: WatchFilter, from start: LogPosition, until end: LogPosition,
    _ readModel: RegistryReader
  ) throws {
    horizon = end
    switch filter {
    case .officers(let watched) where end - start > Self.scanRather(watched):
      let merges = readModel.sharedStreams.merges
      try index(Set(watched.ids.flatMap(merges.related)), from: start, readModel)
      gatherShared(filter, from: start, readModel)
    case .credentials(let watched) where end - start > Self.scanRather(watched):
      try index(try Self.holders(of: watched, readModel), from: start, readModel)
      // What is of a credential that its void left to nobody.
      for credential in watched.ids {
        positions += try readModel.positions(of: StreamID(.credential, credential))
          .filter { $0 >= start }
      }
      gatherShared(filter, from: start, readModel)
    case .kinds, .officers, .credentials: try scan(filter.kinds, from: start, readModel)
    }
    let horizon = self.horizon
    positions = Set(positions).filter { $0 < horizon }.sorted()
  }

  /// Events that are looked through faster than an index is asked for each of the watched.
  private static func scanRather(_ watched: WatchFilter.Watched) -> UInt64 {
    UInt64(max(256, watched.ids.count))
  }

  private mutating func scan(
    _ kinds: Set<StreamKind>, from start: LogPosition, _ readModel: RegistryReader
  ) throws {
    let (all, end) = (kinds.count == StreamKind.allCases.count, horizon)
    var (found, next) = (positions, start)
    let stop = min(end, start.saturatingAdding(Self.scannedMax))
    try readModel.log.read(start..<max(start, stop)) { position, event in
      guard found.count < Self.positionsMax else { return false }
      next = position + 1
      if all || EventFields.kind(of: event).map(kinds.contains) ?? false { found.append(position) }
      return true
    }
    (positions, horizon) = (found, next)
  }

  /// The touches of officers; where one has many, the horizon comes nearer.
  private mutating func index(
    _ officers: Set<Identifier>, from start: LogPosition, _ readModel: RegistryReader
  ) throws {
    for officer in officers {
      var found: [LogPosition] = []
      let end = horizon
      try readModel.snapshot.scan(
        readModel.views[.subjects], from: .key(ViewKey.subject(officer, start)),
        prefix: ViewKey.prefix(officer)
      ) { key, _ in
        let position = ViewKey.position(of: key)
        guard position < end else { return false }
        found.append(position)
        return found.count < Self.touchesMax
      }
      positions += found
      if found.count == Self.touchesMax, let last = found.last {
        horizon = last.saturatingAdding(1)
      }
    }
  }

  private mutating func gatherShared(
    _ filter: WatchFilter, from start: LogPosition, _ readModel: RegistryReader
  ) {
    for kind in filter.kinds where kind.isShared {
      for stream in readModel.sharedStreams.streams(of: kind) {
        for event in readModel.sharedStreams.history(of: stream).reversed() {
          let position = event.metadata.position
          guard position >= start else { break }
          if position < horizon { positions.append(position) }
        }
      }
    }
  }

  /// Everybody whom the credentials ever named as holder, with the records merged with theirs.
  private static func holders(
    of watched: WatchFilter.Watched, _ readModel: RegistryReader
  ) throws -> Set<Identifier> {
    var holders: Set<Identifier> = []
    for credential in watched.ids {
      let stream = StreamID(.credential, credential)
      guard let row = try readModel.row(of: stream) else { continue }
      for event in try readModel.history(of: stream, row) {
        if case .credential(.issued(let given)) = event.body { holders.insert(given.holder) }
      }
    }
    return Set(holders.flatMap(readModel.sharedStreams.merges.related))
  }
}
