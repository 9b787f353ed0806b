import Foundation
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A start that is asked to stop while it is under way.
struct OpeningStopTests {
  /// Runs in a task that was cancelled before.
  private func cancelled<R: Sendable>(
    _ body: @escaping @Sendable () throws -> R
  ) async throws -> R {
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try body()
    }
    task.cancel()
    return try await task.value
  }

  /// After a kill every page is looked at first, however many there are.
  @Test(arguments: ["log", "views"])
  func `A start that is asked to stop ends before it has looked at every page`(part: String)
    async throws
  {
    let registry = try TestRegistry()
    try registry.record([Fixture.established()] + (0..<30).map { Fixture.organisation("o\($0)") })
    registry.writer.stop()
    try registry.store.close()
    let folder = registry.folder
    var path = folder + "/data/log/data.mdb"
    if part == "views" {
      let current = try String(contentsOfFile: folder + "/data/views.current", encoding: .utf8)
      path = "\(folder)/data/views/\(current)/data.mdb"
    }
    // What a look at the pages would find, and what it says at the end: they are no pages.
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var damaged = whole
    damaged.resetBytes(in: 8192..<damaged.count)
    try damaged.write(to: URL(fileURLWithPath: path))
    let mark = try Data(contentsOf: URL(fileURLWithPath: folder + "/data/views.mark"))
    await #expect(throws: CancellationError.self) {
      try await cancelled { try TestRegistry.open(folder).close() }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == damaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/data/views.mark")) == mark)
    try whole.write(to: URL(fileURLWithPath: path))
    registry.store = try TestRegistry.open(folder)
    #expect(registry.store.viewsState == "caught up")
    registry.writer = Writer(registry.store)
    registry.writer.start()
    try registry.end()
  }

  @Test(arguments: [true, false])
  func `A start that is asked to stop ends early, and leaves nothing half made`(isAsked: Bool)
    async throws
  {
    let registry = try TestRegistry()
    try registry.record([Fixture.established()] + (0..<30).map { Fixture.organisation("o\($0)") })
    registry.writer.stop()
    let digest = try registry.store.digest().hex
    try registry.store.close()
    let folder = registry.folder
    if !isAsked {
      // Without it the views are not trusted, and computed anew.
      try FileManager.default.removeItem(atPath: folder + "/data/views.mark")
    }
    let views = { try FileManager.default.contentsOfDirectory(atPath: folder + "/data/views") }
    let before = try views()
    await #expect(throws: CancellationError.self) {
      try await cancelled { try TestRegistry.open(folder, rebuild: isAsked).close() }
    }
    #expect(try views() == before)
    // The folder is free, and what was there is there.
    registry.store = try TestRegistry.open(folder)
    #expect(try registry.store.digest().hex == digest)
    registry.writer = Writer(registry.store)
    registry.writer.start()
    try registry.end()
  }
}
