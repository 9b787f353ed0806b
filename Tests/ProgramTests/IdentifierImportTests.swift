import Messages
import Registry
import Testing
import UjuziClient

/// Files name people by numbers; a number is whose it was on the day of the fact.
struct IdentifierImportTests {
  /// Number 1 is a's until the end of February 2022, nobody's, and b's from May on.
  private static let people = """
    {"stream":"officer/a","effective":"2021-01-01","personal":{"name":"Example A","identifiers":[{"scheme":"pn","value":"1"},{"scheme":"pn","value":"10"}]},"officer":{"registered":{"posting":{"organisation":"heta"}}}}
    {"stream":"officer/a","effective":"2022-03-01","personal":{"identifiers":[{"scheme":"pn","value":"1"}]},"officer":{"identifier_ended":{"scheme":"pn","value_only":true}}}
    {"stream":"officer/b","effective":"2022-05-01","personal":{"name":"Example B","identifiers":[{"scheme":"pn","value":"1"}]},"officer":{"registered":{"posting":{"organisation":"heta"}}}}

    """

  private static func started() throws -> Program {
    let program = try ImportTests.started()
    let got = try program.run(
      "record", try ImportTests.write(people, "people.jsonl", program), "--quiet")
    #expect(got.status == 0, "\(got)")
    return program
  }

  private static func profiles(_ program: Program) async throws -> [GetProfileReply] {
    let client = try await program.connect()
    var found: [GetProfileReply] = []
    for officer in ["a", "b"] {
      found.append(
        try await client.ask(
          .getProfile, GetProfileRequest(who: .officer(Identifier(officer)!)),
          GetProfileReply.self))
    }
    await client.close()
    return found
  }

  @Test func `A sheet's row is of the officer who had the number that day`() async throws {
    let program = try Self.started()
    let completions = """
      personnel_no,name,course,cohort,completed_on,result
      1,Example A,c,k,2022-02-28,passed
      1,Example A,c,k,2022-03-01,passed
      1,Example B,c,k,2022-05-01,passed
      10,Example A,c,k,2022-02-28,passed

      """
    let path = try ImportTests.write(completions, "completions.csv", program)
    let got = try program.run("record", path, "--source", "heta")
    #expect(got.out.contains("line 3: REJECTED (no_such_reference)"), "\(got)")
    #expect(got.out.contains("personnel number 1 on 2022-03-01"), "\(got)")
    // The last row says again what the first says, under the other number.
    #expect(got.out.contains("2 recorded") && got.out.contains("1 unchanged, 1 rejected"), "\(got)")
    let trainings = try await Self.profiles(program).map { $0.trainings.map(\.completion?.day) }
    #expect(trainings == [[Day("2022-02-28")], [Day("2022-05-01")]])

    let credentials = """
      personnel_no,certificate_no,issuer,course,awarded_on
      1,X1,heta,c,2022-02-28
      1,X2,heta,c,2022-04-30
      1,X3,heta,c,2022-05-02

      """
    let papers = try program.run(
      "record", try ImportTests.write(credentials, "credentials.csv", program), "--source", "heta")
    #expect(papers.out.contains("line 3: REJECTED (no_such_reference)"), "\(papers)")
    let numbers = try await Self.profiles(program).map { $0.credentials.map(\.number) }
    #expect(numbers == [["X1"], ["X3"]])
    try ImportTests.end(program)
  }

  @Test func `An extract's row is of the officer who had the number that day, and free is free`()
    async throws
  {
    let program = try Self.started()
    let extract = """
      personnel_no,name,organisation,grade,posted_on,separated_on
      1,Example A,heta,J,2021-06-01,
      1,Example B,heta,K,2022-06-01,
      2,Example C,heta,L,2022-01-01,
      10,Example A,heta,J,2020-06-01,

      """
    let path = try ImportTests.write(extract, "extract.csv", program)
    let got = try program.run("import", "officers", path)
    #expect(got.status == 0, "\(got)")
    let profiles = try await Self.profiles(program)
    #expect(profiles.map(\.posting?.grade?.text) == ["J", "K"])
    let again = try program.run("import", "officers", path)
    #expect(again.out.contains("0 recorded"), "\(again)")
    try ImportTests.end(program)
  }
}
