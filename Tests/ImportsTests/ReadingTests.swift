import JSON
import Messages
import Registry
import Testing

@testable import Imports

/// Files as people have them, read a chunk at a time.
struct ReadingTests {
  /// Bytes in chunks of a length.
  static func chunks(_ bytes: [UInt8], of length: Int) -> TextDecoder {
    var at = 0
    return TextDecoder {
      let end = min(at + length, bytes.count)
      defer { at = end }
      return Array(bytes[at..<end])
    }
  }

  static func all(_ bytes: [UInt8], chunk: Int = 1 << 18) throws -> [CSVRow] {
    var reader = CSVReader(chunks(bytes, of: chunk))
    var rows: [CSVRow] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  static func all(_ text: String, chunk: Int = 1 << 18) throws -> [CSVRow] {
    try all(Array(text.utf8), chunk: chunk)
  }

  static func values(
    _ text: String, chunk: Int = 1 << 18, lengthMax: Int = JSONSplitter.itemLengthMax
  ) throws -> [JSONItem] {
    var reader = JSONSplitter(
      chunks(Array(text.utf8), of: chunk), remarks: false, lengthMax: lengthMax)
    var items: [JSONItem] = []
    while let item = try reader.next() { items.append(item) }
    return items
  }

  @Test(
    arguments: [
      ([0xEF, 0xBB, 0xBF, 0x61], "a", 1), ([0xFF, 0xFE, 0x61, 0, 0xE9, 0], "aé", 1),
      ([0xFE, 0xFF, 0, 0x61, 0xD8, 0x3D, 0xDE, 0], "a😀", 1), ([0x61, 0xE9, 0x80], "aé€", 1),
      (Array("aé€".utf8), "aé€", 0), ([0x61], "a", 0),
      // One damaged letter among many does not make a file Windows-1252.
      (Array("éèê\n".utf8) + [0x61], "éèê", 0),
    ] as [([UInt8], String, Int)])
  func `Encodings are told apart, and said`(bytes: [UInt8], text: String, notes: Int) throws {
    for chunk in [1, 2, 3, 1000] {
      var reader = CSVReader(Self.chunks(bytes, of: chunk))
      #expect(try reader.next()?.cells == [text])
      #expect(reader.takeNotes().count == notes)
    }
  }

  @Test(
    arguments: [
      [0x61, 0xE9, 0x81], [0x61, 0, 0x62], [0x61, 0x1B, 0x62], Array("éü,".utf8) + [0xFF],
    ] as [[UInt8]])
  func `Bytes that are no text cost their row`(bytes: [UInt8]) throws {
    let rows = try Self.all(bytes + Array("\nwhole,row\n".utf8))
    #expect(rows.count == 2)
    #expect(rows[0].problem?.code == .malformed)
    #expect(rows[1] == CSVRow(line: 2, cells: ["whole", "row"]))
  }

  @Test(arguments: [1, 2, 7, 1000])
  func `Quotes, delimiters and line ends are met as they come`(chunk: Int) throws {
    let text = "a;b\r\n\"x;\"\"y\"\"\";\"two\nlines\"\r\n\r\nold;mac\rlast;row"
    let rows = try Self.all(text, chunk: chunk)
    #expect(
      rows.map(\.cells) == [
        ["a", "b"], ["x;\"y\"", "two\nlines"], ["old", "mac"], ["last", "row"],
      ])
    #expect(rows.map(\.line) == [1, 2, 5, 6])
  }

  @Test(arguments: [3, 1000])
  func `A file cut in the middle costs its last row`(chunk: Int) throws {
    let rows = try Self.all("a,b\n1,2\n3,\"cut,", chunk: chunk)
    #expect(rows.map { $0.problem == nil } == [true, true, false])
    #expect(rows.last?.problem?.sentence.contains("in the middle") == true)
  }

  @Test(arguments: [100, 1 << 18])
  func `A quotation mark that is never closed costs its own line`(chunk: Int) throws {
    var lines = (0..<2000).map { "\($0),name \($0),x" }
    lines[10] = "10,\"name 10,x"
    lines[1990] = "1990,\"name 1990,x"
    let rows = try Self.all(lines.joined(separator: "\n"), chunk: chunk)
    #expect(rows.filter { $0.problem != nil }.map(\.line) == [11, 1991])
    #expect(rows.count == 2000)
  }

  @Test func `A cell and a line that are too long cost their row, and little memory`() throws {
    let huge = String(repeating: "x", count: 3_000_000)
    for bad in ["1,\(huge),2", "1,\"\(huge)\",2", "\"\(huge.prefix(20_000))\""] {
      var reader = CSVReader(
        Self.chunks(Array("a,b\n\(bad)\n3,4\n".utf8), of: 4096))
      var rows: [CSVRow] = []
      while let row = try reader.next() { rows.append(row) }
      #expect(rows.map { $0.problem == nil } == [true, false, true])
      #expect(rows.last == CSVRow(line: 3, cells: ["3", "4"]))
      #expect(reader.heldMax <= CSVReader.rowLengthMax + 8192)
    }
  }

