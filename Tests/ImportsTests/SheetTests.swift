import Messages
import Registry
import Testing

@testable import Imports

/// Files as people have them.
struct SheetTests {
  @Test func `Encodings are told apart, and said`() throws {
    #expect(try TextFile([0xEF, 0xBB, 0xBF, 0x61]).text == "a")
    #expect(try TextFile([0xFF, 0xFE, 0x61, 0, 0xE9, 0]).text == "aé")
    let windows = try TextFile([0x61, 0xE9, 0x80])
    #expect(windows.text == "aé€")
    #expect(windows.notes.count == 1)
    #expect(throws: FileProblem.self) { try TextFile([0x61, 0xE9, 0x81]) }
  }

  @Test(arguments: [
    ("2022-06-30", "2022-06-30"), ("30/06/2022", "2022-06-30"), ("1/2/2022", "2022-02-01"),
    ("30.06.2022", "2022-06-30"), ("30-06-2022", "2022-06-30"), ("06/30/2022", nil),
    ("31/06/2022", nil), ("2022-02-30", nil), ("30/06/22", nil), ("yesterday", nil), ("", nil),
  ])
  func `A day is read or refused, never guessed`(text: String, expected: String?) {
    #expect((try? SheetDay.parse(text))?.text == expected)
  }

  @Test func `Quotes, delimiters and line ends are met as they come`() throws {
    let csv = try CSV("a;b\r\n\"x;\"\"y\"\"\";\"two\nlines\"\r\n\r\nlast;row")
    #expect(csv.delimiter == ";")
    #expect(csv.rows.map(\.cells) == [["a", "b"], ["x;\"y\"", "two\nlines"], ["last", "row"]])
    #expect(csv.rows.map(\.line) == [1, 2, 5])
    #expect(try CSV("a,b\n\"cut,").rows.last!.isCut)
  }

  @Test(arguments: SheetKind.allCases)
  func `A template is read as what it is for`(kind: SheetKind) throws {
    let sheet = try Sheet(Array(kind.template.utf8))
    #expect(sheet.kind == kind)
    #expect(sheet.rows.count == 1)
    #expect(sheet.notes.isEmpty)
  }

  @Test func `Columns that are not known, or twice there, are said`() throws {
    #expect(throws: FileProblem.self) { try Sheet(Array("x,y\n1,2".utf8)) }
    #expect(throws: FileProblem.self) { try Sheet([]) }
    let head = "certificate_no,issuer,personnel_no,course,awarded_on"
    #expect(throws: FileProblem.self) { try Sheet(Array((head + ",Issuer\n").utf8)) }
    #expect(try Sheet(Array((head + ",shoe size\n").utf8)).notes.count == 1)
  }

  static let cohort = Cohort(
    status: .planned, since: Since(day: Day("2022-01-01")!),
    terms: CohortTerms(
      course: Identifier("c")!, edition: 1, organisation: Identifier("heta")!,
      starts: Day("2022-01-10")!, ends: Day("2022-06-30")!))

  static func chain(_ row: String, officer: String? = "o1") throws -> [Proposal] {
    let head = "personnel_no,course,cohort,completed_on,result,score,certificate_no,award\n"
    let sheet = try Sheet(Array((head + row).utf8))
    return try sheet.proposals(
      for: sheet.rows[0],
      RowContext(
        officer: officer.flatMap { Identifier($0) }, cohort: cohort, scheme: Identifier("pn")!,
        source: Source(system: Identifier("heta")!)))
  }

  @Test(arguments: [
    ("1,c,k,2022-06-30,passed,70,N1,", ["nominated", "enrolled", "completed", "issued"]),
    ("1,c,k,2022-06-30,Merit,,,", ["nominated", "enrolled", "completed"]),
    ("1,c,k,2022-06-30,merit,,,best", ["nominated", "enrolled", "completed", "award_conferred"]),
    ("1,c,k,30/06/2022,failed,,,", ["nominated", "enrolled", "not_completed"]),
  ])
  func `A row becomes its chain`(row: String, names: [String]) throws {
    let chain = try Self.chain(row)
    let got = chain.map { proposal -> String in
      switch proposal.body {
      case .enrolment(let event): event.name
      case .credential(let event): event.name
      default: "?"
      }
    }
    #expect(got == names)
    #expect(Set(chain.map(\.eventID)).count == chain.count)
  }

  @Test(arguments: [
    ("1,c,k,2022-06-30,perhaps,,,", "result"), ("1,c,k,2022-06-31,passed,,,", "completed_on"),
    ("1,c,k,2022-06-30,passed,101,,", "score"), ("1,x,k,2022-06-30,passed,,,", "course"),
    ("1,,k,2022-06-30,passed,,,", "course"), ("1,c!,k,2022-06-30,passed,,,", "course"),
  ])
  func `A bad cell is named by its column`(row: String, column: String) {
    #expect { try Self.chain(row) } throws: { ($0 as? Rejection)?.field == column }
  }

  @Test func `An unknown officer is a rejection that says what to do`() {
    #expect { try Self.chain("9,c,k,2022-06-30,passed,,,", officer: nil) } throws: {
      ($0 as? Rejection)?.sentence.contains("record the officer first") ?? false
    }
  }

  @Test func `Ids follow from the key columns, not from the line`() throws {
    let a = try Self.chain("1,c,k,2022-06-30,passed,70,N1,")
    let b = try Self.chain("1,c,k,2022-06-30,passed,70,N1,")
    #expect(a == b)
    let other = try Self.chain("1,c,k,2022-06-30,passed,70,N1,", officer: "o2")
    #expect(Set(a.map(\.eventID)).isDisjoint(with: other.map(\.eventID)))
    #expect(DerivedID.event("x").bytes[6] >> 4 == 5)
  }

  @Test func `Lines are proposals, remarks or rejections`() throws {
    let good = #"{"stream":"organisation/x","effective":"2022-01-01","organisation":{"closed":{}}}"#
    let text = "# a remark\n\(good)\n\n[1]\n{\"stream\":1}\n" + good.prefix(40)
    let lines = try EventLines(Array(text.utf8)).lines
    #expect(lines.map(\.number) == [2, 4, 5, 6])
    guard case .success(let item) = lines[0].item else {
      Issue.record("a good line was refused")
      return
    }
    let proposal = try Codec.decode(Proposal.self, from: item.proposal)
    #expect(proposal.stream.text == "organisation/x")
    for line in lines.dropFirst() {
      #expect(throws: Rejection.self) { try line.item.get() }
    }
    #expect(throws: FileProblem.self) { try EventLines(Array("\n\n".utf8)) }
  }
}
