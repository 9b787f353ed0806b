import Foundation
import Logging
import Vault

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A copy of a registry that an older program left: see Tests/Golden/README.md.
struct Golden {
  static let events: UInt64 = 107
  /// With the registry's folder in `data` and its key in `key`, as `TestRegistry` has them.
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "ujuzi-golden-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/format-1.tar.gz").path
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", archive, "-C", folder]
    try tar.run()
    tar.waitUntilExit()
    guard tar.terminationStatus == 0 else { throw Unexpected("tar could not open \(archive)") }
    try FileManager.default.moveItem(atPath: folder + "/registry", toPath: folder + "/data")
    try FileManager.default.moveItem(atPath: folder + "/registry.key", toPath: folder + "/key")
  }

  var masterKey: MasterKey { get throws { try MasterKey(at: folder + "/key") } }

  var format: UInt8? {
    get throws { try EventLog.format(in: folder + "/data/log", mapSizeBytes: 1 << 30) }
  }

  func open(rebuild: Bool = false) throws -> RegistryStore {
    try TestRegistry.open(folder, rebuild: rebuild)
  }

  /// Upgrades the log alone, stopping after a step as a crash would.
  func upgrade(stopAfter step: LogUpgrade.Step?) throws {
    let data = try DataFolder(folder + "/data")
    defer { data.unlock() }
    let vault = try Vault(folder: data.vaultPath, master: masterKey, mayBegin: false)
    defer { vault.close() }
    var upgrade = LogUpgrade(
      folder: data, vault: vault, random: RandomBytes(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, mapSizeBytes: 1 << 30)
    upgrade.after = { if $0 == step { throw Stopped() } }
    try upgrade.run()
  }

  struct Stopped: Error {}

  func end() throws { try FileManager.default.removeItem(atPath: folder) }
}
