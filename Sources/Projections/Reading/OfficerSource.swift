import LMDB
import Messages
import Registry

/// The candidate officers of a query: rows of the indexes, sorted by officer and joined. What is
/// found may be wanted; what is not found is not wanted.
public indirect enum OfficerSource: Sendable {
  /// Rows whose keys begin with a prefix and then name the officer.
  case rows(ViewTable, prefix: [UInt8])
  case anyOf([OfficerSource])
  case allOf([OfficerSource])

  /// Every officer who has a record now.
  public static let everybody = OfficerSource.rows(.roster, prefix: [])
  /// Every officer who ever had a record.
  public static let everybodyEver = OfficerSource.rows(.heads, prefix: Array("officer/".utf8))

  /// The key just after all that begins with an officer's: no identifier has a byte below `+`.
  public static func after(_ officer: [UInt8]) -> [UInt8] { officer + [1] }

  /// Whether it has rows of an officer.
  public func contains(_ officer: [UInt8], _ readModel: RegistryReader) throws -> Bool {
    switch self {
    case .rows(let table, let prefix):
      var found = false
      let start = prefix + officer
      try readModel.snapshot.scan(readModel.views[table], from: .key(start), prefix: start) {
        key, _ in
        found = key.byteCount == start.count || key[start.count] == 0
        return false
      }
      return found
    case .anyOf(let parts): return try parts.contains { try $0.contains(officer, readModel) }
    case .allOf(let parts): return try parts.allSatisfy { try $0.contains(officer, readModel) }
    }
  }

  private var tables: [ViewTable] {
    switch self {
    case .rows(let table, _): [table]
    case .anyOf(let parts), .allOf(let parts): parts.flatMap(\.tables)
    }
  }

  /// Lends a search over the source, which is void after the body.
  public func lend<R>(
    _ readModel: RegistryReader, _ body: (OfficerSearch) throws -> R
  ) throws -> R {
    try readModel.snapshot.withCursors(tables.map { readModel.views[$0] }) { cursors in
      var cursors = cursors[...]
      return try body(OfficerSearch.make(self, &cursors))
    }
  }
}

/// A search through an `OfficerSource`, forward only.
public class OfficerSearch {
  /// Asked between two seeks whether to yield.
  public typealias YieldCheck = () -> Bool

  public enum Found: Hashable {
    case officer([UInt8])
    /// Nobody before this key; the search goes on from it another time.
    case nobodyBefore([UInt8])
    case end
  }

  fileprivate static func make(
    _ source: OfficerSource, _ cursors: inout ArraySlice<Cursor>
  ) -> OfficerSearch {
    switch source {
    case .rows(_, let prefix): return RowSearch(cursors.removeFirst(), prefix)
    case .anyOf(let parts): return AnySearch(parts.map { make($0, &cursors) })
    case .allOf(let parts): return AllSearch(parts.map { make($0, &cursors) })
    }
  }

  /// The first officer from a key on; keys come in rising order.
  public func first(from key: [UInt8], _ shouldYield: YieldCheck) throws -> Found {
    preconditionFailure("each kind of search says how")
  }
}

private final class RowSearch: OfficerSearch {
  private let cursor: Cursor
  private let prefix: [UInt8]
  private var current: [UInt8]?
  private var isOver = false

  init(_ cursor: Cursor, _ prefix: [UInt8]) {
    self.cursor = cursor
    self.prefix = prefix
  }

  override func first(from key: [UInt8], _ shouldYield: YieldCheck) throws -> Found {
    if let current, !current.lexicographicallyPrecedes(key) { return .officer(current) }
    guard !isOver else { return .end }
    try cursor.seek(prefix + key)
    current = cursor.part(after: prefix)
    guard let current else {
      isOver = true
      return .end
    }
    return .officer(current)
  }
}

/// The least of several, kept as a heap by where each stands.
private final class AnySearch: OfficerSearch {
  private var heap: [(at: [UInt8], search: OfficerSearch)] = []
  private var waiting: [OfficerSearch]

  init(_ parts: [OfficerSearch]) { waiting = parts }

  override func first(from key: [UInt8], _ shouldYield: YieldCheck) throws -> Found {
    for search in waiting {
      // A part of parts does not give way: only the whole does.
      if case .officer(let at) = try search.first(from: key, { false }) {
        heap.append((at, search))
      }
    }
    if !waiting.isEmpty {
      waiting = []
      heap.sort { $0.at.lexicographicallyPrecedes($1.at) }
    }
    while let top = heap.first, top.at.lexicographicallyPrecedes(key) {
      if case .officer(let at) = try top.search.first(from: key, { false }) {
        heap[0].at = at
      } else {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
      }
      siftDown()
    }
    return heap.first.map { .officer($0.at) } ?? .end
  }

  private func siftDown() {
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2]
      where child < heap.count && heap[child].at.lexicographicallyPrecedes(heap[least].at) {
        least = child
      }
      guard least != at else { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}

/// Whom all have, by leaps: each goes to where the one furthest ahead stands.
private final class AllSearch: OfficerSearch {
  private let parts: [OfficerSearch]

  init(_ parts: [OfficerSearch]) { self.parts = parts }

  override func first(from key: [UInt8], _ shouldYield: YieldCheck) throws -> Found {
    var (target, agreed, leaps) = (key, 0, 0)
    var found: [UInt8]?
    while agreed < parts.count {
      for part in parts {
        switch try part.first(from: target, shouldYield) {
        case .end: return .end
        case .nobodyBefore(let at): return .nobodyBefore(at)
        case .officer(let at) where at == found: agreed += 1
        case .officer(let at): (target, found, agreed) = (at, at, 1)
        }
        if agreed == parts.count { break }
      }
      leaps += 1
      if leaps % 32 == 0, agreed < parts.count, shouldYield() { return .nobodyBefore(target) }
    }
    return found.map { .officer($0) } ?? .end
  }
}
