import Files
import Foundation
import Registry
import Testing

@testable import Vault

/// What a clean stop keeps of the keys, so that a start need not read them: it counts only where it
/// says what reading them would.
struct KeyIndexTests {
  static func open(
    _ folder: String, _ master: MasterKey, readsAll: Bool = false
  ) throws(VaultFailure) -> Vault {
    try Vault(folder: folder, master: master, mayBegin: true, readsAll: readsAll, indexedFrom: 1)
  }

  static func officer(_ at: Int) -> Identifier { VaultFaultTests.officer(at) }

  /// A vault with the keys of so many officers, left by a clean stop.
  static func left(
    _ folder: String, _ master: MasterKey, _ count: Int
  ) throws -> [[UInt8]] {
    let vault = try open(folder, master)
    let sealed = try (0..<count).map { at in
      try vault.makeKey(for: officer(at), sealedBefore: false)
      return try vault.seal([UInt8(truncatingIfNeeded: at)], for: officer(at), context: [])
    }
    try vault.sync()
    vault.close(isCleanStop: true)
    return sealed
  }

  static func hasIndex(_ folder: String) throws -> Bool {
    try File.isThere(folder + "/index")
  }

  /// Flips a bit of a slot where it stands: the file stays the one that it was.
  static func flip(_ folder: String, slot: Int) throws {
    let file = try File(folder + "/officers", .readingAndWriting)
    defer { file.close() }
    let at = slot * 160 + 80
    try file.write(file.read(at: at, count: 1).map { $0 ^ 4 }, at: at)
  }

  /// What a vault says of the officers from 0 on.
  static func said(_ vault: Vault, _ sealed: [[UInt8]]) -> [String] {
    let officers = sealed.enumerated().map { at, bytes in
      do throws(VaultFailure) {
        return "\(try vault.open(bytes, for: officer(at), context: []))"
      } catch {
        return "\(error.kind)"
      }
    }
    return officers + ["\(vault.reach) \(vault.damagedSlots) \(vault.mayHaveLost(keysOf: 0))"]
  }

