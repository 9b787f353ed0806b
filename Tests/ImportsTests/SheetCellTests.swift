import Messages
import Registry
import Testing

@testable import Imports

/// Cells as people fill them in.
struct SheetCellTests {
  @Test(arguments: [
    ("2024-06-30 00:00:00", "2024-06-30"), ("2024-06-30T00:00:00", "2024-06-30"),
    ("2024-06-30T21:30:00+03:00", "2024-06-30"),
    ("2024/06/30", "2024-06-30"), ("2024-6-3", "2024-06-03"), ("20240630", "2024-06-30"),
    ("30-Jun-2024", "2024-06-30"), ("30 June 2024", "2024-06-30"), ("June 30, 2024", "2024-06-30"),
    ("Sunday, 30 June 2024, 2:05 PM", "2024-06-30"), ("30th June 2024", "2024-06-30"),
    ("1er août 2024", "2024-08-01"), ("dimanche 30 juin 2024", "2024-06-30"),
    ("15 févr. 2024", "2024-02-15"), ("Jumapili, 30 Juni 2024", "2024-06-30"),
    ("3 Agosti 2024", "2024-08-03"), ("12 Desemba 2024", "2024-12-12"),
    // Whose day it is here, nobody can tell.
    ("2024-06-30T21:30:00Z", nil), ("30-Jun-24", nil), ("30 Brumaire 2024", nil), ("45473", nil),
    ("31 June 2024", nil), ("20241340", nil), ("30 June", nil), ("June 2024", nil),
  ])
  func `A day is read under a weekday, before a time, and by its month's name`(
    text: String, expected: String?
  ) {
    #expect((try? SheetDay.parse(text))?.text == expected)
    #expect((try? SheetDay.parse(text, .monthFirst))?.text == expected)
  }

