import Foundation
import Testing

/// What could not be written is no success, whatever the verb and whatever was to be said.
struct OutputTests {
  /// A verb with its output going somewhere else: to a file, closed, or to a pipe that nobody reads.
  private func run(
    _ program: Program, _ arguments: [String], _ output: String
  ) throws -> (status: Int32, error: String) {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    shell.arguments = ["-c", "exec '\(Program.path)' \(quoted) \(output)"]
    shell.environment = ["UJUZI_SERVER": "127.0.0.1:\(program.port)"]
    let error = Pipe()
    shell.standardError = error
    try shell.run()
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    return (shell.terminationStatus, text)
  }

  /// Each verb that prints, as it is called; what is answered with no or with an error among them.
  private static func verbs(_ program: Program) -> [[String]] {
    let folder = program.folder
    return [
      ["--help"], ["--version"], ["verify", "--help"], ["help", "verify"],
      ["template", "completions"], ["life-cycles"], ["life-cycles", "duty"], ["rule", "everybody"],
      ["status"], ["health"], ["connections"], ["describe"], ["call", "Health.Check"],
      ["verify", "a1"], ["verify", "c1"], ["verify", "a1", "--json"],
      ["verify", "--file", folder + "/list.csv"], ["profile", "a"], ["profile", "a", "--csv"],
      ["has-skill", "a", "ict/cybersecurity"], ["has-skill", "a", "ict/cloud-computing"],
      ["find", "--skill", "ict/cybersecurity"], ["find", "--skill", "ict/cloud-computing"],
      ["credentials", "a"], ["gap", "a"], ["watch", "--from", "0"],
      ["record", folder + "/ground.jsonl"], ["record", folder + "/ground.jsonl", "--quiet"],
      ["import", "officers", folder + "/officers.csv"], ["person", "pn", "1"], ["imports"],
      ["undo", folder + "/ground.jsonl", "--reason", "x"],
      ["submit", folder + "/list.csv", "--officer", "a"],
      ["issue", "--cohort", "cyber-2022-1"], ["roll", "cyber-2022-1"],
      ["agreement", "gok-huawei-2022"], ["compliance", "ai"], ["expiring", "--within", "10"],
      ["authorisation", "moict"], ["void", Ground.completion, "--reason", "x"],
      ["restore", Ground.completion, "--reason", "x"],
      ["correct", Ground.completion, "--reason", "x", "--effective", "2022-06-29"],
      ["settle", Ground.completion, "--finding", "after_death", "--accepted", "--reason", "x"],
      ["aligned", "digital-master-plan"], ["duplicates"], ["merge", "a", "b", "--reason", "x"],
      ["unmerge", "a", "--reason", "x"],
      ["log"], ["history", "officer/a"], ["show", "officer/a"],
      ["explain", "skill", "a", "ict/cybersecurity"], ["exceptions"],
      ["document", folder + "/list.csv"], ["diff", "0", "5"], ["export", "a"],
      ["keys", "dev", "--out", folder + "/keys"],
      ["serve", "--data", folder + "/other", "--listen", "127.0.0.1:0", "--map-size", "1"],
    ]
  }

  /// Those for which no server may run on the folder.
  private static func offline(_ program: Program) -> [[String]] {
    ["rebuild", "digest"].map { [$0, "--data", program.folder + "/data"] }
  }

