import Algorithms
import EventLog
import LMDB
import Messages
import Registry

/// Partitions the log's undecoded events by ranges of stream names, so that each partition is small
/// enough to be folded in memory.
final class EventPartitions: @unchecked Sendable {
  /// Streams that are sampled to divide the log into ranges of about one size.
  private static let samplesPerRange = 32
  private static let rangesMax = 4096
  private static let rangesMin = 4

  private let log: EventLog
  private let end: LogPosition
  private let limits: Rebuild.Limits
  /// The first stream of each range but the first.
  private let bounds: [StreamID]
  private let ranges: [SpillBuffer]
  /// Events of shared streams.
  let shared: SpillBuffer
  /// Officers whose record was ever merged into another.
  private(set) var merged: Set<Identifier> = []

  var count: Int { ranges.count }

  init(_ log: EventLog, to end: LogPosition, folder: String, limits: Rebuild.Limits) throws {
    self.log = log
    self.end = end
    self.limits = limits
    let wanted = min(max(log.usage.usedBytes / limits.rangeMax, Self.rangesMin), Self.rangesMax)
    let reader = try log.makeReader()
    defer { reader.end() }
    var samples: [StreamID] = []
    let count = min(UInt64(wanted * Self.samplesPerRange), end)
    for at in 0..<count {
      let found = try reader.read(at * end / count) { EventHeader($0)?.stream }
      if let stream = found ?? nil, !stream.kind.isShared { samples.append(stream) }
    }
    samples.sort()
    var bounds: [StreamID] = []
    for at in 1..<wanted where !samples.isEmpty {
      let bound = samples[at * samples.count / wanted]
      if bounds.last != bound { bounds.append(bound) }
    }
    self.bounds = bounds
    ranges = (0...bounds.count).map { _ in SpillBuffer(folder: folder) }
    shared = SpillBuffer(folder: folder)
  }

  /// Reads the log once.
  ///
  /// - Parameter ids: gets the rows of `ids`.
  func fill(ids: ExternalSorter, progress: (LogPosition) -> Void) throws {
    let reader = try log.makeReader()
    defer { reader.end() }
    var next: LogPosition = 0
    while next < end {
      // A short snapshot at a time: a long one would keep old pages of the log alive.
      let stop = min(next + 50_000, end)
      var failure: (any Error)?
      try reader.read(next..<stop) { position, bytes in
        do {
          try put(bytes, position, ids)
        } catch {
          failure = error
          return false
        }
        next += 1
        return true
      }
      if let failure { throw failure }
      if ranges.reduce(shared.byteCount, { $0 + $1.byteCount }) > limits.shelvedMax {
        for range in ranges { try range.spill() }
        try shared.spill()
      }
      progress(next)
      try Task.checkCancellation()
    }
  }

  private func put(_ bytes: RawSpan, _ position: LogPosition, _ ids: ExternalSorter) throws {
    guard let peek = EventHeader(bytes) else {
      throw LogFailure("The event at \(position) cannot be read.")
    }
    let stream = peek.stream
    var key = ViewKey.prefix(stream)
    key.append(bigEndian: position)
    if stream.kind.isShared {
      shared.add(key, bytes)
    } else {
      ranges[range(of: stream)].add(key, bytes)
    }
    var row: [UInt8] = []
    row.reserveCapacity(24)
    row.append(bigEndian: position)
    RawFields.append(bytes.extracting(peek.digest), to: &row)
    try ids.add(bytes.bytes(peek.id), row)
    if peek.isMerge { merged.insert(stream.key) }
  }

  private func range(of stream: StreamID) -> Int {
    bounds.partitioningIndex { stream < $0 }
  }

  func take(_ range: Int) throws -> RowBuffer { try ranges[range].take() }
}
