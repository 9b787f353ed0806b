import Files
import Messages
import Projections
import Registry

extension RegistryStore {
  /// The digests of every table as it was when the log had so many events: computed from the log
  /// in a folder of its own, which goes again.
  ///
  /// Two who hold the same log, or one that goes on from it, get the same digests.
  package func digest(at position: LogPosition) throws -> (hex: String, tables: [Views.Digest]) {
    let (log, vault) = unsafe (self.log, self.vault)
    precondition(position <= log.end, "nobody knows what the log will be")
    let path = folder.path + "/views.then"
    try? File.removeTree(path)
    let views = try Views(folder: path)
    defer {
      views.close()
      try? File.removeTree(path)
    }
    let rebuild = Rebuild(views, log: log) {
      let arena = Arena()
      return { try vault.blinds(of: $0, in: $1, arena: arena) }
    }
    try rebuild.run(to: position)
    let tables = try views.environment.read { try views.digests($0) }
    return (Self.hex(Views.digest(of: tables)), tables)
  }

  package static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The number of events in the log.
  package var events: LogPosition { unsafe log.end }
}
