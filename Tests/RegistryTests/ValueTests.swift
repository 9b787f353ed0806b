import Testing

@testable import Registry

@Suite struct DayTests {
  @Test(
    arguments: [
      1000_01_01, 1900_02_28, 2000_02_29, 2024_02_29, 2023_12_31, 2024_04_30, 9999_12_31,
    ] as [UInt32])
  func `A day that exists is read from its number and its text`(number: UInt32) throws {
    let day = try #require(Day(yyyymmdd: number))
    #expect(day.number == number)
    #expect(Day(day.text) == day)
    #expect(Day(year: day.year, month: day.month, day: day.day) == day)
  }

  @Test(
    arguments: [
      0, 1, 999_12_31, 1900_02_29, 2023_02_29, 2024_02_30, 2024_04_31, 2024_00_10, 2024_13_01,
      2024_01_00, 2024_01_32, 10000_01_01, .max,
    ] as [UInt32])
  func `A day that does not exist is none`(number: UInt32) { #expect(Day(yyyymmdd: number) == nil) }

  @Test(arguments: [
    "", "2024-2-03", "2024-02-3", "20240203", "2024/02/03", "2024-02-30", "0999-01-01",
    "2024-02-03 ", " 2024-02-03", "2024-02-0x", "+024-02-03", "2024-02-03T00", "２024-02-03",
  ])
  func `Text that is no day is none`(text: String) { #expect(Day(text) == nil) }

  @Test func `Days are counted one by one over four centuries`() throws {
    var day = try #require(Day("1799-12-31"))
    var ordinal = day.ordinal
    while day < Day("2200-01-01")! {
      let next = try #require(Day(ordinal: ordinal + 1))
      #expect(next > day && next.ordinal == ordinal + 1)
      let follows =
        next.day == day.day + 1 && next.month == day.month
        || next.day == 1 && (next.month == day.month + 1 || next.month == 1 && day.month == 12)
      guard follows else { return #expect(follows, "\(day.text) \(next.text)") }
      (day, ordinal) = (next, ordinal + 1)
    }
    #expect(Day("1970-01-01")?.ordinal == 0)
    #expect(Day("2000-03-01")?.ordinal == 11_017)
  }

  @Test func `Adding days stops at the first and the last day`() {
    #expect(Day("2024-02-28")!.adding(days: 2) == Day("2024-03-01"))
    #expect(Day("2024-03-01")!.adding(days: -1) == Day("2024-02-29"))
    #expect(Day("2024-12-04")!.adding(days: 0) == Day("2024-12-04"))
    #expect(Day.distantFuture.adding(days: 1) == .distantFuture)
    #expect(Day.distantPast.adding(days: -1) == .distantPast)
  }
}

@Suite struct IdentifierTests {
  @Test func `Just the letters, digits and signs of identifiers are allowed`() {
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:@+~-".utf8)
    #expect(allowed.count == 69)
    for byte in UInt8.min...UInt8.max {
      let text = String(Unicode.Scalar(byte))
      #expect((Identifier(text) != nil) == (byte < 0x80 && allowed.contains(byte)), "\(byte)")
    }
  }

  @Test func `An identifier has 1 to 64 bytes`() {
    for count in [0, 1, 63, 64, 65, 1000] {
      let text = String(repeating: "a", count: count)
      #expect((Identifier(text)?.text == text) == (1...64).contains(count))
    }
  }

  @Test(arguments: ["é", "a b", "a/b", "a\u{0}", "a\n", "ａ", "a\u{301}"])
  func `Text of any other kind is no identifier`(text: String) { #expect(Identifier(text) == nil) }
}

@Suite struct StreamIDTests {
  @Test(arguments: StreamKind.allCases) func `A stream's name is its kind and its key`(
    kind: StreamKind
  ) throws {
    let key = Identifier("k-1")
    let stream = StreamID(kind, key)
    #expect(stream.text == "\(kind.rawValue)/k-1")
    #expect(StreamID(stream.text) == stream)
  }

  @Test(arguments: [
    "", "/", "officer", "officer/", "/a", "house/1", "Officer/1", "officer/a/b", "officer /a",
  ])
  func `Text that is no stream is none`(text: String) { #expect(StreamID(text) == nil) }
}

@Suite struct EventIDTests {
  @Test func `An event id has 16 bytes and reads as a UUID`() throws {
    let id = try #require(EventID(bytes: Array(0xF0...0xFF) as [UInt8]))
    #expect(id.bytes == Array(0xF0...0xFF))
    #expect(id.text == "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff")
    #expect(EventID(id.text) == id)
    #expect(EventID(id.text.uppercased()) == id)
    #expect(EventID(id.text.filter { $0 != "-" }) == id)
    for count in [0, 15, 17] { #expect(EventID(bytes: [UInt8](repeating: 0, count: count)) == nil) }
  }

  @Test(arguments: [
    "", "f0f1", "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfef", "f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff0",
    "f0f1f2f3f4f5-f6f7-f8f9-fafbfcfdfeff", "f0f1f2f3-f4f5f6f7f8f9fafbfcfdfeff",
    "{f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff}", "g0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff",
    "f0f1f2f3_f4f5_f6f7_f8f9_fafbfcfdfeff", "-0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff",
  ])
  func `Text that is no UUID is none`(text: String) { #expect(EventID(text) == nil) }

  @Test func `Event ids sort as their bytes do`() {
    let ids = [[0, 1], [0, 2], [1, 0], [255, 0]].map {
      EventID(bytes: $0.map { UInt8($0) } + [UInt8](repeating: 0, count: 14))!
    }
    #expect(ids.shuffled().sorted() == ids)
  }
}
