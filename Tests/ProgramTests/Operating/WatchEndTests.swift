import Foundation
import Testing

/// `watch` ends where it could never go on, and says what it waits for where it could.
struct WatchEndTests {
  private static func established(_ name: String) -> String {
    """
    {"stream":"registry/\(name)","effective":"2015-01-01","registry":{"established":{"jurisdiction":"\(name)","time_zone":"Africa/Kigali"}}}
    {"stream":"organisation/a","effective":"2016-01-01","organisation":{"registered":{"name":"A of \(name)"}}}

    """
  }

  @Test func `A server that goes and comes is waited for, and both are said`() throws {
    let program = try Program()
    try program.serve()
    let port = program.port
    #expect(try Sayings.record(Self.established("x"), program).status == 0)
    let watcher = try program.start("watch", "--kind", "organisation", "--from", "0")
    _ = watcher.lines { $0.contains("organisation/a") }
    _ = program.terminate()
    Thread.sleep(forTimeInterval: 1)
    try program.serve(port: port)
    let more = """
      {"stream":"organisation/b","effective":"2016-01-01","organisation":{"registered":{"name":"B"}}}

      """
    #expect(try Sayings.record(more, program).status == 0)
    #expect(watcher.lines { $0.contains("organisation/b") }.count == 1)
    watcher.interrupt()
    let ended = watcher.wait()
    #expect(ended.status == 0, "\(ended)")
    #expect(ended.error.contains("Going on as soon as it can be reached."), "\(ended)")
    #expect(ended.error.contains("ujuzi: going on\n"), "\(ended)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `Another registry at the address ends it, with exit status 2`() throws {
    let program = try Program()
    try program.serve()
    let port = program.port
    #expect(try Sayings.record(Self.established("x"), program).status == 0)
    let watcher = try program.start("watch", "--kind", "organisation", "--from", "0")
    _ = watcher.lines { $0.contains("organisation/a") }
    _ = program.terminate()
    for name in ["/data", "/data.key"] {
      try FileManager.default.removeItem(atPath: program.folder + name)
    }
    try program.serve(port: port)
    #expect(try Sayings.record(Self.established("y"), program).status == 0)
    let ended = watcher.wait()
    #expect(ended.status == 2, "\(ended)")
    #expect(ended.error.contains("another registry's log"), "\(ended)")
    #expect(ended.error.contains("go on with --from "), "\(ended)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `What is refused once is refused for ever`() throws {
    let program = try Program()
    try program.serve()
    #expect(try Sayings.record(Self.established("x"), program).status == 0)
    for wrong in [
      ["--from", "77"], ["--from", "1.0@00112233445566778899aabb"], ["--kind", "nothing"],
      ["--officer", "pn:77"],
    ] {
      let ended = try program.run(["watch"] + wrong)
      #expect([1, 2].contains(ended.status) && !ended.error.isEmpty, "\(wrong): \(ended)")
    }
    _ = program.terminate()
    let gone = try program.run("watch")
    #expect(gone.status == 2 && gone.error.contains("Nobody listens"), "\(gone)")
    try program.end()
  }
}
