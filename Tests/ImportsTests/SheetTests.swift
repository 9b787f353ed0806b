import Messages
import Registry
import Testing

@testable import Imports

/// Files as people have them.
struct SheetTests {
  @Test(arguments: [
    ("2022-06-30", "2022-06-30"), ("30/06/2022", "2022-06-30"), ("1/2/2022", "2022-02-01"),
    ("30.06.2022", "2022-06-30"), ("30-06-2022", "2022-06-30"), ("06/30/2022", nil),
    ("31/06/2022", nil), ("2022-02-30", nil), ("30/06/22", nil), ("yesterday", nil), ("", nil),
  ])
  func `A day is read or refused, never guessed`(text: String, expected: String?) {
    #expect((try? SheetDay.parse(text))?.text == expected)
  }

  @Test(arguments: SheetKind.allCases)
  func `A template is read as what it is for`(kind: SheetKind) throws {
    var sheet = try SheetReader(TextDecoder(Array(kind.template.utf8)), for: SheetKind.allCases)
    #expect(try sheet.recogniseKind() == kind)
    #expect(try sheet.next() != nil)
    #expect(try sheet.next() == nil)
    #expect(sheet.takeNotes().isEmpty)
  }

  @Test(arguments: MapTemplate.all.map(\.name))
  func `A map's template is read without a problem`(name: String) throws {
    let template = try #require(MapTemplate.named(name))
    var sheet = try SheetReader(TextDecoder(Array(template.utf8)))
    switch name {
    case "identities": #expect(try IdentityMap(&sheet).problems.isEmpty)
    case "activities": #expect(try ActivityMap(&sheet).problems.isEmpty)
    case "framework": #expect(try FrameworkFile(Array(template.utf8)).rows.count == 1)
    default:
      let file = try CrosswalkFile(TextDecoder(Array(template.utf8)), from: Identifier("ict")!)
      #expect(file.entries.count == 1)
    }
  }

  @Test func `Columns that are not known, or twice there, are said`() throws {
    func reader(_ text: String) throws -> SheetReader {
      try SheetReader(TextDecoder(Array(text.utf8)))
    }
    var unknown = try reader("x,y\n1,2")
    #expect(throws: FileFormatFailure.self) { try unknown.recogniseKind() }
    #expect(throws: FileFormatFailure.self) { try reader("") }
    let head = "certificate_no,issuer,personnel_no,course,awarded_on"
    #expect(throws: FileFormatFailure.self) { try reader(head + ",Issuer\n") }
    var extra = try reader(head + ",shoe size\n")
    #expect(try extra.recogniseKind() == .credentials)
    #expect(extra.takeNotes().count == 1)
  }

  static let cohort = Cohort(
    status: .planned, since: Since(day: Day("2022-01-01")!),
    terms: CohortTerms(
      course: Identifier("c")!, edition: 1, organisation: Identifier("heta")!,
      starts: Day("2022-01-10")!, ends: Day("2022-06-30")!))

  static func chain(_ row: String, officer: String? = "o1") throws -> [Proposal] {
    let head = "personnel_no,course,cohort,completed_on,result,score,certificate_no,award\n"
    var (sheet, _) = try SheetHeadTests.opened(head + row)
    return try SheetKind.completions.proposals(
      for: try #require(try sheet.next()),
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
}
