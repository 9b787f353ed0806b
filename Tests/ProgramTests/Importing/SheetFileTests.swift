import Foundation
import Messages
import Registry
import Testing
import UjuziClient

/// Sheets as people have them, sent to a running registry.
struct SheetFileTests {
  /// Twelve officers, and a course whose mark is 60 of 100.
  static func started() throws -> Program {
    let program = try ImportTests.started()
    let more = """
      {"stream":"course/marked","effective":"2020-01-01","course":{"published":{"edition":1,"title":"Example","track":"technical","pass_mark":6000}}}
      {"stream":"cohort/open","effective":"2022-01-01","cohort":{"planned":{"terms":{"course":"marked","edition":1,"organisation":"heta","starts":"2022-01-10","ends":"2026-06-30"}}}}

      """
    _ = try program.run("record", try ImportTests.write(more, "more.jsonl", program), "--quiet")
    let people = try program.run(
      "import", "officers",
      try ImportTests.write(ImportTests.officers(12), "people.csv", program), "--quiet")
    #expect(people.status == 0, "\(people)")
    return program
  }

  static let head = "personnel_no,course,cohort,completed_on,result,score,certificate_no\n"

  static func profile(_ number: Int, _ program: Program) async throws -> GetProfileReply {
    let client = try await program.connect()
    let who = SchemeValue(scheme: Identifier("pn")!, value: "\(number)")
    let officer = try await client.ask(
      .resolveOfficer, ResolveOfficerRequest(identifier: who), ResolveOfficerReply.self
    ).officer
    let reply = try await client.ask(
      .getProfile, GetProfileRequest(who: .officer(try #require(officer))), GetProfileReply.self)
    await client.close()
    return reply
  }

  @Test func `No day is recorded with day and month swapped`() async throws {
    let program = try Self.started()
    let before = try await ImportTests.events(program)
    // Nothing tells: nothing is recorded, and the way is named, also for programs.
    let open = try ImportTests.write(
      Self.head + "1,marked,open,03/04/2024,passed,,\n", "open.csv", program)
    for more in [[], ["--json"]] {
      let got = try program.run(["record", open] + more)
      #expect(got.status == 2 && got.error.contains("--days month-first"), "\(got)")
      #expect(got.error.contains("line 2") && got.error.contains("nothing was recorded"), "\(got)")
    }
    // Two ways in one file, and a day that could be either.
    let both = try ImportTests.write(
      Self.head + "1,marked,open,13/04/2024,passed,,\n2,marked,open,04/13/2024,passed,,\n"
        + "3,marked,open,03/04/2024,passed,,\n", "both.csv", program)
    #expect(try program.run("record", both).status == 2)
    #expect(try await ImportTests.events(program) == before)
    // One day that can only be so.
    let month = try ImportTests.write(
      Self.head + "1,marked,open,03/04/2024,passed,,\n2,marked,open,06/30/2024,passed,,\n",
      "month.csv", program)
    let got = try program.run("record", month)
    #expect(got.status == 0 && got.error.contains("month first"), "\(got)")
    #expect(
      try await Self.profile(1, program).trainings.map(\.completion?.day) == [Day("2024-03-04")])
    let said = try ImportTests.write(
      Self.head + "3,marked,open,03/04/2024,passed,,\n", "said.csv", program)
    #expect(try program.run("record", said, "--days", "day-first").status == 0)
    #expect(
      try await Self.profile(3, program).trainings.map(\.completion?.day) == [Day("2024-04-03")])
    #expect(try program.run("record", said, "--days", "backwards").status != 0)
    try ImportTests.end(program)
  }

  @Test func `A sheet with odd heads, titles and guards is recorded whole`() async throws {
    let program = try Self.started()
    let text = """
      Example centre; second quarter,,,,,,
      "Personnel\u{A0}No",Course *,Cohort,"Completed
       On",Résultat,Score (%),Certificate No.
      ="1",marked,OPEN,30 June 2024,Amefaulu,71 %,="000126"
      '2,Marked,Open,"Sunday, 30 June 2024, 2:05 PM",PASSED ,"71,5",'000127,,,
      3,marked,open,2024-06-30 00:00:00,passed,N/A,N/A
      Total: 3,,,,,,

      """
    let path = try ImportTests.write(text, "odd.csv", program)
    let got = try program.run("record", path)
    #expect(got.status == 0 && got.out.contains("3 recorded"), "\(got)")
    #expect(got.error.contains("the head is on line 2"), "\(got)")
    let number = try program.run("verify", "--issuer", "heta", "--number", "000126")
    #expect(number.status == 0, "\(number)")
    #expect(try await Self.profile(3, program).credentials.isEmpty)
    #expect(try program.run("record", path).out.contains("0 recorded (0 events), 3 unchanged"))
    try ImportTests.end(program)
  }

  @Test func `What a head is said to mean is remembered beside the sheet`() async throws {
    let program = try Self.started()
    let text = "personnel_no,Kozi,Kikundi,completed_on,result\n1,marked,open,2024-06-30,passed\n"
    let path = try ImportTests.write(text, "swahili.csv", program)
    let asked = try program.run("record", path)
    #expect(asked.status == 2 && asked.error.contains("--map 'HEAD=cohort'"), "\(asked)")
    let wrong = try program.run("record", path, "--map", "Kikundu=cohort")
    #expect(wrong.error.contains("no head Kikundu") && wrong.error.contains("Kikundi"), "\(wrong)")
    #expect(try program.run("record", path, "--map", "Kikundi=kohort").error.contains("cohort"))
    #expect(try program.run("record", path, "--map", "Kikundi=cohort", "--dry-run").status == 0)
    #expect(try program.run("record", path).status == 2)
    #expect(try program.run("record", path, "--map", "Kikundi=cohort").status == 0)
    let next = try ImportTests.write(
      text.replacingOccurrences(of: "\n1,", with: "\n2,"), "next.csv", program)
    #expect(try program.run("record", next).out.contains("1 recorded"))
    #expect(
      ImportTests.read(program.folder + "/.ujuzi-columns.csv") == "head,column\nKikundi,cohort\n")
    try ImportTests.end(program)
  }

