import Testing

@testable import Projections
@testable import Registry

@Suite("Identifiers that a batch adds")
struct AddedIdentifiersTests {
  private static func number(_ last: UInt8) throws -> BlindIdentifier {
    BlindIdentifier(
      scheme: try #require(Identifier("pn")),
      hash: [UInt8](repeating: 7, count: BlindIdentifier.hashLength - 1) + [last])
  }

  private static func row(_ officer: String, at position: LogPosition) throws -> IdentifierRow {
    IdentifierRow(
      officer: try #require(Identifier(officer)), position: position,
      day: try #require(Day("2021-03-04")))
  }

  @Test("Given two people who are given one number, when asked, then both are told in their order")
  func rows() throws {
    var added = AddedIdentifiers()
    let (one, two) = (try Self.row("a", at: 3), try Self.row("b", at: 4))
    added.append(try Self.number(1), one)
    added.append(try Self.number(2), one)
    added.append(try Self.number(1), two)
    #expect(added.rows(of: try Self.number(1)) == [one, two])
    #expect(added.rows(of: try Self.number(2)) == [one])
    #expect(added.rows(of: try Self.number(3)).isEmpty)
  }

  @Test("Given an event that names a number twice, when added, then it is told once")
  func twice() throws {
    var added = AddedIdentifiers()
    let row = try Self.row("a", at: 3)
    added.append(try Self.number(1), row)
    added.append(try Self.number(1), row)
    #expect(added.rows(of: try Self.number(1)) == [row])
    #expect(added.count == 1)
  }

  @Test("Given a rollback, when the number is given to another, then nothing is left of the first")
  func rollback() throws {
    var added = AddedIdentifiers()
    let kept = try Self.row("a", at: 3)
    added.append(try Self.number(1), kept)
    let mark = added.count
    added.append(try Self.number(1), try Self.row("b", at: 4))
    added.append(try Self.number(2), try Self.row("b", at: 4))
    added.truncate(to: mark)
    #expect(added.rows(of: try Self.number(1)) == [kept])
    #expect(added.rows(of: try Self.number(2)).isEmpty)
    let next = try Self.row("c", at: 4)
    added.append(try Self.number(2), next)
    #expect(added.rows(of: try Self.number(2)) == [next])
    #expect(added.elements.map(\.row) == [kept, next])
  }
}
