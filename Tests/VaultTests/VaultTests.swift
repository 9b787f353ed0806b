import Foundation
import Registry
import Testing

@testable import Vault

/// Sealing, keys and blind indexes, on real files.
struct VaultTests {
  static func with(_ body: (String, MasterKey) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "vault-test-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder + "/vault", withIntermediateDirectories: true)
    try MasterKey.create(at: folder + "/key")
    try body(folder + "/vault", try MasterKey(at: folder + "/key"))
    try FileManager.default.removeItem(atPath: folder)
  }

  static let a = Identifier("a")!
  static let b = Identifier("b")!

  @Test func `What was sealed opens for the same officer and event alone`() throws {
    try Self.with { folder, master in
      var vault = try Vault(folder: folder, master: master, mayBegin: true)
      try vault.makeKey(for: Self.a, sealedBefore: false)
      try vault.makeKey(for: Self.b, sealedBefore: false)
      let sealed = try vault.seal([1, 2, 3], for: Self.a, context: [9])
      try vault.sync()
      vault.close()
      vault = try Vault(folder: folder, master: master, mayBegin: true)
      #expect(try vault.open(sealed, for: Self.a, context: [9]) == [1, 2, 3])
      #expect(throws: VaultFailure.self) { try vault.open(sealed, for: Self.b, context: [9]) }
      #expect(throws: VaultFailure.self) { try vault.open(sealed, for: Self.a, context: [8]) }
      var bent = sealed
      bent[20] ^= 1
      #expect(throws: VaultFailure.self) { try vault.open(bent, for: Self.a, context: [9]) }
      vault.close()
    }
  }

  @Test func `Another master key is told apart at once`() throws {
    try Self.with { folder, master in
      try Vault(folder: folder, master: master, mayBegin: true).close()
      try MasterKey.create(at: folder + "-other-key")
      defer { try? FileManager.default.removeItem(atPath: folder + "-other-key") }
      let other = try MasterKey(at: folder + "-other-key")
      #expect { try Vault(folder: folder, master: other, mayBegin: true) } throws: {
        ($0 as? VaultFailure)?.kind == .wrongMasterKey
      }
    }
  }

  @Test func `A key that others may read is refused`() throws {
    try Self.with { folder, _ in
      let path = folder + "/open-key"
      try MasterKey.create(at: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      #expect(throws: VaultFailure.self) { try MasterKey(at: path) }
    }
  }

  @Test func `An erased officer stays closed, also after a restart`() throws {
    try Self.with { folder, master in
      var vault = try Vault(folder: folder, master: master, mayBegin: true)
      try vault.makeKey(for: Self.a, sealedBefore: false)
      let sealed = try vault.seal([1], for: Self.a, context: [])
      try vault.erase(Self.a)
      for _ in 0..<2 {
        #expect { try vault.open(sealed, for: Self.a, context: []) } throws: {
          ($0 as? VaultFailure)?.kind == .erased
        }
        vault.close()
        vault = try Vault(folder: folder, master: master, mayBegin: true)
      }
      vault.close()
    }
  }

  @Test func `A key that was made ahead is the officer's once it is kept, unless there is another`()
    throws
  {
    try Self.with { folder, master in
      var vault = try Vault(folder: folder, master: master, mayBegin: true)
      let (first, second) = (try vault.freshKey(for: Self.a), try vault.freshKey(for: Self.a))
      let (key, other) = (try #require(first), try #require(second))
      let sealed = try vault.seal([1], with: key, context: [9])
      #expect(throws: VaultFailure.self) { try vault.open(sealed, for: Self.a, context: [9]) }
      #expect(try vault.keep(key))
      #expect(try vault.keep(key))
      #expect(try !vault.keep(other))
      #expect(try vault.freshKey(for: Self.a) == nil)
      try vault.sync()
      vault.close()
      vault = try Vault(folder: folder, master: master, mayBegin: true)
      #expect(try vault.open(sealed, for: Self.a, context: [9]) == [1])
      #expect(try vault.keep(key))
      try vault.erase(Self.a)
      #expect(throws: VaultFailure.self) { try vault.keep(key) }
      #expect(try vault.freshKey(for: Self.a) == nil)
      vault.close()
    }
  }

  @Test func `A blind index forgives spaces and case, and nothing else`() throws {
    try Self.with { folder, master in
      let vault = try Vault(folder: folder, master: master, mayBegin: true)
      let index = vault.blindIndex(scheme: "pn", value: "AB 12")
      #expect(index.count == 16)
      #expect(vault.blindIndex(scheme: "pn", value: " ab12") == index)
      #expect(vault.blindIndex(scheme: "pn", value: "AB13") != index)
      #expect(vault.blindIndex(scheme: "np", value: "AB12") != index)
      vault.close()
      let again = try Vault(folder: folder, master: master, mayBegin: true)
      #expect(again.blindIndex(scheme: "pn", value: "AB12") == index)
      again.close()
    }
  }

  @Test func `A vault is told by its id, and how far it reaches only grows`() throws {
    var ids: Set<[UInt8]> = []
    for _ in 0..<2 {
      try Self.with { folder, master in
        var vault = try Vault(folder: folder, master: master, mayBegin: true)
        let id = vault.id
        #expect(id.count == 16)
        #expect(ids.insert(id).inserted)
        #expect(vault.reach == 0)
        try vault.makeKey(for: Self.a, sealedBefore: false)
        try vault.makeKey(for: Self.b, sealedBefore: false)
        try vault.makeKey(for: Self.a, sealedBefore: false)
        // Only what is on the disk counts.
        #expect(vault.reach == 0)
        try vault.sync()
        #expect(vault.reach == 2)
        try vault.erase(Self.b)
        vault.close()
        vault = try Vault(folder: folder, master: master, mayBegin: true)
        #expect(vault.id == id)
        #expect(vault.reach == 2)
        vault.close()
      }
    }
  }

  @Test func `Ten thousand keys are found again`() throws {
    try Self.with { folder, master in
      var vault = try Vault(folder: folder, master: master, mayBegin: true)
      for at in 0..<10_000 { try vault.makeKey(for: Identifier("o\(at)")!, sealedBefore: false) }
      let sealed = try vault.seal([7], for: Identifier("o9999")!, context: [])
      try vault.sync()
      vault.close()
      vault = try Vault(folder: folder, master: master, mayBegin: true)
      #expect(try vault.open(sealed, for: Identifier("o9999")!, context: []) == [7])
      vault.close()
    }
  }
}
