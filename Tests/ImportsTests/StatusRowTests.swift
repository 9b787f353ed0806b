import Messages
import Registry
import Testing

@testable import Imports

/// What became of a training or of a certificate, in the words that lists have for it.
struct StatusRowTests {
  static func chain(
    _ result: String, _ day: String = "2022-06-30", score: String = "", mode: String = "",
    certificate: String = "", passMark: UInt32 = 0
  ) throws -> [Proposal] {
    let head = "personnel_no,course,cohort,completed_on,result,score,assessment,certificate_no\n"
    var (sheet, _) = try SheetHeadTests.opened(
      head + "1,c,k,\(day),\(result),\(score),\(mode),\(certificate)\n")
    var context = RowContext(
      officer: Identifier("o1")!, cohort: SheetTests.cohort, scheme: Identifier("pn")!,
      source: Source(system: Identifier("heta")!))
    context.passMark = passMark
    return try SheetKind.completions.proposals(for: try #require(try sheet.next()), context)
  }

  static func last(_ chain: [Proposal]) -> String {
    switch chain.last?.body {
    case .enrolment(.completed(let event))?: "completed \(event.result)"
    case .enrolment(let event)?: event.name
    case .credential(let event)?: event.name
    default: "?"
    }
  }

  @Test(arguments: [
    ("In Progress", "enrolled"), ("Enrolled", "enrolled"), ("Not Started", "enrolled"),
    ("en cours", "enrolled"), ("Anaendelea", "enrolled"), ("Dropped", "withdrawn"),
    ("Withdrawn", "withdrawn"), ("Dismissed", "dismissed"), ("Incomplete", "not_completed"),
    ("Échoué", "not_completed"), ("Ameshindwa", "not_completed"), ("Réussi", "completed passed"),
    ("Amefaulu", "completed passed"), ("MERIT ", "completed merit"),
  ])
  func `A status is what it means`(word: String, expected: String) throws {
    #expect(Self.last(try Self.chain(word)) == expected)
  }

  @Test func `A training that runs needs no day, and has none of its own`() throws {
    let without = try Self.chain("In Progress", "")
    #expect(without.map(\.effective) == [Day("2022-01-10"), Day("2022-01-10")])
    // The day beside it is of the list, and ends nothing.
    #expect(try Self.chain("In Progress", "2022-03-01") == without)
    #expect { try Self.chain("Dropped", "") } throws: {
      ($0 as? Rejection)?.field == "completed_on"
    }
    #expect { try Self.chain("Enrolled", certificate: "N1") } throws: {
      ($0 as? Rejection)?.field == "certificate_no"
    }
    // Whoever completes it later has the same beginning.
    let after = try Self.chain("passed")
    #expect(after.prefix(2).map(\.eventID) == without.map(\.eventID))
  }

  @Test(
    arguments: [
      ("", "", 0, "completed attended"), ("", "proctored", 0, "completed passed"),
      ("81", "", 6000, "completed passed"), ("59.99", "", 6000, "not_completed"),
      ("60", "", 6000, "completed passed"), ("81", "", 0, "completed attended"),
      ("", "", 6000, "completed attended"),
    ] as [(String, String, UInt32, String)])
  func `Completed means what it means for a platform`(
    score: String, mode: String, passMark: UInt32, expected: String
  ) throws {
    let chain = try Self.chain("Completed", score: score, mode: mode, passMark: passMark)
    #expect(Self.last(chain) == expected)
  }

  @Test(arguments: [
    ("Revoked", "revoked_on"), ("Deferred", "ujuzi record"), ("perhaps", "in progress"),
  ])
  func `A word of another kind says where it belongs`(word: String, said: String) {
    #expect { try Self.chain(word) } throws: {
      guard let why = $0 as? Rejection else { return false }
      return why.field == "result" && why.sentence.contains(said)
    }
  }

  static func papers(_ cells: String) throws -> [Proposal] {
    let head =
      "certificate_no,issuer,personnel_no,course,awarded_on,valid_until,Status,Revoked On,Reason\n"
    var (sheet, kind) = try SheetHeadTests.opened(head + "EX-1,heta,1,c,2024-03-01," + cells + "\n")
    return try kind.proposals(
      for: try #require(try sheet.next()),
      RowContext(
        officer: Identifier("o1")!, scheme: Identifier("pn")!,
        source: Source(system: Identifier("heta")!)))
  }

  static func said(_ chain: [Proposal]) -> [String] {
    chain.map { proposal in
      guard case .credential(let event) = proposal.body else { return "?" }
      return event.name + " " + proposal.effective.text
    }
  }

  @Test(arguments: [
    (",,,", ["issued 2024-03-01"]), (",Valid,,", ["issued 2024-03-01"]),
    (",Revoked,2024-06-01,", ["issued 2024-03-01", "revoked 2024-06-01"]),
    (",,2024-06-01,", ["issued 2024-03-01", "revoked 2024-06-01"]),
    (",Cancelled,2024-06-01,issued in error", ["issued 2024-03-01", "revoked 2024-06-01"]),
    (",On hold,2024-06-01,", ["issued 2024-03-01", "suspended 2024-06-01"]),
    ("2025-03-01,Expired,,", ["issued 2024-03-01"]),
  ])
  func `A certificate's status is recorded with it`(cells: String, expected: [String]) throws {
    let chain = try Self.papers(cells)
    #expect(Self.said(chain) == expected)
    #expect(Set(chain.map(\.eventID)).count == chain.count)
    #expect(try Self.papers(cells) == chain)
    if cells.contains("error") { #expect(chain[1].reason?.text == "issued-in-error") }
  }

  @Test(arguments: [
    (",Revoked,,", "revoked_on"), (",Revoked,2024-02-01,", "revoked_on"),
    (",Expired,,", "valid_until"), (",Valid,2024-06-01,", "status"), (",perhaps,,", "status"),
  ])
  func `A status that cannot be so is refused by its column`(cells: String, column: String) {
    #expect { try Self.papers(cells) } throws: { ($0 as? Rejection)?.field == column }
  }
}
