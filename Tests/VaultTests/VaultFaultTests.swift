import Files
import Foundation
import Locking
import Registry
import Testing

@testable import Vault

/// The vault on a disk that fails: each fault once, with the call done and not done.
struct VaultFaultTests {
  typealias Kind = VaultFailure.Kind

  static func with(_ body: (String, MasterKey) throws -> Void) throws {
    try VaultTests.with(body)
  }

  static func open(
    _ folder: String, _ master: MasterKey, mayBegin: Bool = false
  ) throws(VaultFailure) -> Vault {
    try Vault(folder: folder, master: master, mayBegin: mayBegin)
  }

  static func kind(_ body: () throws -> Void) -> Kind? {
    do {
      try body()
      return nil
    } catch {
      return (error as? VaultFailure)?.kind
    }
  }

  static func officer(_ at: Int) -> Identifier { Identifier("o\(at)")! }

  /// A vault with the keys of so many officers, and what was sealed with each.
  static func filled(
    _ folder: String, _ master: MasterKey, _ count: Int
  ) throws -> [(officer: Identifier, sealed: [UInt8])] {
    let vault = try open(folder, master, mayBegin: true)
    defer { vault.close() }
    let all = try (0..<count).map { at in
      try vault.makeKey(for: officer(at), sealedBefore: false)
      return (
        officer(at), try vault.seal([UInt8(truncatingIfNeeded: at)], for: officer(at), context: [])
      )
    }
    try vault.sync()
    return all
  }

  static func damage(_ folder: String, slot: Int, _ change: (inout [UInt8]) -> Void) throws {
    var bytes = try File.contents(of: folder + "/officers")
    var one = Array(bytes[(slot * 160)..<(slot * 160 + 160)])
    change(&one)
    bytes.replaceSubrange((slot * 160)..<(slot * 160 + 160), with: one)
    try File.replace(folder + "/officers", with: bytes)
  }

  // MARK: a start

