import Foundation
import Messages
import Testing

/// The exit status and the codes beside it tell the whole truth: a script that looks at nothing else
/// admits nobody whom the registry did not say yes of.
struct ExitStatusTests {
  private static let verifications:
    [(arguments: [String], status: Int32, outcome: String, causes: [String])] = [
      (["--issuer", "heta", "--number", "A1"], 0, "valid", []),
      (["a1", "--holder", "pn:1"], 0, "valid", []),
      (["a1", "--holder", "pn:2"], 1, "not_valid", ["holder_differs"]),
      (["a1", "--holder", "pn:999"], 1, "not_valid", ["holder_differs"]),
      (["b1", "--holder", "pn:2"], 1, "not_valid", ["evidence_withdrawn"]),
      (["b1", "--holder", "pn:1"], 1, "not_valid", ["holder_differs", "evidence_withdrawn"]),
      (["c1"], 1, "not_valid", ["revoked"]),
      (["a1", "--on", "2022-06-30"], 1, "not_valid", ["unknown"]),
      (["--issuer", "heta", "--number", "C2"], 1, "not_valid", ["unknown"]),
      (["a1", "--at-position", "1000000"], 2, "no_answer", ["refused"]),
      (
        ["--issuer", "heta", "--number", String(repeating: "9", count: 500)], 2, "no_answer",
        ["malformed"]
      ),
      (["a1", "--server", "127.0.0.1:1"], 2, "no_answer", ["not_reached"]),
    ]

