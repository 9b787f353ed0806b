import EventLog
import Foundation
import Messages
import Projections
import Registry
import Testing
import Vault

@testable import Recording
@testable import RegistryStorage

/// What a rebuild does with the views that it was compared with, and what it says when there is
/// nothing but itself to compare with.
struct RebuildKeepTests {
  private func filled(keeping: Bool = true) throws -> TestRegistry {
    let registry = try TestRegistry { $0.keepsComparedViews = keeping }
    for proposal in Fixture.ground { try registry.given(proposal) }
    return registry
  }

  private func madeUp(_ registry: TestRegistry) throws {
    let views = unsafe registry.store.views
    try views.environment.write { try $0.put(views[.merged], Array("made-up".utf8), []) }
  }

  private func computedTo(_ registry: TestRegistry) -> LogPosition? {
    guard case .tables(_, let position)? = registry.store.replaced else { return nil }
    return position
  }

  @Test func `Views that equal the rebuild stay, and are compared anew each time`() throws {
    let registry = try filled()
    let folder = unsafe registry.store.views.folder
    for _ in 0..<2 {
      try registry.reopen(rebuild: true)
      guard case .tables(let tables, let known)? = registry.store.replaced else {
        Issue.record("nothing was compared")
        return
      }
      #expect(tables == registry.store.computed && known == 0)
      #expect(unsafe registry.store.views.folder == folder)
      #expect(registry.store.viewsState == "caught up")
    }
    // Nothing of the rebuilt is left, and what is in use goes on.
    let names = try FileManager.default.contentsOfDirectory(
      atPath: registry.folder + "/data/views")
    #expect(names.count == 1, "\(names)")
    try registry.given(Fixture.enrolled("e9", "a"))
    try registry.end()
  }

  @Test func `Views that differ stay in use, to be looked at, until others are asked for`() throws {
    let registry = try filled()
    let live = try registry.store.digest().tables
    try madeUp(registry)
    let folder = unsafe registry.store.views.folder
    for _ in 0..<2 {
      try registry.reopen(rebuild: true)
      guard case .tables(let tables, _)? = registry.store.replaced else {
        Issue.record("nothing was compared")
        return
      }
      let computed = registry.store.computed
      #expect(tables.filter { !computed.contains($0) }.map(\.table) == [.merged])
      #expect(computed == live)
      #expect(unsafe registry.store.views.folder == folder)
    }
    try registry.end()
  }

  @Test func `A rebuild that was asked to replaces what it was compared with`() throws {
    let registry = try filled(keeping: false)
    let live = try registry.store.digest().tables
    try madeUp(registry)
    let folder = unsafe registry.store.views.folder
    try registry.reopen(rebuild: true)
    #expect(unsafe registry.store.views.folder != folder)
    #expect(try registry.store.digest().tables == live)
    try registry.end()
  }

  @Test func `Views say how far they were computed by a rebuild and not recorded`() throws {
    let registry = try filled()
    let end = registry.store.events
    // Copied, as a start sees them: they are computed again.
    try registry.reopen {
      try FileManager.default.removeItem(atPath: registry.folder + "/data/views.mark")
    }
    #expect(registry.store.viewsState.hasPrefix("rebuilt: "))
    try registry.reopen(rebuild: true)
    #expect(computedTo(registry) == end)
    try registry.given(Fixture.enrolled("e9", "a"))
    try registry.reopen(rebuild: true)
    #expect(computedTo(registry) == end && registry.store.events == end + 1)
    try registry.end()
  }

  // MARK: looked at alone

  /// Every path below a folder, with what it is, when it changed, and its bytes' number.
  private func everything(below folder: String) throws -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return try ([""] + all.sorted()).map { name in
      var found = stat()
      try #require(unsafe stat(folder + "/" + name, &found) == 0)
      return "\(name) \(found.st_mode) \(found.st_ino) \(found.st_size) "
        + "\(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec) "
        + "\(found.st_ctim.tv_sec).\(found.st_ctim.tv_nsec)"
    }
  }

  private func inspected<R>(
    _ registry: TestRegistry, _ body: (RegistryInspection) throws -> R
  ) throws -> R {
    let scratch = registry.folder + "/scratch"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let found = try RegistryInspection(
      registry.folder + "/data", masterKey: try MasterKey(at: registry.folder + "/key"),
      scratch: scratch, mapSizeBytes: 1 << 30)
    defer { found.close() }
    let result = try body(found)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).isEmpty)
    return result
  }

  @Test(arguments: ["", "lock", "views", "views.mark", "views.current"])
  func `A look writes nothing, whatever is missing`(missing: String) throws {
    let registry = try filled()
    registry.writer.stop()
    try registry.store.close()
    let data = registry.folder + "/data"
    // The profiles are kept only where a server was.
    if !missing.isEmpty { try? FileManager.default.removeItem(atPath: data + "/" + missing) }
    let before = try everything(below: data)
    let (comparison, digest) = try inspected(registry) {
      (try $0.compare(), try $0.digest(at: $0.events))
    }
    #expect(try everything(below: data) == before)
    #expect(comparison.computed == digest.tables && comparison.position == digest.position)
    switch comparison.inUse {
    case .tables(let tables, let known):
      #expect(["", "lock"].contains(missing), "\(missing)")
      #expect(tables == comparison.computed && known == 0)
    case .nothing(let reason):
      #expect(missing.hasPrefix("views") && !reason.isEmpty, "\(missing): \(reason)")
    }
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `A look finds a row that was made up, and leaves it`() throws {
    let registry = try filled()
    try madeUp(registry)
    registry.writer.stop()
    try registry.store.close()
    for _ in 0..<2 {
      let comparison = try inspected(registry) { try $0.compare() }
      guard case .tables(let tables, _) = comparison.inUse else {
        Issue.record("nothing was compared")
        return
      }
      #expect(tables.filter { !comparison.computed.contains($0) }.map(\.table) == [.merged])
    }
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `A look at views that are behind the log compares as far as they know it`() throws {
    let registry = try filled()
    let behind = registry.folder + "/behind.mdb"
    try registry.copyViews(to: behind)
    let known = registry.store.events
    try registry.given(Fixture.enrolled("e9", "a"))
    let views = unsafe registry.store.views.folder
    registry.writer.stop()
    try registry.store.close()
    try FileManager.default.removeItem(atPath: views + "/data.mdb")
    try FileManager.default.copyItem(atPath: behind, toPath: views + "/data.mdb")
    let comparison = try inspected(registry) { found in
      #expect(found.events == known + 1)
      return try found.compare()
    }
    #expect(comparison.position == known)
    guard case .tables(let tables, _) = comparison.inUse else {
      Issue.record("nothing was compared: \(comparison.inUse)")
      return
    }
    #expect(tables == comparison.computed)
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `Nobody looks at a folder that a process has`() throws {
    let registry = try filled()
    let refused = #expect(throws: FolderFailure.self) {
      _ = try inspected(registry) { $0.events }
    }
    #expect(refused?.kind == .locked)
    try registry.end()
  }
}
