import Messages
import Registry
import Testing

@testable import Imports

/// Rows of an extract of a personnel system.
struct OfficerRowTests {
  static let head =
    "personnel_no,name,organisation,position,cadre,grade,county,posted_on,change,separated_on\n"

  static func rows(_ text: String) throws -> [SheetRow] {
    var (sheet, _) = try SheetHeadTests.opened(head + text)
    var rows: [SheetRow] = []
    while let row = try sheet.next() { rows.append(row) }
    return rows
  }

  static let day = Day("2020-01-01")!

  /// Posted at `moict` in grade J from 2020 on, and whatever else is said.
  static func officer(_ events: [(String, OfficerEvent)] = []) -> Officer {
    var state: StreamState?
    let first = OfficerEvent.registered(
      OfficerRegistered(
        posting: Posting(organisation: Identifier("moict")!, grade: Identifier("J"))))
    for (at, (on, event)) in ([("2020-01-01", first)] + events).enumerated() {
      let proposal = Proposal(
        eventID: EventID(high: 1, low: UInt64(at)), stream: StreamID("officer/o1")!,
        effective: Day(on)!, body: .officer(event))
      state = StreamState.evolve(state, by: StreamEvent(proposal, at: UInt64(at)))
    }
    guard case .officer(let officer)? = state else { fatalError("no officer") }
    return officer
  }

  static func chain(_ row: String, _ state: Officer?) throws -> [Proposal] {
    try SheetKind.officers.proposals(
      for: try #require(try rows(row + "\n").first),
      RowContext(
        officer: state.map { _ in Identifier("o1")! }, officerState: state,
        scheme: Identifier("pn")!, source: Source(system: Identifier("hr")!)))
  }

  static func said(_ chain: [Proposal]) -> [String] {
    chain.map { proposal in
      guard case .officer(let event) = proposal.body else { return "?" }
      return event.name + " " + proposal.effective.text
    }
  }

  @Test(arguments: [
    ("1,X,moict,,,J,,2020-01-01,,", []),
    // The registry knows the posting from a later day than the extract does.
    ("1,X,moict,,,J,,2019-01-01,,", []),
    ("1,X,moict,,,J,,2021-01-01,,", []),
    ("1,X,mps,,,J,,2021-01-01,,", ["posted 2021-01-01"]),
    ("1,X,moict,,,K,,2021-01-01,,", ["posted 2021-01-01"]),
    ("1,X,moict,,,K,,2021-01-01,promotion,", ["promoted 2021-01-01"]),
    ("1,X,moict,,,J,,2020-01-01,,2022-02-02", ["separated 2022-02-02"]),
    ("1,X,mps,,,J,,2021-01-01,,2022-02-02", ["posted 2021-01-01", "separated 2022-02-02"]),
  ])
  func `Of somebody known only what changed is recorded`(row: String, expected: [String]) throws {
    #expect(Self.said(try Self.chain(row, Self.officer())) == expected)
  }