  @Test func `Verify is 0 only for what stands and is the presenter's, with a code for each cause`()
    throws
  {
    let program = try Ground.serve()
    for (arguments, status, outcome, causes) in Self.verifications {
      let said = try program.run(["verify"] + arguments)
      #expect(said.status == status, "\(arguments): \(said)")
      let line = "outcome    \(outcome)" + (causes.isEmpty ? "" : ": ")
      #expect(
        said.out.hasPrefix(line + causes.joined(separator: ", ") + "\n"), "\(arguments): \(said)")
      #expect(said.error.isEmpty == (status != 2), "\(arguments): \(said)")
      let json = try program.run(["verify", "--json"] + arguments)
      #expect(json.status == status, "\(arguments): \(json)")
      let value = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
      #expect(value?["outcome"] as? String == outcome, "\(arguments): \(json)")
      #expect(value?["causes"] as? [String] == causes, "\(arguments): \(json)")
    }
    _ = program.terminate()
    try program.end()
  }

  @Test func `Verify is 1 for a credential whose holder's registration was voided`() throws {
    let program = try Ground.serve()
    let registered = "00000000-0000-4000-8000-0000000000aa"
    let file = program.folder + "/voided.jsonl"
    try """
    {"event_id":"\(registered)","stream":"officer/v","effective":"2022-01-01","officer":{"registered":{}},"personal":{"name":"Example v"}}
    {"stream":"credential/v1","effective":"2022-07-01","credential":{"issued":{"holder":"v","issuer":"heta","number":"V1","courses":["cyber-basics"],"awarded_on":"2022-07-01","valid_from":"2022-07-01"}}}
    {"stream":"officer/v","effective":"2022-01-01","voided":{},"corrects":"\(registered)","reason":"entered_in_error"}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let recorded = try program.run("record", file, "--quiet")
    #expect(recorded.status == 0, "\(recorded)")
    let said = try program.run("verify", "v1")
    #expect(said.status == 1)
    #expect(said.out.hasPrefix("outcome    not_valid: holder_voided\n"), "\(said)")
    #expect(said.out.contains("WARNING    the holder's registration was voided"), "\(said)")
    let json = try program.run("verify", "v1", "--json")
    #expect(json.status == 1)
    #expect(json.out.contains(#""holder_voided":true"#), "\(json)")
    _ = program.terminate()
    try program.end()
  }

  private static let head = [
    "outcome", "causes", "status", "since", "reason", "holder_matches", "evidence",
    "recognised_by", "unrecognised", "superseded_by", "holder_voided", "sentence",
  ].joined(separator: ",")

  @Test func `A list comes back with an outcome for each row, also for one that cannot be asked`()
    throws
  {
    let program = try Ground.serve()
    let list = program.folder + "/list.csv"
    func verify(_ text: String, _ more: String...) throws -> (Int32, [String]) {
      try ("\u{FEFF}" + text).write(toFile: list, atomically: true, encoding: .utf8)
      let said = try program.run(["verify", "--file", list] + more)
      return (said.status, said.out.split(separator: "\n").map(String.init))
    }
    let (good, goodRows) = try verify("issuer; number ;holder\nheta;A1;pn:1\n")
    #expect(good == 0)
    #expect(
      goodRows == [
        "issuer, number ,holder,\(Self.head)",
        "heta,A1,pn:1,valid,,valid,2022-07-01,,yes,stands,,no,,no,",
      ], "\(goodRows)")
    let (some, someRows) = try verify(
      "issuer,certificate_no,holder\nheta,A1,pn:2\nheta,B1,\nheta,C1,pn:3\nheta,C2,\n")
    #expect(some == 1)
    #expect(
      someRows.dropFirst() == [
        "heta,A1,pn:2,not_valid,holder_differs,valid,2022-07-01,,no,stands,,no,,no,",
        "heta,B1,,not_valid,evidence_withdrawn,valid,2022-07-01,,,withdrawn,,no,,no,",
        "heta,C1,pn:3,not_valid,revoked,revoked,2022-08-01,fraud,yes,stands,,no,,no,",
        "heta,C2,,not_valid,unknown,unknown,,,,,,,,,",
      ], "\(someRows)")
    let long = String(repeating: "9", count: 500)
    let (none, noneRows) = try verify(
      "issuer,number,holder\nheta,\(long),\nheta,,\nheta,=1+1,pn\nheta,A1,\n")
    #expect(none == 2)
    #expect(noneRows.count == 5)
    for (row, sentence) in zip(
      noneRows.dropFirst(), ["The field", "The cell number is empty.", "no SCHEME:VALUE"])
    {
      #expect(row.contains(",no_answer,malformed,") && row.contains(sentence), "\(row)")
    }
    #expect(noneRows[3].contains("heta,'=1+1,pn"), "a formula is text: \(noneRows[3])")
    #expect(noneRows[4].hasPrefix("heta,A1,,valid,"), "\(noneRows)")
    let (json, objects) = try verify("credential,holder\nb1,pn:1\n", "--json")
    #expect(json == 1 && objects.count == 1)
    let value =
      try JSONSerialization.jsonObject(with: Data(objects.joined().utf8)) as? [String: Any]
    #expect(value?["line"] as? Int == 2 && value?["outcome"] as? String == "not_valid")
    #expect(value?["causes"] as? [String] == ["holder_differs", "evidence_withdrawn"])
    #expect((value?["row"] as? [String: String]) == ["credential": "b1", "holder": "pn:1"])
    let (gone, goneRows) = try verify("credential\na1\n", "--server", "127.0.0.1:1")
    #expect(gone == 2)
    #expect(goneRows.last?.hasPrefix("a1,no_answer,not_reached,") == true, "\(goneRows)")
    _ = program.terminate()
    try program.end()
  }

  /// What there is not, for each verb that takes a name of it, and what is said.
  private static let unknown: [(arguments: [String], sentence: String)] = [
    (["find", "--skill", "itc/cybersecurity"], "no framework itc; did you mean ict?"),
    (
      ["find", "--skill", "ict/cybersecurty"],
      "no skill cybersecurty in the framework ict; did you mean cybersecurity?"
    ),
    (
      ["find", "--skill", "ict/cybersecurity", "--organisation", "moitc"],
      "no organisation moitc; did you mean moict?"
    ),
    (
      ["find", "--skill", "ict/cybersecurity", "--county", "nairobbi"],
      "no county nairobbi; did you mean nairobi?"
    ),
    (
      ["find", "--skill", "ict/cybersecurity", "--strength", "proctord"],
      "no strength proctord; did you mean proctored"
    ),
    (["has-skill", "nosuch", "ict/cybersecurity"], "no officer nosuch."),
    (["has-skill", "pn:999", "ict/cybersecurity"], "Nobody is registered"),
    (["has-skill", "a", "ict/cybersecurty"], "did you mean cybersecurity?"),
    (["gap", "nosuch"], "no officer nosuch."),
    (["gap", "pn:999"], "Nobody is registered"),
    (["gap", "--organisation", "moitc"], "did you mean moict?"),
    (["profile", "nosuch"], "no officer nosuch"),
    (["profile", "nosuch", "--csv"], "no officer nosuch"),
    (["profile", "a", "--into", "itc"], "no framework itc; did you mean ict?"),
    (["credentials", "nosuch"], "no officer nosuch."),
    (["credentials", "pn:999"], "Nobody is registered with pn 999"),
    (["credentials", "--issuer", "hetta"], "no organisation hetta; did you mean heta?"),
    (["authorisation", "hetta"], "no organisation hetta; did you mean heta?"),
    (
      ["authorisation", "heta", "--course", "cyber-basic"],
      "no course cyber-basic; did you mean cyber-basics?"
    ),
    (["roll", "cyber-2022"], "no cohort cyber-2022; did you mean cyber-2022-1, cyber-2022-2"),
    (["issue", "--cohort", "cyber-2022"], "no cohort cyber-2022"),
    (["compliance", "ia"], "no mandate ia; did you mean ai?"),
    (["compliance", "ai", "--organisation", "moitc"], "did you mean moict?"),
    (["compliance", "ai", "--officers", "--organisation", "moitc"], "did you mean moict?"),
    (
      ["compliance", "ai", "--officers", "--standing", "lat"], "no standing lat; did you mean late?"
    ),
    (
      ["agreement", "gok-huawei-202"], "no agreement gok-huawei-202; did you mean gok-huawei-2022"
    ),
    (["show", "agreement/gok-huawei-202"], "did you mean gok-huawei-2022"),
    (["show", "agreemnt/gok-huawei-2022"], "no kind of stream agreemnt; did you mean agreement"),
    (["history", "course/cyber-basic"], "did you mean cyber-basics?"),
    (["history", "officer/nosuch"], "no officer nosuch."),
    (["explain", "enrolment/nosuch"], "no enrolment nosuch."),
    (["explain", "skill", "a", "ict/cybersecurty"], "did you mean cybersecurity?"),
    (["explain", "compliance", "ia"], "did you mean ai?"),
    (["explain", "agreement", "gok-huawei-202", "people"], "did you mean gok-huawei-2022"),
    (
      ["explain", "agreement", "gok-huawei-2022", "peple"], "no figure peple; did you mean people"
    ),
    (["log", "--kind", "ofcer"], "no kind of stream ofcer; did you mean officer"),
    (["watch", "--kind", "ofcer"], "no kind of stream ofcer; did you mean officer"),
    (["watch", "--officer", "pn:999"], "Nobody is registered"),
    (["expiring", "--within", "9", "--kind", "agrement"], "did you mean agreement"),
    (["exceptions", "--kind", "voidd"], "no kind of exception voidd; did you mean voided"),
    (["life-cycles", "mandat"], "no kind of stream mandat; did you mean mandate"),
    (["template", "oficers"], "no template oficers; did you mean officers"),
    (["person", "pn", "999"], "Nobody is registered with pn 999"),
    (["export", "nosuch"], "no officer nosuch"),
    (["void", "00000000-0000-4000-8000-0000000000ff", "--reason", "x"], "no event"),
    (["document", "--sha256", String(repeating: "0", count: 64)], "0 events cite"),
    (["call", "Registry.Verify", "{}"], "There is no method Registry.Verify"),
    (["call", "CohortRoll", #"{"cohort":"cyber-2022"}"#], "NOT_FOUND"),
    (["describe", "GetProfileRequst"], "did you mean GetProfileRequest"),
  ]

  @Test
  func `What there is not is said to be none, with what may have been meant, and exit status 1`()
    throws
  {
    let program = try Ground.serve()
    for (arguments, sentence) in Self.unknown {
      let said = try program.run(arguments)
      #expect(said.status == 1, "\(arguments): \(said)")
      #expect((said.out + said.error).contains(sentence), "\(arguments): \(said)")
    }
    _ = program.terminate()
    try program.end()
  }

  @Test func `Nothing and no are answers about what there is`() throws {
    let program = try Ground.serve()
    let answers: [(arguments: [String], status: Int32, out: String)] = [
      (["find", "--skill", "ict/cloud-computing"], 0, "0 officers"),
      (["credentials", "--issuer", "moict"], 0, "0 credentials"),
      (["roll", "cloud-2022-1"], 0, "nobody is in the cohort cloud-2022-1"),
      (["has-skill", "a", "ict/cloud-computing"], 1, "no\n"),
      (["has-skill", "a", "ict/cybersecurity"], 0, "yes\n"),
      (["authorisation", "moict"], 1, "moict had no authorisation."),
    ]
    for (arguments, status, out) in answers {
      let said = try program.run(arguments)
      #expect(said.status == status && said.out.hasPrefix(out), "\(arguments): \(said)")
    }
    _ = program.terminate()
    try program.end()
  }

  /// What cannot be read as an option's value, and what is said of it.
  private static let malformed: [(arguments: [String], sentence: String)] = [
    (["profile", "a", "--on", "2022-13-01"], "a day of the calendar is written YYYY-MM-DD"),
    (["profile", "a", "--at-position", "-1"], "give a whole number, 0 to"),
    (["expiring", "--within", "-3"], "give a whole number, 0 to"),
    (["expiring", "--within", "soon"], "give a whole number, 0 to"),
    (["find", "--skill", ""], "\"\" is no skill: write FRAMEWORK/CODE>=LEVEL"),
    (["find", "--skill", "ict/cybersecurity", "--limit", "-1"], "give a whole number, 0 to"),
    (["call", "VerifyCredential", "{}"], "One of credential, certificate must be there."),
    (
      ["call", "VerifyCredentials", #"{"items":[{"at_least":1}]}"#],
      "One of credential, certificate must be there, in items[0]."
    ),
  ]

  @Test func `A value that cannot be read is told with what it must be`() throws {
    let program = try Program()
    try program.serve()
    for (arguments, sentence) in Self.malformed {
      let said = try program.run(arguments)
      #expect(said.status == 2, "\(arguments): \(said)")
      #expect((said.out + said.error).contains(sentence), "\(arguments): \(said)")
    }
    _ = program.terminate()
    try program.end()
  }

  @Test func `The rule of the exit statuses is the page's and the help's`() throws {
    let program = try Program()
    let help = try program.run("--help").out.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    let page = try String(
      contentsOfFile: Ground.samples + "/../../Sources/ujuzi/ujuzi.docc/Operate.md",
      encoding: .utf8)
    for row in [
      "answered: yes, where the question is whether", "with no, some was rejected",
      "no answer: wrong use",
    ] {
      #expect(help.contains(row), "\(help)")
      #expect(page.contains(row), "\(row)")
    }
    try program.end()
  }
}
