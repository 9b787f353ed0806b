import Messages
import Registry
import Server

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A watcher as a client would be one: it has nothing but its filter and a cursor.
struct Watcher {
  let registry: TestRegistry
  let what: WatchRequest.What
  var begin: WatchRequest.Begin?
  private(set) var changes: [WatchedChange] = []

  init(_ registry: TestRegistry, _ what: WatchRequest.What, from begin: WatchRequest.Begin?) {
    (self.registry, self.what, self.begin) = (registry, what, begin)
  }

  /// Connects, reads to the end, or leaves after some of the changes.
  ///
  /// - Returns: the pages of this connection.
  @discardableResult
  mutating func read(changesMax: Int = .max, pagesMax: Int = .max) throws -> [WatchPage] {
    let sessions = ReadSessionPool(registry.store)
    defer { sessions.end() }
    let streams = QueryDispatcher(
      sessions, commits: CommitSignal(), notifier: SubscriptionNotifier(registry.store))
    let source = try streams.open(
      .watch, Codec.encode(WatchRequest(begin: begin, what: what)))
    defer { source.close() }
    var pages: [WatchPage] = []
    var left = changesMax
    while pages.count < pagesMax, let bytes = try source.message() {
      let page = try Codec.decode(WatchPage.self, from: bytes)
      pages.append(page)
      for change in page.changes.prefix(left) {
        changes.append(change)
        begin = .after(ChangeCursor(position: change.position, ordinal: change.ordinal))
      }
      guard page.changes.count <= left else { break }
      left -= page.changes.count
      begin = .from(page.readTo)
    }
    return pages
  }

  /// In short: `12.0 enrolment/e1 completed own a`.
  var lines: [String] {
    changes.map { change in
      let name = change.event.split(separator: ".").last ?? ""
      return "\(change.stream.text) \(name) \(change.cause.name)"
        + (change.officer.map { " \($0.text)" } ?? "")
        + (change.credential.map { " \($0.text)" } ?? "")
    }
  }

  var cursors: [String] { changes.map { "\($0.position).\($0.ordinal)" } }
}

extension TestRegistry {
  /// All changes since the beginning.
  func watched(_ what: WatchRequest.What) throws -> [WatchedChange] {
    var watcher = Watcher(self, what, from: .from(0))
    try watcher.read()
    return watcher.changes
  }

  /// The lines of what a body records, for a watcher that was there before.
  func lines(_ what: WatchRequest.What, while body: () throws -> Void) throws -> [String] {
    var watcher = Watcher(self, what, from: nil)
    try watcher.read()
    try body()
    try watcher.read()
    return watcher.lines
  }
}

extension WatchRequest.What {
  static func officers(_ keys: String...) -> Self { .officers(WatchedIds(ids: keys.map(id))) }
  static func credentials(_ keys: String...) -> Self { .credentials(WatchedIds(ids: keys.map(id))) }
  static func kinds(_ names: String...) -> Self { .kinds(WatchedKinds(kinds: names.map(id))) }
}
