import Files
import Foundation
import LMDB
import Logging
import NIOPosix
import Recording
import RegistryStorage
import Tracing
import Vault

/// Opening a registry's folder for a command that needs it.
enum RegistryOpener {
  static func store(
    data: String, masterKey: String?, mapSizeGiB: Int, mayBegin: Bool = false,
    rebuild: Bool = false, rebuildMemoryMiB: Int? = nil, logLevel: Logger.Level = .notice,
    _ change: (inout RegistryStore.Options) -> Void = { _ in }
  ) throws -> RegistryStore {
    guard (1...65536).contains(mapSizeGiB) else {
      throw CLIError("--map-size is in GiB, 1 to 65536.")
    }
    try Task.checkCancellation()
    let folder = Self.folder(data)
    let keyPath = masterKey ?? folder + ".key"
    // Before a key is made: without the parts that belong to the old one it would open nothing.
    let isNew = try RegistryStore.wouldBegin(folder, mayBegin: mayBegin)
    let isNewKey = try makeKey(keyPath, for: folder, isNew: isNew)
    do {
      var logger = Logger(label: "ujuzi") { StreamLogHandler.standardError(label: $0) }
      logger.logLevel = logLevel
      var options = RegistryStore.Options(folder: folder, masterKey: try MasterKey(at: keyPath))
      options.mapSizeBytes = mapSizeGiB << 30
      options.mayBegin = mayBegin
      if let rebuildMemoryMiB { options.rebuildMemoryBytes = rebuildMemoryMiB << 20 }
      change(&options)
      let store = try RegistryStore(options, logger: logger, rebuild: rebuild)
      if isNewKey {
        Output.error("ujuzi: made a master key in \(keyPath); keep a copy of it elsewhere")
      }
      return store
    } catch {
      // Nothing was sealed with it, where what it was made for is gone again too.
      if isNewKey, (try? File.isThere(folder + "/vault/registry")) == false {
        try? File.removeTree(keyPath)
      }
      throw error
    }
  }

  /// A registry of which nothing is written.
  static func inspection(
    data: String, masterKey: String?, scratch: ScratchOption, memoryMiB: Int = 256
  ) throws -> RegistryInspection {
    let folder = Self.folder(data)
    // First, since where there is no registry there is no key either.
    _ = try RegistryStore.wouldBegin(folder, mayBegin: false)
    return try RegistryInspection(
      folder, masterKey: try MasterKey(at: masterKey ?? folder + ".key"),
      scratch: try scratch.folder(), memoryBytes: memoryMiB << 20)
  }

  private static func folder(_ data: String) -> String {
    data.count > 1 && data.hasSuffix("/") ? String(data.dropLast()) : data
  }

  /// Makes a master key where there is none and nothing was ever sealed.
  private static func makeKey(_ path: String, for folder: String, isNew: Bool) throws -> Bool {
    guard try !File.isThere(path) else { return false }
    guard isNew, try !File.isThere(folder + "/vault/registry") else {
      throw CLIError("The master key \(path) is missing: give it with --master-key.")
    }
    try MasterKey.create(at: path)
    return true
  }
}