  @Test func `A disk that is full is exit status 2 and a sentence, for every verb`() throws {
    let program = try Ground.serve()
    try "credential\na1\n".write(
      toFile: program.folder + "/list.csv", atomically: true, encoding: .utf8)
    let officers = try program.run("template", "officers").out
    try officers.write(
      toFile: program.folder + "/officers.csv", atomically: true, encoding: .utf8)
    func check(_ arguments: [String]) throws {
      let said = try run(program, arguments, ">/dev/full")
      #expect(said.status == 2, "\(arguments): \(said)")
      #expect(
        said.error.contains("The output cannot be written: No space left on device."),
        "\(arguments): \(said)")
    }
    let verbs = Self.verbs(program)
    for arguments in verbs { try check(arguments) }
    // What is started again finds nothing left open: the server that could not say that it is ready
    // has put its folder away.
    let status = program.terminate()
    #expect(status == 0)
    for arguments in Self.offline(program) { try check(arguments) }
    // A verb that is new is in the table too.
    let help = try program.run("--help").out.split(separator: "\n")
    let named = help.compactMap { $0.firstMatch(of: /^  ([a-z-]+) +[A-Z]/).map { String($0.1) } }
    #expect(named.count > 30)
    let tried = Set((verbs + Self.offline(program)).map { $0[0] })
    #expect(Set(named).subtracting(tried).isEmpty, "\(Set(named).subtracting(tried))")
    try program.end()
  }

  @Test func `A closed output is exit status 2, and is no file that the program opens`() throws {
    let program = try Ground.serve()
    for arguments in [["status"], ["verify", "a1"], ["verify", "c1"], ["life-cycles"]] {
      let said = try run(program, arguments, ">&-")
      #expect(said.status == 2, "\(arguments): \(said)")
      #expect(said.error.contains("The output cannot be written: "), "\(arguments): \(said)")
    }
    // Nor does it fail because there is nobody to complain to.
    #expect(try run(program, ["verify", "a1", "--on", "soon"], "2>&-").status == 2)
    #expect(try run(program, ["verify", "a1"], "2>/dev/full").status == 0)
    _ = program.terminate()
    try program.end()
  }

  @Test func `A pipe that nobody reads ends a verb as it ends others`() throws {
    let program = try Ground.serve()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "-c", "'\(Program.path)' log | head -1; echo ${PIPESTATUS[*]}",
    ]
    shell.environment = ["UJUZI_SERVER": "127.0.0.1:\(program.port)"]
    let (out, error) = (Pipe(), Pipe())
    (shell.standardOutput, shell.standardError) = (out, error)
    try shell.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let trouble = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    // Where head is slow all of it may have been taken by the pipe.
    #expect(text.hasSuffix("\n141 0\n") || text.hasSuffix("\n0 0\n"), "\(text)")
    #expect(trouble.isEmpty, "\(trouble)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `JSON comes in the same pages as text, and says that there is more`() throws {
    let program = try Ground.serve()
    let find = ["find", "--skill", "ict/cybersecurity", "--page", "1"]
    func officers(_ more: [String]) throws -> (officers: [String], resume: String?) {
      let said = try program.run(find + ["--json"] + more)
      let lines = said.out.split(separator: "\n")
      #expect(said.status == 0 && lines.count == 1, "\(said)")
      let page =
        try JSONSerialization.jsonObject(with: Data(said.out.utf8)) as? [String: Any] ?? [:]
      let found = (page["officers"] as? [[String: Any]])?.compactMap { $0["officer"] as? String }
      return (found ?? [], page["resume_after"] as? String)
    }
    let text = try program.run(find).out
    let token = try #require(text.firstMatch(of: /--resume ([0-9a-f]+)/)).1
    let first = try officers([])
    #expect(first.officers == ["a"])
    #expect(first.resume == String(token), "the token of the text")
    let second = try officers(["--resume", String(token)])
    #expect(second.officers == ["d"], "b's completion was voided, c's certificate revoked")
    let limited: [(arguments: [String], list: String)] = [
      (["find", "--skill", "ict/cybersecurity"], "officers"),
      (["credentials", "--issuer", "heta"], "credentials"),
    ]
    for (arguments, list) in limited {
      let said = try program.run(arguments + ["--limit", "1", "--json"])
      let lines = try said.out.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      }
      #expect(lines.compactMap { $0[list] as? [Any] }.map(\.count) == [1], "\(said.out)")
      let all = arguments[0] == "find" ? 2 : 4
      #expect(lines.last?["counted"] as? Int == all && lines.last?["printed"] as? Int == 1)
      let text = try program.run(arguments + ["--limit", "1"]).out
      #expect(text.split(separator: "\n").count == 2 && text.contains("\n\(all) "), "\(text)")
    }
    _ = program.terminate()
    try program.end()
  }
}
