import Registry

/// Packed profiles, each good while nothing that it was computed from has changed.
struct ProfileCache {
  /// What a profile depends on: the officer's own events, the shared streams, the day.
  struct Stamp: Hashable {
    var touched: LogPosition
    var catalogue: LogPosition
    var day: Day
  }

  static let bytesMax = 16 << 20
  private var entries: [Identifier: (stamp: Stamp, packed: [UInt8])] = [:]
  private var bytes = 0

  subscript(_ officer: Identifier, _ stamp: Stamp) -> [UInt8]? {
    get {
      guard let entry = entries[officer], entry.stamp == stamp else { return nil }
      return entry.packed
    }
    set {
      guard let newValue else { return }
      // Simple and bounded: a full cache begins anew.
      if bytes > Self.bytesMax {
        entries.removeAll(keepingCapacity: true)
        bytes = 0
      }
      bytes += newValue.count + 128
      entries[officer] = (stamp, newValue)
    }
  }
}
