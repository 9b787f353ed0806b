import Testing

@testable import Imports

/// Files of JSON as stores and people make them.
struct JSONShapeTests {
  static func read(
    _ text: String, chunk: Int
  ) throws -> (items: [JSONItem], notes: [String], isList: Bool, isOnOneLine: Bool) {
    var reader = JSONSplitter(
      ReadingTests.chunks(Array(text.utf8), of: chunk), remarks: true)
    var items: [JSONItem] = []
    while let item = try reader.next() { items.append(item) }
    return (items, reader.takeNotes(), reader.isList, reader.isOnOneLine)
  }

  @Test(
    arguments: [
      ("{\"more\": \"\", \"statements\": [{\"id\":1},{\"id\":2}]}", 2, 0),
      (
        "{\n \"more\": \"/x?cursor=a\",\n \"statements\": [\n {\"id\":1},\n {\"id\":2}\n ]\n}\n", 2,
        1
      ),
      ("{\"statements\":[{\"id\":1}],\"more\":\"/x\"}", 1, 1),
      ("{\"statements\":[{\"id\":1}],\"more\":\"\"}", 1, 0),
      ("{\"statements\":[],\"more\":\"\"}", 0, 0), ("[]", 0, 0),
      ("{\"data\":{\"page\":3,\"list\":[1,[2]],\"statements\":[{\"a\":\"]\"},{}]}}", 2, 0),
      ("{\"data\":[{\"id\":1},{\"id\":2},{\"id\":3}]}", 3, 0),
      // By itself, as somebody copied it.
      ("{\n  \"id\": 1,\n  \"actor\": {\n    \"statements\": [1]\n  }\n}\n", 1, 0),
      ("{\n\"id\": 1\n}\n{\n\"id\": 2\n}", 2, 0), ("{\n\"id\": 1\n},\n{\n\"id\": 2\n}\n", 2, 0),
      // One a line.
      ("{\"id\":1}\n{\"id\":2}\n", 2, 0), ("{\"actor\":{\"statements\":[1]}}\n", 1, 0),
      ("{\"proposal\":{\"data\":[1,2]}}\n", 1, 0), ("{\"a\":1}", 1, 0),
    ])
  func `The list is found wherever it stands, and what is no list is read as it stands`(
    text: String, count: Int, notes: Int
  ) throws {
    for chunk in [1, 7, 1 << 18] {
      let got = try Self.read(text, chunk: chunk)
      #expect(got.items.count == count)
      #expect(got.items.allSatisfy { $0.problem == nil })
      #expect(got.notes.count == notes)
    }
  }

  @Test func `A line that was cut costs itself, and not those after it`() throws {
    let got = try Self.read("{\"id\":1,\"actor\":{\n{\"id\":2}\n{\"id\":3}\n", chunk: 5)
    #expect(got.items.map(\.line) == [1, 2, 3])
  }

  @Test func `Items of one line are numbered, and those of many are known by their lines`() throws {
    let one = try Self.read("[{\"id\":1}, {\"id\":2}, {\"id\":3}]\n", chunk: 3)
    #expect(one.items.map(\.line) == [1, 2, 3])
    #expect(one.isOnOneLine && one.isList)
    let many = try Self.read("[\n{\"id\":1},\n\n{\"id\":2}\n]", chunk: 3)
    #expect(many.items.map(\.line) == [2, 4])
    #expect(!many.isOnOneLine)
  }
}
