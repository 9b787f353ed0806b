import Foundation
import Testing

@testable import LMDB

/// Our own reading of a data file's pages: it must find whatever would mislead LMDB or a reader,
/// and nothing else.
struct PageWalkTests {
  static let samples = try! (0..<2).map {
    try SampleFile(seed: UInt64($0), rounds: 8, changesMax: 40)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `What LMDB wrote is whole, and every row of it is seen`(seed: UInt64) throws {
    let durability: Environment.Durability = seed % 2 == 0 ? .synced : .unsynced
    let sample = try SampleFile(
      seed: seed, rounds: Int(seed) * 4, durability: durability, changesMax: 200)
    let (report, rows) = try SampleFile.walk(sample.bytes)
    #expect(report.damages == [], "seed \(seed)")
    #expect(rows == sample.rows, "seed \(seed)")
    #expect(report.rows == sample.rows.count)
  }

  /// What stands in a file with one flipped bit is the original's rows, or is said to be damaged;
  /// LMDB is asked only where our walk finds nothing.
  private func check(_ damaged: [UInt8], _ sample: SampleFile, _ what: String) throws -> Bool {
    let found: (report: PageWalk.Report, rows: [SampleFile.Row])
    do {
      found = try SampleFile.walk(damaged)
    } catch is StoreFailure {
      return true
    }
    // Whatever it lends is what was written.
    let written = Set(sample.rows)
    #expect(found.rows.allSatisfy(written.contains), "\(what): a row was never written")
    guard found.report.isWhole else {
      #expect(!found.report.sentence.isEmpty)
      return true
    }
    #expect(found.rows == sample.rows, "\(what): rows are missing, and nothing is said")
    #expect(try SampleFile.asRead(damaged) == sample.rows, "\(what): LMDB reads something else")
    return false
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `A flipped bit anywhere is said, or changes nothing`(seed: UInt64) throws {
    let sample = Self.samples[Int(seed % 2)]
    var random = Seeded(state: 0x51EE + seed)
    for _ in 0..<40 {
      let bit = Int.random(in: 0..<(sample.bytes.count * 8), using: &random)
      var damaged = sample.bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      _ = try check(damaged, sample, "seed \(seed), bit \(bit)")
    }
  }

  @Test func `Each bit of a page's header and of its nodes' headers is said, but for the pad`()
    throws
  {
    let sample = Self.samples[0]
    let pageBytes = try SampleFile.meta(sample.bytes).pageBytes
    var checked = 0
    for page in 2..<(sample.bytes.count / pageBytes) {
      let start = page * pageBytes
      guard [1, 2].contains(sample.bytes[start + 10]) else { continue }
      let offsets = Int(sample.bytes[start + 16]) | Int(sample.bytes[start + 17]) << 8
      let places = Array(0..<20) + (offsets..<min(offsets + 8, pageBytes))
      for place in places where ![8, 9].contains(place) {
        for bit in stride(from: (page + place) % 5, to: 8, by: 5) {
          var damaged = sample.bytes
          damaged[start + place] ^= 1 << UInt8(bit)
          // Of a page that is free nothing matters.
          if try check(damaged, sample, "page \(page), byte \(place), bit \(bit)") { checked += 1 }
        }
      }
    }
    #expect(checked > 300)
  }

  @Test func `Each bit of the meta pages is said, or changes nothing`() throws {
    let sample = Self.samples[1]
    let meta = try SampleFile.meta(sample.bytes)
    let older = Int(1 - meta.transaction % 2)
    for page in 0..<2 {
      for place in 0..<PageLayout.metaEnd {
        for bit in stride(from: place % 3, to: 8, by: 3) {
          // The older page made the newer by two: it is a whole snapshot too, and only what knows
          // how far the log must reach can tell.
          if page == older, place == 144, bit == 1 { continue }
          var damaged = sample.bytes
          damaged[page * meta.pageBytes + place] ^= 1 << UInt8(bit)
          _ = try check(damaged, sample, "meta page \(page), byte \(place), bit \(bit)")
        }
      }
    }
  }

  @Test func `A file that is cut off at any page is said to be`() throws {
    let sample = Self.samples[0]
    let meta = try SampleFile.meta(sample.bytes)
    for pages in 1...Int(meta.lastPage) {
      for extra in [0, 1, 100] {
        let cut = Array(sample.bytes[..<(pages * meta.pageBytes + extra)])
        #expect(throws: StoreFailure.self) { try SampleFile.meta(cut) }
      }
    }
    for length in [1, 15, 100, 4095, 4096] {
      let cut = Array(sample.bytes[..<length])
      #expect(throws: StoreFailure.self) { try SampleFile.meta(cut) }
    }
  }

  @Test func `A page of zeroes, of another place or of another file is said, or was free`() throws {
    let sample = Self.samples[0]
    let other = Self.samples[1]
    let pageBytes = try SampleFile.meta(sample.bytes).pageBytes
    let count = sample.bytes.count / pageBytes
    var said = 0
    for page in 0..<count {
      let place = page * pageBytes..<(page + 1) * pageBytes
      let swapped = (page + 1) % count
      let elsewhere = swapped * pageBytes..<(swapped + 1) * pageBytes
      var zeroed = sample.bytes
      zeroed.replaceSubrange(place, with: [UInt8](repeating: 0, count: pageBytes))
      var exchanged = sample.bytes
      exchanged.replaceSubrange(place, with: sample.bytes[elsewhere])
      exchanged.replaceSubrange(elsewhere, with: sample.bytes[place])
      var foreign = sample.bytes
      if place.upperBound <= other.bytes.count {
        foreign.replaceSubrange(place, with: other.bytes[place])
      }
      for (what, damaged) in [("zeroed", zeroed), ("exchanged", exchanged)] {
        if try check(damaged, sample, "page \(page) \(what)") { said += 1 }
      }
      // A whole page of another file may hold rows of the other file: they are lent, but the walk
      // ends in a difference of counts or of page lists, or it is a page that was free.
      if page > 1, let found = try? SampleFile.walk(foreign), found.report.isWhole {
        #expect(found.rows == sample.rows, "page \(page) of another file")
      }
    }
    #expect(said > count)
  }

  @Test func `Absurd figures are refused before anything is read for them`() throws {
    let sample = Self.samples[0]
    let meta = try SampleFile.meta(sample.bytes)
    let newest = Int(meta.transaction % 2) * meta.pageBytes
    func with(_ offset: Int, _ value: UInt64) -> [UInt8] {
      var bytes = sample.bytes
      withUnsafeBytes(of: value) { bytes.replaceSubrange(offset..<(offset + 8), with: $0) }
      return bytes
    }
    for offset in [40, 80, 88, 128, 136, 144] {
      for value in [0, 1, 1 << 40, 1 << 63, UInt64.max] {
        let damaged = with(newest + offset, value)
        if damaged == sample.bytes { continue }
        _ = try check(damaged, sample, "\(value) at \(offset)")
      }
    }
  }

  @Test func `Damage names page, table and rows`() throws {
    let sample = Self.samples[0]
    let row = try #require(sample.rows.first { $0.table == "plain" && $0.value.count > 50 })
    // Where the row stands: its key behind a node's head.
    let needle = row.key + row.value.prefix(40)
    // It stands in pages that were freed as well.
    var places: Set<Int> = []
    var damaged = sample.bytes
    for at in sample.bytes.indices.dropLast(needle.count)
    where sample.bytes[at] == needle[0] && sample.bytes[at...].starts(with: needle) {
      damaged[at + row.key.count + 3] ^= 1
      places.insert(at / 4096)
    }
    let report = try SampleFile.walk(damaged).report
    let damage = try #require(report.damages.first)
    #expect(report.damageCount == 1 && !report.isStructural)
    #expect(damage.table == "plain")
    #expect(damage.rows == "key \"\(String(decoding: row.key, as: UTF8.self))\"")
    #expect(places.contains(Int(damage.page)))
    #expect(damage.sentence.hasPrefix("page \(damage.page) (table plain, key \"key/"))
  }

  @Test func `A number that is missing is named`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(folder: folder, options: SampleFile.options)
    let numbers = environment.table("numbers")
    try environment.write { (transaction: WriteTransaction) throws in
      for number in [0, 1, 2, 4, 5, 9] as [UInt64] { try transaction.append(numbers, number, [1]) }
    }
    environment.close()
    let file = try DataFile(folder: folder)
    defer { file.close() }
    let report = try PageWalk.run(file, options: SampleFile.walkOptions)
    #expect(report.damages.map(\.rows) == ["position 3", "positions 6 to 8"])
    #expect(!report.isStructural && report.rows == 6)
  }
}

/// What is in a folder before LMDB is asked.
struct DataFileTests {
  @Test func `Missing, empty, whole and damaged are told apart`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = URL(fileURLWithPath: folder + "/data.mdb")
    #expect(try DataFile.state(folder: folder) == .missing)
    try Data().write(to: path)
    #expect(try DataFile.state(folder: folder) == .empty)
    try Data(PageWalkTests.samples[0].bytes).write(to: path)
    #expect(try DataFile.state(folder: folder) == .whole)
    try Data(PageWalkTests.samples[0].bytes.dropLast(4096)).write(to: path)
    guard case .damaged(let sentence) = try DataFile.state(folder: folder) else {
      Issue.record("a cut file is damaged")
      return
    }
    #expect(sentence.contains("the file is shorter than its last page"))
    let failure = #expect(throws: StoreFailure.self) {
      try Environment(folder: folder, options: SampleFile.options)
    }
    #expect(failure?.sentence.contains("the file is shorter than its last page") == true)
    #expect(failure?.mayRetry == false)
  }
}