  @Test(
    arguments: ["registry", "officers"], [FileFaults.Call.open, .read])
  func `A part that cannot be read for a moment is no new beginning`(
    part: String, call: FileFaults.Call
  ) throws {
    try Self.with { folder, master in
      let keys = try Self.filled(folder, master, 20)
      let before = try File.contents(of: folder + "/" + part)
      for code in [EIO, ENFILE, ENOMEM, EACCES] {
        for mayBegin in [false, true] {
          FileFaults.inject(.init(call, folder + "/" + part, code))
          #expect {
            try Self.open(folder, master, mayBegin: mayBegin)
          } throws: {
            let sentence = ($0 as? VaultFailure)?.sentence ?? ""
            return sentence.contains(part) && sentence.contains(FileFailure(code, "").reason)
          }
          #expect(try File.contents(of: folder + "/" + part) == before)
        }
      }
      let vault = try Self.open(folder, master)
      for (officer, sealed) in keys {
        #expect(try vault.open(sealed, for: officer, context: []).count == 1)
      }
      vault.close()
    }
  }

  @Test(arguments: ["registry", "officers"])
  func `A part that is missing beside a log is missing, and begins only without one`(
    part: String
  ) throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 1)
      try FileManager.default.removeItem(atPath: folder + "/" + part)
      #expect(Self.kind { _ = try Self.open(folder, master) } == .missing)
      #expect(try !File.isThere(folder + "/" + part))
      try Self.open(folder, master, mayBegin: true).close()
      #expect(try File.isThere(folder + "/" + part))
    }
  }

  @Test(arguments: [FileFaults.Call.open, .write, .sync, .rename], [EIO, ENOSPC])
  func `A vault whose beginning failed leaves no half of itself`(
    call: FileFaults.Call, code: Int32
  ) throws {
    try Self.with { folder, master in
      for part in ["/registry", "/officers"] {
        FileFaults.inject(.init(call, folder + part + ".next", code))
        FileFaults.inject(.init(call, folder + part, code))
        _ = Self.kind { try Self.open(folder, master, mayBegin: true).close() }
        FileFaults.clear(folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
          #expect(name == "registry" || name == "officers")
        }
      }
      try Self.open(folder, master, mayBegin: true).close()
      try Self.open(folder, master).close()
    }
  }

  // MARK: syncs

  /// What the disk has after the power went: what was written before the sync that failed and not
  /// again since is as it was when the one before it returned.
  static func afterPowerCut(
    synced: [UInt8], whenFailed: [UInt8], now: [UInt8]
  ) -> [UInt8] {
    now.indices.map { at in
      let old = at < synced.count ? synced[at] : 0
      let lost = at < whenFailed.count ? whenFailed[at] : 0
      return now[at] == lost && lost != old ? old : now[at]
    }
  }

  @Test(arguments: [false, true], [1, 7, 60])
  func `After a failed sync the keys are written at another place, and survive a power cut`(
    happens: Bool, count: Int
  ) throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 3)
      let path = folder + "/officers"
      let synced = try File.contents(of: path)
      let vault = try Self.open(folder, master)
      var sealed: [(Identifier, [UInt8])] = []
      for at in 100..<(100 + count) {
        try vault.makeKey(for: Self.officer(at), sealedBefore: false)
        sealed.append(
          (Self.officer(at), try vault.seal([7], for: Self.officer(at), context: [])))
      }
      let whenFailed = Mutex<[UInt8]>([])
      let read: @Sendable () -> Void = {
        let bytes = (try? File.contents(of: path)) ?? []
        whenFailed.withLock { $0 = bytes }
      }
      FileFaults.inject(.init(.sync, path, EIO, happens: happens, strikes: read))
      // It succeeds at the second place, and says so by succeeding.
      try vault.sync()
      vault.close()
      try File.replace(
        path,
        with: Self.afterPowerCut(
          synced: synced, whenFailed: whenFailed.withLock { $0 },
          now: try File.contents(of: path)))
      let again = try Self.open(folder, master)
      for (officer, bytes) in sealed {
        #expect(try again.open(bytes, for: officer, context: []) == [7])
      }
      #expect(again.reach >= vault.reach)
      again.close()
    }
  }

  @Test(arguments: [false, true])
  func `Where the second sync fails too, nothing more is kept, until a start that trusts no cache`(
    happens: Bool
  ) throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 3)
      let path = folder + "/officers"
      let synced = try File.contents(of: path)
      let vault = try Self.open(folder, master)
      let reach = vault.reach
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      FileFaults.inject(.init(.sync, path, EIO, happens: happens, times: 2))
      #expect(Self.kind { try vault.sync() } == .io)
      #expect(vault.reach == reach)
      // Nobody tries the same pages again and is told that they are there.
      #expect(Self.kind { try vault.sync() } == .io)
      #expect(
        Self.kind { try vault.makeKey(for: VaultTests.b, sealedBefore: false) } == .io)
      #expect(Self.kind { try vault.erase(Self.officer(0)) } == .io)
      vault.close()
      // The next process reads what the kernel holds, and the disk has none of it.
      let lost = try File.contents(of: path)
      let next = try Self.open(folder, master)
      try next.makeKey(for: VaultTests.a, sealedBefore: false)
      let sealed = try next.seal([7], for: VaultTests.a, context: [])
      try next.sync()
      next.close()
      try File.replace(
        path,
        with: Self.afterPowerCut(
          synced: synced, whenFailed: lost, now: try File.contents(of: path)))
      let last = try Self.open(folder, master)
      #expect(try last.open(sealed, for: VaultTests.a, context: []) == [7])
      last.close()
    }
  }

  @Test(arguments: [FileFaults.Call.write, .sync], [false, true])
  func `A full disk is said to be full, and with room again everything goes on`(
    call: FileFaults.Call, happens: Bool
  ) throws {
    try Self.with { folder, master in
      let vault = try Self.open(folder, master, mayBegin: true)
      FileFaults.inject(
        .init(call, folder + "/officers", ENOSPC, happens: happens, times: 4))
      let failure = Self.kind {
        try vault.makeKey(for: VaultTests.a, sealedBefore: false)
        try vault.sync()
      }
      #expect(failure == .full)
      FileFaults.clear(folder)
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      try vault.makeKey(for: VaultTests.b, sealedBefore: false)
      let sealed = try vault.seal([7], for: VaultTests.a, context: [])
      try vault.sync()
      vault.close()
      let again = try Self.open(folder, master)
      #expect(try again.open(sealed, for: VaultTests.a, context: []) == [7])
      again.close()
    }
  }

  @Test(arguments: [false, true])
  func `A slot that cannot be written is left for another`(happens: Bool) throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 3)
      let vault = try Self.open(folder, master)
      FileFaults.inject(.init(.write, folder + "/officers", EIO, happens: happens))
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      let sealed = try vault.seal([7], for: VaultTests.a, context: [])
      try vault.sync()
      vault.close()
      let again = try Self.open(folder, master)
      #expect(try again.open(sealed, for: VaultTests.a, context: []) == [7])
      again.close()
    }
  }

  // MARK: erasing

  @Test(arguments: [FileFaults.Call.write, .sync], [false, true])
  func `An erasure that failed is repeated until every copy of the key is gone`(
    call: FileFaults.Call, happens: Bool
  ) throws {
    for times in [1, 2] {
      try Self.with { folder, master in
        try Self.erase(
          in: folder, master,
          .init(
            call, folder + "/officers", EIO, happens: happens, times: times))
      }
    }
  }

  static func erase(in folder: String, _ master: MasterKey, _ fault: FileFaults.Fault) throws {
    let keys = try filled(folder, master, 3)
    let path = folder + "/officers"
    let wrapped = Array(try File.contents(of: path)[(160 + 72)..<(160 + 132)])
    let vault = try open(folder, master)
    FileFaults.inject(fault)
    _ = kind { try vault.erase(officer(1)) }
    FileFaults.clear(folder)
    _ = kind { try vault.erase(officer(1)) }
    vault.close()
    let again = try open(folder, master)
    try again.erase(officer(1))
    #expect(kind { _ = try again.open(keys[1].sealed, for: officer(1), context: []) } == .erased)
    #expect(try again.open(keys[0].sealed, for: officer(0), context: []) == [0])
    again.close()
    let bytes = try File.contents(of: path)
    for start in 0..<(bytes.count - wrapped.count) where bytes[start] == wrapped[0] {
      #expect(!bytes[start...].starts(with: wrapped), "the key stands at \(start)")
    }
  }

  @Test func `Of two slots of one officer the erased one counts, and the other is erased with it`()
    throws
  {
    try Self.with { folder, master in
      let keys = try Self.filled(folder, master, 2)
      let path = folder + "/officers"
      // A copy of the first, as after a sync that failed, and an erasure that a crash cut short.
      var bytes = try File.contents(of: path)
      let copy = bytes[0..<160]
      bytes.replaceSubrange(320..<480, with: copy)
      try File.replace(path, with: bytes)
      var vault = try Self.open(folder, master)
      #expect(try vault.open(keys[0].sealed, for: Self.officer(0), context: []) == [0])
      vault.close()
      bytes.replaceSubrange(0..<160, with: KeySlot(erased: Self.officer(0)).bytes)
      try File.replace(path, with: bytes)
      vault = try Self.open(folder, master)
      #expect(
        Self.kind { _ = try vault.open(keys[0].sealed, for: Self.officer(0), context: []) }
          == .erased)
      vault.close()
      #expect(try File.contents(of: path)[320..<480] == bytes[0..<160])
    }
  }

  // MARK: damage

  @Test(arguments: 0..<160)
  func `A flipped bit costs one officer's key, and nobody gets a second one`(byte: Int) throws {
    try Self.with { folder, master in
      let keys = try Self.filled(folder, master, 3)
      #expect(
        try {
          let whole = try Self.open(folder, master)
          defer { whole.close() }
          return !whole.mayHaveLost(keysOf: 3) && whole.damagedSlots.isEmpty
        }())
      try Self.damage(folder, slot: 1) { $0[byte] ^= 1 << (byte % 8) }
      let vault = try Self.open(folder, master)
      #expect(vault.damagedSlots == [1])
      #expect(vault.mayHaveLost(keysOf: 3))
      #expect((0..<3).map { vault.hasSlot(of: Self.officer($0)) } == [true, false, true])
      #expect(vault.reach == 3)
      #expect(
        Self.kind { try vault.makeKey(for: Self.officer(1), sealedBefore: true) } == .noKey)
      #expect(Self.kind { try vault.check(Self.officer(1), sealedBefore: true) } == .noKey)
      #expect(vault.damagedOfficers == [Self.officer(1)])
      #expect(vault.trouble(of: Self.officer(1)) != nil)
      for at in [0, 2] {
        #expect(try vault.open(keys[at].sealed, for: Self.officer(at), context: []) == [UInt8(at)])
        #expect(vault.trouble(of: Self.officer(at)) == nil)
      }
      // The next key takes a place of its own: the damaged one may still be mended from a backup.
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      try vault.sync()
      #expect(vault.reach == 4)
      vault.close()
    }
  }

  @Test func `Slots that were zeroed or cut off leave fewer keys than officers`() throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 3)
      try Self.damage(folder, slot: 1) { $0 = Array(repeating: 0, count: 160) }
      var vault = try Self.open(folder, master)
      #expect(vault.mayHaveLost(keysOf: 3))
      vault.close()
      try Self.damage(folder, slot: 2) { $0 = Array(repeating: 0, count: 160) }
      vault = try Self.open(folder, master)
      #expect(vault.mayHaveLost(keysOf: 3))
      #expect(vault.reach == 1)
      vault.close()
      let bytes = try File.contents(of: folder + "/officers")
      try File.replace(folder + "/officers", with: Array(bytes.prefix(77)))
      vault = try Self.open(folder, master)
      #expect(vault.damagedSlots == [0])
      vault.close()
    }
  }

  @Test func `A slot torn before anything was sealed with its key is nobody's loss`() throws {
    try Self.with { folder, master in
      _ = try Self.filled(folder, master, 2)
      try Self.damage(folder, slot: 1) {
        $0.replaceSubrange(80..., with: repeatElement(0, count: 80))
      }
      let vault = try Self.open(folder, master)
      #expect(vault.damagedSlots == [1])
      try vault.makeKey(for: Self.officer(1), sealedBefore: false)
      let sealed = try vault.seal([7], for: Self.officer(1), context: [])
      try vault.sync()
      vault.close()
      let again = try Self.open(folder, master)
      #expect(try again.open(sealed, for: Self.officer(1), context: []) == [7])
      #expect(again.damagedSlots == [1])
      again.close()
    }
  }

  @Test(arguments: [FileFaults.Call.open, .write, .sync, .rename], [false, true])
  func `A master key is made whole or not at all`(call: FileFaults.Call, happens: Bool) throws {
    let path = NSTemporaryDirectory() + "key-" + UUID().uuidString
    FileFaults.inject(.init(call, path, EIO, happens: happens))
    #expect(Self.kind { try MasterKey.create(at: path) } == .io)
    if try File.isThere(path) {
      _ = try MasterKey(at: path)
      #expect(happens && call == .rename)
    } else {
      try MasterKey.create(at: path)
    }
    #expect(Self.kind { try MasterKey.create(at: path) } != nil)
    FileFaults.inject(.init(.read, path, EIO))
    #expect(Self.kind { _ = try MasterKey(at: path) } == .io)
    try FileManager.default.removeItem(atPath: path)
  }
}