  @Test(arguments: [1, 2, 40, 700])
  func `After a clean stop the keys are found without being read`(count: Int) throws {
    try VaultTests.with { folder, master in
      let sealed = try Self.left(folder, master, count)
      let vault = try Self.open(folder, master)
      #expect(!vault.wereSlotsRead)
      #expect(vault.reach == UInt32(count))
      for (at, bytes) in sealed.enumerated() {
        #expect(
          try vault.open(bytes, for: Self.officer(at), context: [])
            == [UInt8(truncatingIfNeeded: at)])
      }
      #expect(!vault.mayHaveLost(keysOf: count) && vault.mayHaveLost(keysOf: count + 1))
      #expect(try vault.freshKey(for: Self.officer(0)) == nil)
      #expect(!vault.hasSlot(of: Self.officer(count)))
      vault.close()
    }
  }

  @Test func `Whatever is recorded, erased or rewritten, the index says what the slots say`() throws
  {
    try VaultTests.with { folder, master in
      var sealed = try Self.left(folder, master, 30)
      var numbers = Seeded(7)
      for round in 0..<12 {
        let vault = try Self.open(folder, master)
        #expect(!vault.wereSlotsRead)
        for _ in 0..<Int.random(in: 0..<4, using: &numbers) {
          try vault.makeKey(for: Self.officer(sealed.count), sealedBefore: false)
          sealed.append(try vault.seal([9], for: Self.officer(sealed.count), context: []))
        }
        if round % 3 == 1 {
          try vault.erase(Self.officer(Int.random(in: 0..<sealed.count, using: &numbers)))
        }
        // A sync that fails leaves copies, and slots that hold nothing.
        if round % 4 == 2 { FileFaults.inject(.init(.sync, folder + "/officers", EIO)) }
        try vault.sync()
        FileFaults.clear(folder)
        vault.close(isCleanStop: true)
        #expect(try Self.hasIndex(folder))
        let (quick, read) = (
          try Self.open(folder, master), try Self.open(folder, master, readsAll: true)
        )
        #expect(!quick.wereSlotsRead && read.wereSlotsRead)
        #expect(Self.said(quick, sealed) == Self.said(read, sealed))
        quick.close()
        read.close()
      }
    }
  }

  @Test func `The first key that is written takes the index away before it`() throws {
    try VaultTests.with { folder, master in
      _ = try Self.left(folder, master, 3)
      let vault = try Self.open(folder, master)
      #expect(try Self.hasIndex(folder))
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      #expect(try !Self.hasIndex(folder))
      let sealed = try vault.seal([7], for: VaultTests.a, context: [])
      try vault.sync()
      // As after a crash: nothing is kept, and the slots are read.
      vault.close()
      #expect(try !Self.hasIndex(folder))
      let again = try Self.open(folder, master)
      #expect(again.wereSlotsRead)
      #expect(try again.open(sealed, for: VaultTests.a, context: []) == [7])
      again.close()
    }
  }

  @Test(arguments: [FileFaults.Call.rename, .sync])
  func `Where the index cannot be taken away, no key is written beside it`(
    call: FileFaults.Call
  ) throws {
    try VaultTests.with { folder, master in
      _ = try Self.left(folder, master, 3)
      let before = try File.contents(of: folder + "/officers")
      let vault = try Self.open(folder, master)
      // The folder's sync, where it is that which fails: its path is a part of no other's.
      let path = call == .rename ? folder + "/index" : folder
      FileFaults.inject(.init(call, path, EIO, times: 4))
      #expect(
        VaultFaultTests.kind { try vault.makeKey(for: VaultTests.a, sealedBefore: false) } == .io)
      FileFaults.clear(folder)
      #expect(try File.contents(of: folder + "/officers") == before)
      vault.close(isCleanStop: true)
    }
  }

  @Test func `An index of another file, of an older one or of a damaged one is not believed`()
    throws
  {
    try VaultTests.with { folder, master in
      let sealed = try Self.left(folder, master, 5)
      func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/index"))
      }
      let (keys, index) = (folder + "/officers", folder + "/index")
      let (old, oldIndex) = (try File.contents(of: keys), try File.contents(of: index))
      func isRead() throws -> Bool {
        let vault = try Self.open(folder, master)
        defer { vault.close() }
        #expect(try vault.open(sealed[4], for: Self.officer(4), context: []) == [4])
        return vault.wereSlotsRead
      }
      #expect(try !isRead())
      // The same bytes, put in their place by somebody.
      try File.replace(keys, with: old)
      #expect(try isRead())
      let vault = try Self.open(folder, master)
      vault.close(isCleanStop: true)
      #expect(try !isRead())
      let whole = try File.contents(of: index)
      for byte in whole.indices {
        var bent = whole
        bent[byte] ^= 1 << (byte % 8)
        try write(bent)
        #expect(try isRead(), "byte \(byte)")
      }
      for count in 0..<whole.count {
        try write(Array(whole.prefix(count)))
        #expect(try isRead(), "\(count) bytes")
      }
      try write(whole + [0])
      #expect(try isRead())
      try write(oldIndex)
      #expect(try isRead())
      try write(whole)
      #expect(try !isRead())
    }
  }

  @Test func `Times that were set back do not hide that the keys were written to`() throws {
    try VaultTests.with { folder, master in
      _ = try Self.left(folder, master, 3)
      let keys = folder + "/officers"
      let written = try FileManager.default.attributesOfItem(atPath: keys)[.modificationDate]
      try Self.flip(folder, slot: 1)
      try FileManager.default.setAttributes(
        [.modificationDate: try #require(written)], ofItemAtPath: keys)
      let vault = try Self.open(folder, master)
      #expect(vault.damagedSlots == [1])
      vault.close()
    }
  }

  @Test func `Slots that rotted are found when they are read again, as a start would find them`()
    throws
  {
    try VaultTests.with { folder, master in
      let sealed = try Self.left(folder, master, 700)
      let vault = try Self.open(folder, master)
      // Nobody wrote, as far as the folder says.
      for slot in [1, 600] { try Self.flip(folder, slot: slot) }
      #expect(vault.damagedSlots == [])
      var (next, found, checked): (UInt32?, [UInt32], Int) = (0, [], 0)
      while let slot = next {
        let piece = try vault.recheck(from: slot)
        (next, found, checked) = (piece.next, found + piece.damaged, checked + piece.checked)
      }
      #expect(found == [1, 600] && checked == 700)
      #expect(vault.damagedSlots == [1, 600] && vault.mayHaveLost(keysOf: 700))
      #expect(
        VaultFaultTests.kind { try vault.makeKey(for: Self.officer(600), sealedBefore: true) }
          == .noKey)
      // Of whom nothing was sealed, there is nothing lost: a new key takes another slot.
      try vault.makeKey(for: Self.officer(1), sealedBefore: false)
      let again = try vault.seal([7], for: Self.officer(1), context: [])
      try vault.sync()
      #expect(vault.reach == 701)
      vault.close(isCleanStop: true)
      let (quick, read) = (
        try Self.open(folder, master), try Self.open(folder, master, readsAll: true)
      )
      #expect(!quick.wereSlotsRead)
      #expect(Self.said(quick, sealed) == Self.said(read, sealed))
      #expect(try quick.open(again, for: Self.officer(1), context: []) == [7])
      quick.close()
      read.close()
    }
  }

  @Test func `A vault that keeps nothing any more keeps no index`() throws {
    try VaultTests.with { folder, master in
      _ = try Self.left(folder, master, 3)
      let vault = try Self.open(folder, master)
      try vault.makeKey(for: VaultTests.a, sealedBefore: false)
      FileFaults.inject(.init(.sync, folder + "/officers", EIO, times: 2))
      #expect(VaultFaultTests.kind { try vault.sync() } == .io)
      vault.close(isCleanStop: true)
      #expect(try !Self.hasIndex(folder))
    }
  }

  /// Heads as they come and as somebody may have chosen them.
  @Test(arguments: 0..<4)
  func `The index finds what a dictionary finds`(skew: Int) {
    var numbers = Seeded(UInt64(skew))
    func head() -> UInt64 {
      switch skew {
      case 0: numbers.next()
      case 1: UInt64(Int.random(in: 0..<400, using: &numbers))
      case 2: UInt64.max - UInt64(Int.random(in: 0..<400, using: &numbers))
      default:
        UInt64(Int.random(in: 0..<16, using: &numbers)) << 60
          | UInt64(Int.random(in: 0..<9, using: &numbers))
      }
    }
    for _ in 0..<60 {
      var known: [UInt64: UInt32] = [:]
      for _ in 0..<Int.random(in: 0..<300, using: &numbers) {
        known[head()] = UInt32(Int.random(in: 0..<1000, using: &numbers))
      }
      let sorted = known.sorted { $0.key < $1.key }
      var index = KeyIndex(heads: sorted.map(\.key), slots: sorted.map(\.value))!
      for _ in 0..<300 {
        let one = head()
        #expect(index[one] == known[one])
        switch Int.random(in: 0..<3, using: &numbers) {
        case 0:
          let slot = UInt32(Int.random(in: 0..<1000, using: &numbers))
          #expect(index.update(one, slot) == known.updateValue(slot, forKey: one))
        case 1: #expect(index.update(one, nil) == known.removeValue(forKey: one))
        default: break
        }
      }
      let all = index.sorted
      #expect(index.count == known.count)
      #expect(all.heads == known.keys.sorted())
      #expect(all.slots == known.sorted { $0.key < $1.key }.map(\.value))
    }
    #expect(KeyIndex(heads: [2, 1], slots: [0, 1]) == nil)
    #expect(KeyIndex(heads: [1, 1], slots: [0, 1]) == nil)
  }
}
