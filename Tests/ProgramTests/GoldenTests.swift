import Foundation
import Testing

/// The program on a registry that an older one left: see Tests/Golden/README.md.
struct GoldenTests {
  static let questions: [String: [String]] = [
    "verify-valid": [
      "verify", "--issuer", "heta", "--number", "HETA/2022/0001", "--holder", "pn:2022-000001",
      "--on", "2023-01-01", "--json",
    ],
    "verify-void": [
      "verify", "--issuer", "heta", "--number", "HETA/2022/0002", "--on", "2023-01-01", "--json",
    ],
    "verify-unknown": ["verify", "--issuer", "heta", "--number", "HETA/1999/0001", "--json"],
    "profile-1": ["profile", "pn:2022-000001", "--on", "2023-01-01", "--json"],
    "profile-3": ["profile", "pn:2022-000003", "--on", "2023-01-01", "--json"],
    "person-1": ["person", "pn", "2022-000001", "--json"],
    "person-12": ["person", "pn", "2022-000012", "--json"],
    "agreement": ["agreement", "nc4-huawei-2024", "--json"],
    "history-agreement": ["history", "agreement/gok-huawei-2022"],
    "exceptions": ["exceptions", "--on", "2024-12-31"],
  ]

  /// A program whose registry is the golden one.
  static func program() throws -> Program {
    let program = try Program()
    let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/format-1.tar.gz").path
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "-xzf", archive, "-C", program.folder]
    try tar.run()
    tar.waitUntilExit()
    try FileManager.default.moveItem(
      atPath: program.folder + "/registry", toPath: program.folder + "/data")
    try FileManager.default.moveItem(
      atPath: program.folder + "/registry.key", toPath: program.folder + "/data.key")
    return program
  }

  @Test func `It answers as the older one did, and knows every file that was recorded`() throws {
    let program = try Self.program()
    try program.serve()
    for (name, question) in Self.questions {
      let answer = try program.run(question)
      let expected = try String(
        contentsOfFile: program.folder + "/answers/\(name).txt", encoding: .utf8)
      // What the older program did not say: three kinds of exceptions, the outcome of a verification; and
      // of one its exit status said that it was answered, whatever the answer.
      let out = answer.out.replacingOccurrences(of: "key_damaged: 0\n", with: "")
        .replacingOccurrences(of: "below_pass_mark: 0\n", with: "")
        .replacingOccurrences(of: "non_compliant_before_due: 0\n", with: "")
        .replacingOccurrences(of: "exempted_from_nothing: 0\n", with: "")
        .replacing(/"outcome":"\w+","causes":\[[^\]]*\],/, with: "")
      let said =
        question[0] == "verify" ? out + answer.error : "\(out)\(answer.error)[\(answer.status)]\n"
      let known = question[0] == "verify" ? expected.replacing(/\[\d\]\n$/, with: "") : expected
      #expect(said == known, "\(name)")
    }
    // Of the officers one was merged since, and is refused, as by the older program.
    for (words, unchanged) in [
      (["record", "cases.jsonl"], nil),
      (["import", "officers", "officers.csv", "--source", "hr"], 11),
      (["record", "completions.csv", "--source", "heta"], 10),
    ] as [([String], Int?)] {
      let file = words.firstIndex { $0.contains(".") }!
      var words = words
      words[file] = program.folder + "/" + words[file]
      let again = try program.run(words + ["--quiet"])
      #expect(again.out.contains("(0 events)"), "\(again)")
      if let unchanged { #expect(again.out.contains("\(unchanged) unchanged"), "\(again.out)") }
    }
    #expect(program.terminate() == 0)
    let rebuilt = try program.run("rebuild", "--data", program.folder + "/data")
    // The views in use were themselves computed from the log at the start.
    #expect(rebuilt.status == 3 && rebuilt.out.contains("rebuilt 107 events"), "\(rebuilt)")
    #expect(rebuilt.out.contains("not compared: "), "\(rebuilt)")
    try program.end()
  }

  @Test
  func `A verb on a folder without a registry makes nothing; a first start says that it is one`()
    throws
  {
    let program = try Program()
    let data = program.folder + "/data"
    for verb in ["rebuild", "digest"] {
      let refused = try program.run(verb, "--data", data)
      #expect(
        refused.status == 2 && refused.error.contains("There is no registry in"), "\(refused)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder).isEmpty)
    let first = try program.start(
      "serve", "--data", data, "--listen", "127.0.0.1:0", "--map-size", "1")
    _ = first.lines { $0.contains("ready") }
    first.terminate()
    let said = first.wait()
    #expect(said.error.contains("a new registry begins, log id "), "\(said)")
    // With its log away the folder is a registry still.
    try FileManager.default.removeItem(atPath: data + "/log")
    for words in [
      ["serve", "--listen", "127.0.0.1:0", "--map-size", "1"], ["rebuild"], ["digest"],
    ] {
      let refused = try program.run([words[0], "--data", data] + words.dropFirst())
      #expect(refused.status == 2, "\(refused)")
      #expect(refused.error.contains("The log of the registry in"), "\(refused)")
    }
    #expect(!FileManager.default.fileExists(atPath: data + "/log"))
    try program.end()
  }
}
