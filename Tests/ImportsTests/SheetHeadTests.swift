import Registry
import Testing

@testable import Imports

/// Head lines as people have them.
struct SheetHeadTests {
  static func opened(
    _ text: String, _ kinds: [SheetKind] = SheetKind.allCases, map: [String: String] = [:]
  ) throws -> (sheet: SheetReader, kind: SheetKind) {
    var reading = SheetReading()
    for (head, column) in map { reading.add(head: head, column: column) }
    var sheet = try SheetReader(TextDecoder(Array(text.utf8)), for: kinds, reading)
    let kind = try sheet.recogniseKind()
    return (sheet, kind)
  }

  static func cells(_ text: String, _ columns: String...) throws -> [[String?]] {
    var (sheet, _) = try opened(text)
    var rows: [[String?]] = []
    while let row = try sheet.next() { rows.append(columns.map { row[$0] }) }
    return rows
  }

  static let row = "2022-000001,Example Achieng,c,k,2022-06-30,passed"

  @Test(arguments: [
    "personnel_no,name,course,cohort,completed_on,result",
    "Personnel\u{A0}No,Name,Course *,Cohort,\"Completed\n On\",Result ",
    "Personnel  No,NAME,Course,COHORT,Completed-On,Result",
    "\u{FEFF}\u{FEFF}Personnel No.,Name,Course,Cohort,Date Completed,Result",
    "Staff Number,Full Name,Course Code,Class,Completion Date (DD/MM/YYYY),Status",
    "Matricule,Nom complet,Cours,Cohorte,Date d'achèvement,Résultat",
    "Nambari ya mtumishi,Jina kamili,Kozi,Darasa,Tarehe ya kumaliza,Matokeo",
    "Personnel #,Name,Course,Cohort,Completed On,Result",
  ])
  func `A head is known in spite of marks and spaces, and in three languages`(head: String) throws {
    let (sheet, kind) = try Self.opened(head + "\n" + Self.row + "\n")
    #expect(kind == .completions)
    #expect(
      sheet.header.names
        == ["personnel_no", "name", "course", "cohort", "completed_on", "result"])
  }

  @Test func `A head of officers and one of certificates is known by what people call it`() throws {
    let officers =
      "Payroll No,ID Number,Nom et prénom,Ministère,Designation,Job Group,Kaunti,"
      + "Date of Appointment\n"
    let (people, kind) = try Self.opened(officers)
    #expect(kind == .officers)
    #expect(
      people.header.names == [
        "personnel_no", "national_id", "name", "organisation", "position", "grade", "county",
        "posted_on",
      ])
    let papers = "Certificate Number,Awarding Body,PF No,Course,Date of Issue,Status,Revoked On\n"
    let (certificates, other) = try Self.opened(papers)
    #expect(other == .credentials)
    #expect(certificates.header.names.last == "revoked_on")
  }

  @Test func `A head that begins with # is a head, and a remark that begins with # is none`() throws
  {
    let head = "personnel_no,name,course,cohort,completed_on,result"
    for text in [
      "#,\(head)\n1,\(Self.row)\n", "#\(head)\n\(Self.row)\n",
      "#TYPE System.Management.Automation.PSCustomObject\n\"\(head.replacing(",", with: "\",\""))\"\n\(Self.row)\n",
    ] {
      #expect(
        try Self.cells(text, "personnel_no", "result") == [["2022-000001", "passed"]], "\(text)")
    }
  }

  @Test func `What separates cells is as the first line says`() throws {
    let text =
      "sep=|\npersonnel_no|name|course|cohort|completed_on|result\n"
      + Self.row.replacing(",", with: "|") + "\n"
    #expect(try Self.cells(text, "cohort") == [["k"]])
    let semicolons =
      "\"sep=;\"\r\npersonnel_no;name;course;cohort;completed_on;result\r\n"
      + Self.row.replacing(",", with: ";") + "\r\n"
    #expect(try Self.cells(semicolons, "cohort") == [["k"]])
  }

  @Test func `Titles above the head and a total under the table are left out, and said`() throws {
    let text = """
      Example centre: completions; second quarter,,,,,
      Prepared by: registrar,,,,,
      ,,,,,
      personnel_no,name,course,cohort,completed_on,result
      \(Self.row)
      Total: 1,,,,,

      """
    var (sheet, _) = try Self.opened(text)
    #expect(try sheet.next()?.line == 5)
    #expect(try sheet.next() == nil)
    let notes = sheet.takeNotes()
    #expect(
      notes.contains { $0.contains("the head is on line 4") && $0.contains("Example centre") })
    #expect(notes.contains { $0.contains("line 6 is a total") })
    // A title without the table's separators says nothing of them.
    let bare =
      "Completions of June\n" + text.split(separator: "\n").dropFirst(2).joined(separator: "\n")
    #expect(try Self.cells(bare, "cohort") == [["k"]])
  }

  @Test func `Of a head that is not whole the line and what it lacks are named`() {
    let text = "Completions,,,\npersonnel_no,course,completed_on,result\n1,c,2022-06-30,passed\n"
    #expect { try Self.opened(text) } throws: {
      let sentence = ($0 as? FileFormatFailure)?.sentence ?? ""
      return sentence.contains("Line 2 looks like the head, but for cohort")
    }
  }

  @Test func `A near head is suggested, and what it is said to be is what it is`() throws {
    let text = "personnel_no,course,cohrt,completed_on,result\n1,c,k,2022-06-30,passed\n"
    #expect { try Self.opened(text) } throws: {
      ($0 as? FileFormatFailure)?.sentence.contains(
        "The column cohort is missing. Did you mean \"cohrt\"? Then say --map 'cohrt=cohort'.")
        ?? false
    }
    #expect(try Self.opened(text, map: ["Cohrt": "cohort"]).kind == .completions)
    let other = "personnel_no,course,Kikundi,completed_on,result\n1,c,k,2022-06-30,passed\n"
    #expect { try Self.opened(other) } throws: {
      ($0 as? FileFormatFailure)?.sentence.contains("--map 'HEAD=cohort'") ?? false
    }
    // Said of a column that another kind of sheet has, it says nothing of this one.
    let (sheet, _) = try Self.opened(text, map: ["cohrt": "cohort", "result": "county"])
    #expect(sheet.header.names.last == "result")
    let near = "personnel_no,course,cohort,completed_on,result,scor\n1,c,k,2022-06-30,passed,70\n"
    var (read, _) = try Self.opened(near)
    #expect(read.takeNotes().contains { $0.contains("did you mean score?") })
  }

  @Test func `What stands beyond the head is nothing where it is empty`() throws {
    let head = "personnel_no,name,course,cohort,completed_on,result\n"
    let rows = try Self.cells(
      head + Self.row + ",,,\n" + Self.row + ",x\n,,,,,,,,\n", "personnel_no")
    #expect(rows.count == 2)
    var (sheet, kind) = try Self.opened(head + Self.row + ",,,\n" + Self.row + ",x\n")
    #expect(kind.problem(of: try #require(try sheet.next())) == nil)
    #expect(kind.problem(of: try #require(try sheet.next()))?.sentence.contains("7 cells") ?? false)
  }

  @Test(
    arguments: [
      ([0x50, 0x4B, 0x03, 0x04] + Array("….[Content_Types].xml".utf8), "Excel (.xlsx)"),
      (
        [0x50, 0x4B, 0x03, 0x04]
          + Array("…mimetypeapplication/vnd.oasis.opendocument.spreadsheet".utf8), "(.ods)"
      ),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "(.xls)"), (Array("%PDF-1.7".utf8), "a PDF"),
      ([0x1F, 0x8B, 8], "gunzip"), (Array("<html><table>".utf8), "a page"),
    ] as [([UInt8], String)])
  func `A workbook is told by its signature, with the way out`(bytes: [UInt8], said: String) {
    #expect { try SheetReader(TextDecoder(bytes), for: SheetKind.allCases) } throws: {
      ($0 as? FileFormatFailure)?.sentence.contains(said) ?? false
    }
  }
}
