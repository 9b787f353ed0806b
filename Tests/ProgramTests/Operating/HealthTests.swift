import Foundation
import Testing

/// What `health` and `status` say of a server that serves, that stops and that is gone.
struct HealthTests {
  @Test func `Status says the word of health, and what is left of the disks`() throws {
    let program = try Program()
    try program.serve()
    let health = try program.run("health", "--json")
    #expect(health.status == 0 && health.out.contains(#""serving":"yes""#), "\(health)")
    let status = try program.run("status").out
    #expect(status.hasPrefix("health       serving"), "\(status)")
    #expect(
      status.contains(/disks +\d+ [GM]iB of \d+ [GM]iB free \(log, vault, views\)/), "\(status)")
    #expect(!status.contains(program.folder), "\(status)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `A server that is stopping is draining, and not gone, while a call is open`() throws {
    let program = try Program()
    try program.serve()
    // An exchange that is open for as long as its input is.
    let input = Pipe()
    let call = try program.start("call", "Registrar.RecordMany", "-", input: input)
    input.fileHandleForWriting.write(Data("{\"items\":[]}\n".utf8))
    _ = call.lines { $0.hasPrefix("{") }
    kill(program.processID, SIGTERM)
    var text = try program.run("health")
    // The signal is taken a moment later.
    for _ in 0..<100 where text.status == 0 { text = try program.run("health") }
    #expect(text.status == 1, "\(text)")
    #expect(text.out.hasPrefix("draining ("), "\(text)")
    #expect(text.out.contains("The server is stopping"), "\(text)")
    let json = try program.run("health", "--json")
    #expect(json.status == 1 && json.out.contains(#""serving":"draining""#), "\(json)")
    #expect(try program.run("profile", "a").status == 2, "there is no answer from it")
    try input.fileHandleForWriting.close()
    _ = call.wait()
    program.waitUntilExit()
    #expect(try program.run("health").status == 2)
    try program.end()
  }

  @Test func `A log that is damaged is served read_only, with the reason and no path`() throws {
    let program = try Program()
    try program.serve()
    let events = (0..<40).map {
      """
      {"stream":"officer/o\($0)","effective":"2020-01-01","personal":{"name":"Made Up"},"officer":{"registered":{"posting":{"organisation":"o"}}}}

      """
    }
    let file = program.folder + "/events.jsonl"
    try
      (#"{"stream":"registry/x","effective":"2015-01-01","registry":{"established":{"jurisdiction":"x","time_zone":"Africa/Kigali"}}}"#
      + "\n"
      + #"{"stream":"organisation/o","effective":"2019-01-01","organisation":{"registered":{"name":"O","roles":["employer"]}}}"#
      + "\n" + events.joined()).write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try program.run("record", file, "--quiet").status == 0)
    _ = program.terminate()
    let log = program.folder + "/data/log/data.mdb"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: log))
    // An officer's: what is shared is read at a start.
    let found = try #require(bytes.range(of: Data("officer/o33".utf8)))
    bytes[found.upperBound] ^= 1
    try bytes.write(to: URL(fileURLWithPath: log))
    let refused = try program.run("digest", "--data", program.folder + "/data")
    #expect(refused.status == 2 && refused.error.contains("damaged"), "\(refused)")
    try program.serve(["--despite-damage"])
    let health = try program.run("health")
    #expect(health.status == 1 && health.out.hasPrefix("read_only, as of "), "\(health)")
    #expect(health.out.contains("The log is damaged: "), "\(health)")
    let status = try program.run("status").out
    #expect(status.hasPrefix("health       read_only: The log is damaged: "), "\(status)")
    for text in [health.out, status] { #expect(!text.contains(program.folder), "\(text)") }
    _ = program.terminate()
    try program.end()
  }
}