  @Test func `Statuses are recorded by their meaning`() async throws {
    let program = try Self.started()
    let text =
      Self.head + """
        1,marked,open,2024-03-01,Completed,81,
        2,marked,open,,In Progress,,
        3,marked,open,,Not Started,,
        4,marked,open,2024-03-01,Incomplete,,
        5,marked,open,2024-03-01,Dropped,,
        6,marked,open,2024-03-01,Completed,,
        7,marked,open,2024-03-01,Revoked,,

        """
    let path = try ImportTests.write(text, "statuses.csv", program)
    let got = try program.run("record", path)
    #expect(got.out.contains("6 recorded") && got.out.contains("1 rejected"), "\(got)")
    #expect(got.out.contains("line 8: REJECTED") && got.out.contains("revoked_on"), "\(got)")
    var said: [String] = []
    for number in 1...6 {
      let training = try #require(try await Self.profile(number, program).trainings.first)
      said.append(training.completion.map { "\($0.result)" } ?? training.status.name)
    }
    #expect(said == ["passed", "enrolled", "enrolled", "not_completed", "withdrawn", "attended"])
    let papers = """
      certificate_no,issuer,personnel_no,course,awarded_on,Status,Revoked On
      EX-1,HETA,8,marked,2024-03-01,Valid,
      EX-2,heta,9,marked,2024-03-01,Revoked,2024-06-01
      EX-3,heta,10,marked,2024-03-01,Revoked,

      """
    let list = try program.run("record", try ImportTests.write(papers, "papers.csv", program))
    #expect(
      list.out.contains("2 recorded (3 events)") && list.out.contains("fill in the day"), "\(list)")
    #expect(
      try program.run("verify", "--issuer", "heta", "--number", "EX-2").out.contains("revoked"))
    #expect(try program.run("verify", "--issuer", "heta", "--number", "EX-1").out.contains("valid"))
    try ImportTests.end(program)
  }

  @Test func `A yearly renewal is a certificate, and one training stays one`() async throws {
    let program = try Self.started()
    let rows = (2022...2024).map { "1,marked,open,\($0)-06-30,passed,71,Y/\($0)\n" }
    let path = try ImportTests.write(Self.head + rows.joined(), "years.csv", program)
    for expected in ["3 recorded (6 events), 0 unchanged", "0 recorded (0 events), 3 unchanged"] {
      let got = try program.run("record", path)
      #expect(got.status == 0 && got.out.contains(expected), "\(got)")
    }
    let profile = try await Self.profile(1, program)
    #expect(profile.trainings.map(\.completion?.day) == [Day("2022-06-30")])
    #expect(Set(profile.credentials.map(\.number)) == ["Y/2022", "Y/2023", "Y/2024"])
    try ImportTests.end(program)
  }

  @Test func `Another's name and a fraction are said, in words and for programs`() throws {
    let program = try Self.started()
    let text =
      "personnel_no,name,course,cohort,completed_on,result,score\n"
      + "1,Quite Another Person,marked,open,2024-06-30,passed,71\n"
      + "2,example 2,marked,open,2024-06-30,passed,0.85\n3,EXAMPLE,marked,open,2024-06-30,passed,71\n"
    let path = try ImportTests.write(text, "names.csv", program)
    let got = try program.run("record", path, "--quiet")
    #expect(
      got.error.contains("line 2: The personnel number 1 is registered to another name"), "\(got)")
    #expect(got.error.contains("line 3: passed with a score of 0.85"), "\(got)")
    #expect(!got.error.contains("line 4"), "\(got)")
    #expect(got.out.contains("2 in spite of a doubt"), "\(got)")
    let json = try program.run("record", path, "--json")
    #expect(
      json.out.contains("\"code\":\"other_name\"") && json.out.contains("\"doubted\":2"), "\(json)")
    try ImportTests.end(program)
  }

  @Test func `Offices and counties are recorded as they are written, under one code`() async throws
  {
    let program = try Self.started()
    let text = """
      personnel_no,name,organisation,position,cadre,grade,county,posted_on
      21,Example A,HETA,ICT-Officer,Research & Development,J,Murang'a,2021-02-01
      22,Example B,heta,ict officer,IT/IS,J,MURANG\u{2019}A COUNTY,2021-02-01
      KE 23,Example C,heta,head,ict,J,nairobi,2021-02-01
      ke23,Example C,heta,head,ict,K,nairobi,2021-02-01
      24,Example D,heta,head,ict,J,Tharaka - Nithi,30/03/2015

      """
    let path = try ImportTests.write(text, "offices.csv", program)
    let got = try program.run("import", "officers", path)
    #expect(got.out.contains("3 recorded (3 events), 0 unchanged, 2 rejected"), "\(got)")
    let (a, b) = (try await Self.profile(21, program), try await Self.profile(22, program))
    #expect(a.posting?.county?.text == "muranga" && b.posting?.county?.text == "muranga")
    #expect(a.posting?.position == b.posting?.position)
    #expect(a.posting?.cadre?.text == "research-and-development")
    let again = try program.run("import", "officers", path)
    #expect(again.out.contains("0 recorded (0 events), 3 unchanged, 2 rejected"), "\(again)")
    try ImportTests.end(program)
  }

  @Test func `A sheet of people whom nobody knows is stopped, and lost zeros are told`()
    async throws
  {
    let program = try Self.started()
    let zeros =
      "personnel_no,name,organisation,grade,posted_on\n000126,Example Zero,heta,J,2021-01-01\n"
    #expect(
      try program.run("import", "officers", try ImportTests.write(zeros, "zeros.csv", program))
        .status == 0)
    let before = try await ImportTests.events(program)
    let rows = (1...24).map { "9\($0),marked,open,2024-06-30,passed,70,\n" }.joined()
    let strangers = try ImportTests.write(Self.head + rows, "strangers.csv", program)
    let got = try program.run("record", strangers)
    #expect(
      got.status == 2 && got.error.contains("24 of the first 24 rows would be refused"), "\(got)")
    #expect(got.error.contains("the column personnel_no (line 2: Nobody is registered"), "\(got)")
    let lost = try ImportTests.write(
      Self.head + "126,marked,open,2024-06-30,passed,70,\n", "lost.csv", program)
    let told = try program.run("record", lost)
    #expect(told.status == 1 && told.out.contains("but 000126 is. A spreadsheet drops"), "\(told)")
    let again = try ImportTests.write(
      zeros.replacingOccurrences(of: "000126", with: "126"), "again.csv", program)
    let refused = try program.run("import", "officers", again)
    #expect(refused.status == 1 && refused.out.contains("somebody has 000126"), "\(refused)")
    #expect(try await ImportTests.events(program) == before)
    #expect(try program.run("import", "officers", again, "--anyway").out.contains("1 recorded"))
    try ImportTests.end(program)
  }

  @Test func `A sheet whose heads are exchanged is stopped before anything is recorded`()
    async throws
  {
    let program = try Self.started()
    let before = try await ImportTests.events(program)
    let rows = (1...24).map { "\(1 + $0 % 12),marked,open,71,passed,2024-06-30,\n" }.joined()
    let path = try ImportTests.write(Self.head + rows, "exchanged.csv", program)
    let got = try program.run("record", path)
    #expect(got.status == 2 && got.error.contains("is the head mistaken?"), "\(got)")
    #expect(try await ImportTests.events(program) == before)
    let anyway = try program.run("record", path, "--anyway", "--quiet")
    #expect(anyway.out.contains("24 rejected"), "\(anyway)")
    // Standard input is judged as well, and leaves nothing behind.
    let pipe = Pipe()
    let running = try program.start("record", "-", input: pipe)
    pipe.fileHandleForWriting.write(Data((Self.head + rows).utf8))
    try pipe.fileHandleForWriting.close()
    #expect(running.wait().status == 2)
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder)
    #expect(!left.contains { $0.hasPrefix(".ujuzi-") }, "\(left)")
    try ImportTests.end(program)
  }
}
