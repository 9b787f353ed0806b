import Foundation
import Registry
import Testing

@testable import Registrar

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

  @Test(arguments: [true, false])
  func `A start that is asked to stop ends early, and leaves nothing half made`(isAsked: Bool)
    async throws
  {
    let registry = try TestRegistry()
    try registry.record([Facts.established()] + (0..<30).map { Facts.organisation("o\($0)") })
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
