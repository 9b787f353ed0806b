import Foundation
import Messages
import Registry
import Testing
import UjuziClient

/// `ujuzi watch` while its server comes and goes.
struct WatchVerbTests {
  @Test func `A watcher whose server is killed and started again sees every change once`()
    async throws
  {
    let program = try Program()
    try program.serve()
    let port = program.port
    let first = try await program.connect()
    _ = try await ProgramTests.record(ProgramTests.established, first)
    let watcher = try program.start("watch", "--kind", "organisation", "--from", "0")
    _ = try await ProgramTests.record(ProgramTests.organisation(0), first)
    let begun = watcher.lines { $0.hasPrefix("1.0@") }
    var key = 1
    for round in 0..<4 {
      if round > 0 { try program.serve(port: port) }
      let client = try await program.connect()
      let processID = program.processID
      let killer = Task {
        try await Task.sleep(for: .milliseconds(150))
        kill(processID, SIGKILL)
      }
      while (try? await ProgramTests.record(ProgramTests.organisation(key), client)) != nil {
        key += 1
      }
      key += 1
      _ = try await killer.value
      program.waitUntilExit()
      await client.close()
    }
    try program.serve(port: port)
    let client = try await program.connect()
    let last = try await ProgramTests.record(ProgramTests.organisation(key), client)
    let end = try #require(last?.position)
    let lines = begun + watcher.lines { $0.hasPrefix("\(end).0@") }
    #expect(lines.map { $0.prefix { $0 != "." } } == (1...end).map { "\($0)" })
    watcher.interrupt()
    let ended = watcher.wait()
    #expect(ended.status == 0)
    // Behind the last line, or where the log was read to.
    #expect(
      ["\(end).0", "\(end + 1)"].contains { ended.error.contains("\ngo on with --from \($0)@") },
      "\(ended.error)")
    await client.close()
    await first.close()
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `A watcher goes on from the cursor of any line`() async throws {
    let program = try Program()
    try program.serve()
    let client = try await program.connect()
    for key in -1..<5 {
      _ = try await ProgramTests.record(
        key < 0 ? ProgramTests.established : ProgramTests.organisation(key), client)
    }
    let watcher = try program.start("watch", "--from", "3.0", "--json")
    #expect(
      watcher.lines { $0.contains("\"o4\"") || $0.contains("organisation/o4") }.count == 2)
    watcher.interrupt()
    #expect(watcher.wait().status == 0)
    // A line's own cursor, and one of which the event's name is wrong.
    let first = try program.start("watch", "--from", "0")
    let lines = first.lines { $0.hasPrefix("5.0@") }
    first.interrupt()
    _ = first.wait()
    let cursor = String(try #require(lines.first { $0.hasPrefix("4.0@") }).prefix { $0 != " " })
    let later = try program.start("watch", "--from", cursor)
    #expect(later.lines { $0.hasPrefix("5.0@") }.count == 1)
    later.interrupt()
    _ = later.wait()
    let flipped = cursor.dropLast() + (cursor.hasSuffix("0") ? "1" : "0")
    let refused = try program.run("watch", "--from", String(flipped))
    #expect(refused.status == 2 && refused.error.contains("older log was put back"), "\(refused)")
    for mistyped in ["5.0@", "5.0@12", "5@x", "@", "5.4294967295", "5.0@00@00"] {
      #expect(try program.run("watch", "--from", mistyped).status == 2, "\(mistyped)")
    }
    let wrong = try program.run("watch", "--from", "99")
    #expect(wrong.status == 2 && wrong.error.contains("The log has 6 events"), "\(wrong)")
    let both = try program.run("watch", "--kind", "officer", "--credential", "k1")
    #expect(both.status == 2)
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }
}