  @Test func `Days in numbers are as the file has them`() throws {
    #expect(try SheetDay.parse("03/04/2024").text == "2024-04-03")
    #expect(try SheetDay.parse("03/04/2024", .monthFirst).text == "2024-03-04")
    #expect(try SheetDay.parse("30/06/2024 14:05").text == "2024-06-30")
    #expect(try SheetDay.parse("06/30/2024 2:05 pm", .monthFirst).text == "2024-06-30")
    #expect(throws: Rejection.self) { try SheetDay.parse("25/12/2024", .monthFirst) }
    #expect { try SheetDay.parse("45473") } throws: {
      ($0 as? Rejection)?.sentence.contains("format the column as dates") ?? false
    }
  }

  static func sheet(_ head: String, _ rows: String) throws -> [SheetRow] {
    var (sheet, _) = try SheetHeadTests.opened(head + "\n" + rows + "\n")
    var all: [SheetRow] = []
    while let row = try sheet.next() { all.append(row) }
    return all
  }

  static let head = "personnel_no,name,course,cohort,completed_on,result,score,certificate_no"

  static func first(_ number: String, score: String = "", certificate: String = "") throws
    -> SheetRow
  {
    try #require(
      try sheet(head, "\(number),X,c,k,2022-06-30,passed,\(score),\(certificate)").first)
  }

  @Test(arguments: [
    ("=\"2022-000009\"", "2022-000009"), ("\"=\"\"2022-000010\"\"\"", "2022-000010"),
    ("'2022-000011", "2022-000011"), (" 2022-000012\u{A0}", "2022-000012"), ("N/A", nil),
    ("#N/A", nil), ("0", nil), ("-", nil), ("None", nil), ("TBC", nil),
  ])
  func `A number is what is meant, and N/A is none`(cell: String, expected: String?) throws {
    #expect(try Self.first(cell)["personnel_no"] == expected)
    #expect(try Self.first("1", certificate: cell)["certificate_no"] == expected)
  }

  @Test func `A name is left as it is, and so is what another file's cell says`() throws {
    let rows = try Self.sheet(
      Self.head, "1,'Akida,c,k,2022-06-30,passed,,\n2,None,c,k,2022-06-30,passed,,")
    #expect(rows.map { $0["name"] } == ["'Akida", "None"])
    var map = try SheetReader(TextDecoder(Array("home_page,account\n=\"x\",N/A\n".utf8)))
    let row = try #require(try map.next())
    #expect(row["home_page"] == "=\"x\"" && row["account"] == "N/A")
  }

  @Test func `A number that a spreadsheet has shortened is refused by its column`() throws {
    for cell in ["1.23E+05", "\"2,022E+9\"", "2E5"] {
      #expect { try Self.first(cell).number("personnel_no") } throws: {
        guard let why = $0 as? Rejection else { return false }
        return why.field == "personnel_no" && why.sentence.contains("format the column as text")
      }
    }
    #expect(try Self.first("HETA/2E5").number("personnel_no") == "HETA/2E5")
    #expect { try SheetTests.chain("1,c,k,2022-06-30,passed,,1.23E+05,") } throws: {
      ($0 as? Rejection)?.field == "certificate_no"
    }
  }

  @Test(
    arguments: [
      ("85", 8500), ("85%", 8500), ("85 %", 8500), ("\"71,5\"", 7150), ("85.005", 8501), ("0", 0),
      ("100", 10_000), ("0x50", nil), ("8E+1", nil), ("17/20", nil), ("101", nil), ("-5", nil),
      ("nan", nil), ("inf", nil), ("1.2.3", nil),
    ] as [(String, UInt32?)])
  func `A score is a number from 0 to 100, written as a number is`(
    cell: String, expected: UInt32?
  ) throws {
    let row = try Self.first("1", score: cell)
    #expect((try? row.score("score")) ?? nil == expected)
  }

  @Test(arguments: [("0.85", 1), ("1", 1), ("1.000", 1), ("0.85%", 1), ("85", 0), ("", 0)])
  func `Passed with one of a hundred is doubted`(score: String, count: Int) throws {
    let row = try Self.first("1", score: score)
    #expect(SheetKind.completions.doubts(about: row, registered: nil).count == count)
  }

  @Test(arguments: [
    ("Achieng Example", 0), ("Dr. ACHIENG O.", 0), ("Áchieng", 0), ("Quite Another Person", 1),
    ("A.", 0), ("", 0),
  ])
  func `A name without a word of the registered one is doubted`(name: String, count: Int) throws {
    let row = try #require(
      try Self.sheet(Self.head, "1,\(name),c,k,2022-06-30,passed,70,").first)
    let doubts = SheetKind.completions.doubts(about: row, registered: "Example Achieng")
    #expect(doubts.map(\.code) == [String](repeating: "other_name", count: count))
  }

  @Test(
    arguments: [
      ("failed", "", 0, true), ("dropped", "", 0, true), ("Completed", "59", 6000, true),
      ("Completed", "60", 6000, false), ("passed", "12", 6000, false),
    ] as [(String, String, UInt32, Bool)])
  func `A certificate of what was not completed is doubted`(
    result: String, score: String, passMark: UInt32, expected: Bool
  ) throws {
    let row = try #require(
      try Self.sheet(Self.head, "1,X,c,k,2022-06-30,\(result),\(score),N1").first)
    let doubts = SheetKind.completions.doubts(about: row, registered: nil, passMark: passMark)
    #expect(doubts.map(\.code) == (expected ? ["certificate_not_issued"] : []))
  }

  @Test(arguments: [
    ("Murang'a", "county", "muranga"), ("Murang\u{2019}a", "county", "muranga"),
    ("Muranga", "county", "muranga"), ("Elgeyo/Marakwet", "county", "elgeyo-marakwet"),
    ("Elgeyo-Marakwet", "county", "elgeyo-marakwet"),
    ("Tharaka - Nithi", "county", "tharaka-nithi"),
    ("Taita\u{2013}Taveta", "county", "taita-taveta"), ("Nairobi City", "county", "nairobi"),
    ("NAIROBI CITY COUNTY", "county", "nairobi"), ("Kaunti ya Homa Bay", "county", "homa-bay"),
    ("IT/IS", "cadre", "it-is"), ("Research & Development", "cadre", "research-and-development"),
    ("President & CEO", "position", "president-and-ceo"),
    ("ICT-Officer", "position", "ict-officer"),
    ("Sr. DBA", "position", "sr.-dba"), ("J", "grade", "J"),
    ("Example Ministry", "organisation", "example-ministry"),
    // In a map of another system a code is a code.
    ("IT/IS", "skill", nil), ("***", "county", nil),
  ])
  func `A code is made of the words that people write`(
    text: String, column: String, expected: String?
  ) {
    #expect(WrittenCode.identifier(text, in: column)?.text == expected)
  }

  @Test func `One number in two spellings is one`() {
    let keys = Set(
      ["KE 2022-000241", "ke2022-000241", "KE2022\u{2013}000241", "Ke 2022\u{200B}000241"]
        .map { NumberKey($0) })
    #expect(keys.count == 1)
    #expect(NumberKey("2022-000241") != NumberKey("2022-000242"))
  }
}