  @Test func `Remarks before the head are kept, and are no rows`() throws {
    var reader = try SheetReader(TextDecoder(Array("# licence: CC\n#source: x\ncode\n1\n".utf8)))
    #expect(reader.remarks == ["licence: CC", "source: x"])
    #expect(reader.header.names == ["code"])
    #expect(try reader.next()?["code"] == "1")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `Any split of the bytes gives the same rows and values`(seed: UInt64) throws {
    var random = Seeded(seed)
    let alphabet = Array("a\"\n\r,;é[]{}:1 ")
    let text = String((0..<200).map { _ in alphabet.randomElement(using: &random)! })
    let chunk = Int.random(in: 1..<20, using: &random)
    #expect(try Self.all(text, chunk: chunk) == Self.all(text), "seed \(seed)")
    let list = "[" + text
    func told(_ items: [JSONItem]) -> [String] {
      items.map { "\($0.line) \($0.text) \($0.problem?.sentence ?? "")" }
    }
    #expect(
      try told(Self.values(list, chunk: chunk)) == told(Self.values(list)), "seed \(seed)")
    #expect(
      try told(Self.values(text, chunk: chunk)) == told(Self.values(text)), "seed \(seed)")
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `What is spelled as CSV is read back`(seed: UInt64) throws {
    var random = Seeded(seed)
    let alphabet = Array("ab\"\n,;\té ")
    let cells = (0..<20).map { _ in
      "x" + String((0..<8).map { _ in alphabet.randomElement(using: &random)! }) + "x"
    }
    let text = "x,,,,\n" + CSV.line(cells) + "\n"
    #expect(try Self.all(text, chunk: 5).last?.cells == cells, "seed \(seed)")
  }

  @Test(arguments: [
    ("{\"a\":1}\n{\"a\":2}\n", 2), ("[{\"a\":1},{\"a\":2}]", 2), ("[]", 0), (" [ ] ", 0), ("", 0),
    ("{ \"statements\" : [ {\"a\":[1,{\"b\":\"]}\"}]} , {} ], \"more\": \"\" }", 2),
    ("[1,\"two, \\\" three\",[4],null]", 4),
  ])
  func `Lines, lists and answers of a store are read`(text: String, count: Int) throws {
    let items = try Self.values(text, chunk: 3)
    #expect(items.count == count)
    for item in items {
      #expect(item.problem == nil)
      #expect(throws: Never.self) { try JSONText(item.text.utf8) }
    }
  }

  @Test(arguments: [1, 1 << 18])
  func `Lines may end with a carriage return alone`(chunk: Int) throws {
    let text = "# a remark\r{\"a\": 1}\r\r{\"b\": \r{\"c\": 3}\r"
    var reader = JSONSplitter(Self.chunks(Array(text.utf8), of: chunk), remarks: true)
    var items: [JSONItem] = []
    while let item = try reader.next() { items.append(item) }
    #expect(items.map(\.text) == [#"{"a": 1}"#, #"{"b": "#, #"{"c": 3}"#])
    #expect(items.map(\.line) == [2, 4, 5])
    #expect(reader.takeNotes() == ["lines end with a carriage return alone"])
    // One at the end of a line that ends with a line feed is none of its own.
    #expect(try Self.values("{\"a\": 1}\r\n{\"b\": 2}\r\n", chunk: chunk).map(\.line) == [1, 2])
  }

  @Test func `What is wrong within a list costs that value`() throws {
    let deep = String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
    let text = """
      [
        {"id": 1},
        {bad},
        {"id": \(deep)},
        {"id": "never closed},
        {"id": 5,
         "more": {"id": 6}},
        {"id": 7}
      ]
      """
    let items = try Self.values(text)
    let read = items.map { $0.problem == nil && (try? JSONText($0.text.utf8)) != nil }
    #expect(read == [true, false, false, false, true, true])
    #expect(items.map(\.line) == [2, 3, 4, 5, 6, 8])
    let cut = try Self.values("[{\"id\":1},\n{\"id\":")
    #expect(cut.map { $0.problem == nil } == [true, false])
    #expect(try Self.values("[{\"id\":1},").last?.problem != nil)
  }

  @Test func `A value that never ends costs the lines to the next that begins as it did`() throws {
    let lines = (0..<500).map { at in
      at == 100 ? " {\"id\": {\"open\": 1}," : " {\"id\": \(at), \"x\": {\"y\": [1, 2]}},"
    }
    let items = try Self.values("[\n" + lines.joined(separator: "\n") + "\n]", lengthMax: 4000)
    #expect(items.count { $0.problem != nil } == 1)
    #expect(items.count { $0.problem == nil } == 499)
    #expect(items.first { $0.problem != nil }?.line == 102)
  }

  @Test func `Two hundred thousand rows are read within the memory of a few`() throws {
    var made = 0
    let source = TextDecoder {
      guard made < 200_000 else { return [] }
      let rows = (made..<(made + 500)).map { "\($0),Example \($0),\"a, \"\"b\"\"\"\n" }.joined()
      made += 500
      return Array(rows.utf8)
    }
    var reader = CSVReader(source)
    var count = 0
    while let row = try reader.next() {
      #expect(row.cells.count == 3)
      count += 1
    }
    #expect(count == 200_000)
    // A chunk, and a row that it was cut in.
    #expect(reader.heldMax < 64 << 10)
  }

  @Test func `Lines are proposals, remarks or rejections`() throws {
    let good = #"{"stream":"organisation/x","effective":"2022-01-01","organisation":{"closed":{}}}"#
    let text = "# a remark\n\(good)\n\n[1]\n{\"stream\":1}\n" + good.prefix(40)
    var reader = EventItems(TextDecoder(Array(text.utf8)))
    var items: [EventItems.Item] = []
    while let item = try reader.next() { items.append(item) }
    #expect(items.map(\.line) == [2, 4, 5, 6])
    let item = try items[0].item.get()
    let proposal = try Codec.decode(Proposal.self, from: item.proposal)
    #expect(proposal.stream.text == "organisation/x")
    for item in items.dropFirst() {
      #expect(throws: Rejection.self) { try item.item.get() }
    }
    guard case .failure(let cut) = items[3].item else { return }
    #expect(cut.sentence.contains("in the middle of a row"))
    var list = EventItems(TextDecoder(Array("[\(good),\(good)]".utf8)))
    #expect(try list.next()?.item.get() == item)
  }
}
