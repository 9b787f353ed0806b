import Registry
import Testing

@testable import Imports

/// What a sheet says as a whole.
struct SheetJudgementTests {
  static func judged(_ text: String) throws -> SheetJudgement {
    let (sheet, kind) = try SheetHeadTests.opened(text)
    var (rows, judgement) = (sheet, SheetJudgement(kind, sheet))
    while let row = try rows.next() { judgement.note(row) }
    return judgement
  }

  static let head = "personnel_no,name,course,cohort,completed_on,result,score,valid_until\n"

  /// A sheet with these days, one a row.
  static func days(_ days: [String]) throws -> SheetJudgement {
    try judged(head + days.map { "1,X,c,k,\($0),passed,70,\n" }.joined())
  }

  static func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return (error as? FileFormatFailure)?.sentence ?? "\(error)"
    }
  }

  @Test(arguments: [
    (["03/04/2024", "12/11/2024", "06/30/2024"], DayOrder.monthFirst),
    (["4/1/2023", "12/21/2022", "6/4/2023"], .monthFirst),
    (["03/04/2024", "30/06/2024"], .dayFirst), (["05/05/2024", "2024-06-30"], .dayFirst),
    (["2024-06-30"], .dayFirst), (["30 June 2024", "03/03/2024"], .dayFirst), ([], .dayFirst),
  ])
  func `One day that can only be so says how all are written`(
    days: [String], expected: DayOrder
  ) throws {
    let judgement = try Self.days(days)
    #expect(try judgement.order(said: nil) == expected)
    let notes = judgement.notes(expected, said: nil)
    #expect(notes.contains { $0.contains("month first") } == (expected == .monthFirst))
  }

  @Test func `What nothing decides is asked, with what to say`() throws {
    let judgement = try Self.days(["03/04/2024", "2024-06-30", "01/02/2024"])
    let said = Self.sentence { _ = try judgement.order(said: nil) }
    #expect(said.contains("\"03/04/2024\" on line 2") && said.contains("--days month-first"))
    #expect(said.contains("nothing was recorded"))
    for order in DayOrder.allCases { #expect(try judgement.order(said: order) == order) }
  }

  @Test func `A file that writes days in two ways is refused with a line of each`() throws {
    let judgement = try Self.days(["03/04/2024", "13/04/2024", "04/14/2024", "14/04/2024"])
    let said = Self.sentence { _ = try judgement.order(said: nil) }
    #expect(said.contains("\"13/04/2024\" on line 3") && said.contains("\"04/14/2024\" on line 4"))
    // Said how, one slip costs its own row; said wrongly, it costs the file.
    #expect(try judgement.order(said: .dayFirst) == .dayFirst)
    #expect(Self.sentence { _ = try judgement.order(said: .monthFirst) }.contains("line 3"))
  }

  @Test func `A day written otherwise costs its own row where no other could be either`() throws {
    #expect(
      try Self.days(["13/04/2024", "04/14/2024", "14/04/2024"]).order(said: nil) == .dayFirst)
    let month = try Self.days(["04/13/2024", "14/04/2024", "04/14/2024", "2024-04-15"])
    #expect(try month.order(said: nil) == .monthFirst)
  }

  @Test func `A head may say it, and a day that is no day decides nothing`() throws {
    let judgement = try Self.days(["99/99/2024", "31/31/2024", "04/05/2024"])
    #expect(!Self.sentence { _ = try judgement.order(said: nil) }.isEmpty)
  }

  /// So many rows, each as the closure has it.
  static func rows(_ count: Int, _ row: (Int) -> String) -> String {
    head + (1...count).map { row($0) + "\n" }.joined()
  }

  @Test func `More refusals than not stop a long file, with the common cause`() throws {
    func said(_ count: Int, bad: Int) throws -> String {
      let text = Self.rows(count) { "\($0),X,c,k,2022-06-30,\($0 <= bad ? "perhaps" : "passed"),," }
      let judgement = try Self.judged(text)
      return Self.sentence { try judgement.check() }
    }
    let many = try said(30, bad: 16)
    #expect(many.contains("16 of 30 rows would be refused, 16 of them for the column result"))
    #expect(many.contains("line 2") && many.contains("--anyway"))
    #expect(try said(30, bad: 15).isEmpty)
    // A short one says it row by row.
    #expect(try said(19, bad: 19).isEmpty)
  }

  @Test func `Ambiguous days are no refusals`() throws {
    let text = Self.rows(30) { "\($0),X,c,k,0\(1 + $0 % 9)/\(13 + $0 % 9)/2022,passed,," }
    let judgement = try Self.judged(text)
    try judgement.check()
    #expect(try judgement.order(said: nil) == .monthFirst)
  }

  @Test(arguments: [
    // Score and day; number and name; result and score.
    "71,X,c,k,71,passed,2022-06-30,", "Example Person,2022-0001,c,k,2022-06-30,passed,70,",
    "1,X,c,k,2022-06-30,70,passed,",
  ])
  func `Heads that are exchanged are told, whatever each row would do`(row: String) throws {
    let judgement = try Self.judged(Self.rows(25) { _ in row })
    let said = Self.sentence { try judgement.check() }
    #expect(said.contains("is the head mistaken?") && said.contains("line 2"), "\(said)")
    #expect(Self.sentence { try Self.judged(Self.rows(10) { _ in row }).check() }.isEmpty)
  }

  @Test func `Last days before first ones, and scores as fractions, are told`() throws {
    let backwards = try Self.judged(Self.rows(25) { "\($0),X,c,k,2024-06-30,passed,70,2022-06-30" })
    #expect(Self.sentence { try backwards.check() }.contains("two columns of days exchanged"))
    let fractions = try Self.judged(Self.rows(6) { "\($0),X,c,k,2024-06-30,passed,0.\($0 + 3)," })
    #expect(Self.sentence { try fractions.check() }.contains("Multiply them by 100"))
    // One of them alone is a doubt of its own.
    let mixed = Self.rows(6) { "\($0),X,c,k,2024-06-30,passed,\($0 == 1 ? "85" : "0.\($0)")," }
    try Self.judged(mixed).check()
  }

  @Test func `What stands for nothing is counted and said`() throws {
    let judgement = try Self.judged(Self.rows(3) { "\($0),X,c,k,2024-06-30,passed,N/A,-" })
    let notes = judgement.notes(.dayFirst, said: nil)
    #expect(
      notes.contains { $0.contains("3 of the cells of score say \"N/A\"") && $0.contains("line 2") }
    )
    #expect(notes.contains { $0.contains("valid_until") })
  }
}