  @Test func `A promotion keeps what the row says of organisation and county`() throws {
    let row = "1,X,mps,head,ict,K,nairobi,2021-01-01,promoted,"
    let chain = try Self.chain(row, Self.officer())
    #expect(Self.said(chain) == ["promoted 2021-01-01", "posted 2021-01-01"])
    guard case .officer(.posted(let posted))? = chain.last?.body else { return }
    #expect(
      posted.posting
        == Posting(
          organisation: Identifier("mps")!, position: Identifier("head"),
          cadre: Identifier("ict"), grade: Identifier("K"), county: Identifier("nairobi")))
    // What was recorded of it before is not recorded again; the rest is.
    guard case .officer(let first) = chain[0].body else { return }
    let promoted = ("2021-01-01", first)
    let half = Self.officer([promoted])
    #expect(Self.said(try Self.chain(row, half)) == ["posted 2021-01-01"])
    #expect(try Self.chain(row, half) == [chain[1]])
    let whole = Self.officer([promoted, ("2021-01-01", .posted(posted))])
    #expect(try Self.chain(row, whole).isEmpty)
    // What a promotion leaves out stays as it was.
    #expect(
      Self.said(try Self.chain("1,X,mps,,,L,,2022-01-01,promoted,", whole)) == [
        "promoted 2022-01-01"
      ])
  }

  @Test func `A posting that is spelled otherwise is the same posting`() throws {
    let known = Posting(
      organisation: Identifier("moict")!, position: Identifier("ICT-Officer"),
      grade: Identifier("J"), county: Identifier("taita-taveta"))
    let officer = Self.officer([("2020-06-01", .posted(OfficerPosted(posting: known)))])
    for row in [
      "1,X,MOICT,ICT-Officer,,J,Taita\u{2013}Taveta,2021-01-01,,",
      "1,X,moict,ict officer,,j,TAITA / TAVETA COUNTY,2021-01-01,,",
    ] {
      #expect(try Self.chain(row, officer).isEmpty, "\(row)")
    }
    // Whoever is new gets a code that the next spelling finds.
    let codes = try ["ICT-Officer", "ict officer"].map { position in
      let chain = try Self.chain("2,X,moict,\(position),,J,,2021-01-01,,", nil)
      guard case .officer(.registered(let event))? = chain.first?.body else { return "?" }
      return event.posting?.position?.text ?? ""
    }
    #expect(codes == ["ict-officer", "ict-officer"])
  }

  @Test func `Whoever left and is posted again has returned`() throws {
    let left = Self.officer([("2022-02-02", .separated(OfficerSeparated()))])
    #expect(
      Self.said(try Self.chain("1,X,mps,,,J,,2023-01-01,,", left)) == ["returned 2023-01-01"])
    #expect(try Self.chain("1,X,moict,,,J,,2020-01-01,,2022-02-02", left).isEmpty)
    // An old extract says nothing new of what came after it.
    #expect(try Self.chain("1,X,moict,,,J,,2020-01-01,,", left).isEmpty)
  }

  @Test func `Whoever is not known is registered under a random id`() throws {
    let row = "1,Example Person,moict,,,J,,2020-01-01,,2022-02-02"
    let one = try Self.chain(row, nil)
    #expect(Self.said(one) == ["registered 2020-01-01", "separated 2022-02-02"])
    #expect(one[0].personal?.identifiers.map(\.value) == ["1"])
    #expect(one.allSatisfy { $0.stream == one[0].stream })
    #expect(try Self.chain(row, nil)[0].stream != one[0].stream)
  }

  @Test func `A merged record is not written to`() throws {
    let merged = Self.officer([
      ("2022-01-01", .mergedInto(OfficerMergedInto(officer: Identifier("o2")!)))
    ])
    #expect { try Self.chain("1,X,mps,,,J,,2023-01-01,,", merged) } throws: {
      ($0 as? Rejection)?.sentence.contains("o2") ?? false
    }
  }

  @Test(arguments: [
    ("1,X,moict,,,K,,2021-01-01,demotion,", "change"),
    ("1,X,moict,,,,,2021-01-01,promotion,", "grade"),
    ("1,X,moict,,,J,,2021-01-01,,2020-12-31", "separated_on"),
    ("1,X,moict,,,J,,01/13/2021,,", "posted_on"), ("1,X,,,,J,,2021-01-01,,", "organisation"),
  ])
  func `A bad row is named by its column`(row: String, column: String) {
    #expect { try Self.chain(row, Self.officer()) } throws: {
      ($0 as? Rejection)?.field == column
    }
  }

  @Test func `Rows that contradict each other are both left out, and no others`() throws {
    let rows = try Self.rows(
      """
      1,X,moict,,,J,,2020-01-01,,
      2,X,moict,,,J,,2020-01-01,,
      1,X,mps,,,J,,2020-01-01,,
      2,X,moict,,,J,,2020-01-01,,
      2,X,mps,,,J,,2021-01-01,,
      3,X,moict,,,J,,2020-01-01,,
      3,X,moict,,,J,,2020-01-01,,2022-01-01
      4,X,moict,,,J,,not a day,,
      4,X,mps,,,J,,2020-01-01,,
      KE 5,X,moict,,,J,,2020-01-01,,
      ke5,X,mps,,,J,,2020-01-01,,
      KE 6,X,moict,,,J,nairobi,2020-01-01,,
      ke6,X,moict,,,J,Nairobi City,2020-01-01,,

      """)
    var contradictions = Contradictions()
    for row in rows { contradictions.note(row) }
    contradictions.close()
    let bad = rows.filter { row in (try? contradictions.check(row)) == nil }
    #expect(bad.map(\.line) == [2, 4, 7, 8, 11, 12])
  }

  @Test func `A category is taken from its column, and stays where the extract has none`() throws {
    func posting(_ row: String, _ state: Officer?) throws -> Posting? {
      var sheet = try SheetReader(
        TextDecoder(
          Array(("personnel_no,name,organisation,grade,posted_on,category\n" + row + "\n").utf8)))
      let chain = try SheetKind.officers.proposals(
        for: try #require(try sheet.next()),
        RowContext(
          officer: state.map { _ in Identifier("o1")! }, officerState: state,
          scheme: Identifier("pn")!, source: Source(system: Identifier("hr")!)))
      switch chain.first?.body {
      case .officer(.registered(let given)): return given.posting
      case .officer(.posted(let given)): return given.posting
      default: return nil
      }
    }
    let civil = try #require(Identifier("civil"))
    #expect(try posting("1,X,moict,J,2021-01-01,civil", nil)?.category == civil)
    #expect(try posting("1,X,moict,J,2021-01-01,civil", Self.officer())?.category == civil)
    let known = Self.officer([
      (
        "2021-01-01",
        .posted(
          OfficerPosted(
            posting: Posting(
              organisation: Identifier("moict")!, grade: Identifier("J"), category: civil)))
      )
    ])
    #expect(try posting("1,X,moict,J,2022-01-01,", known) == nil)
    #expect(try posting("1,X,moict,K,2022-01-01,", known)?.category == civil)
  }
}
