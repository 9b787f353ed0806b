import Foundation
import JSON
import Messages
import Testing

/// What an operator has for this protocol.
@Suite struct OperatorVerbsTests {
  private static let cases = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Tools/samples/cases.jsonl").path

  private func server() throws -> Program {
    let program = try Program()
    try program.serve()
    return program
  }

  @Test func `Health says whether the server serves, and that it is not there`() throws {
    let program = try server()
    let (status, out, _) = try program.run("health")
    #expect(status == 0 && out.hasPrefix("serving, as of 0 events"))
    _ = program.terminate()
    let gone = try program.run("health")
    #expect(gone.status == 2 && gone.error.contains("Nobody listens"))
  }

  @Test func `Connections are told, a line each`() throws {
    let program = try server()
    let (status, out, _) = try program.run("connections", "--json")
    #expect(status == 0)
    let reply = try JSONMapping.bytes(of: "ConnectionsReply", try JSONText(Array(out.utf8)))
    let lines = try Codec.decode(ConnectionsReply.self, from: reply).connections
    #expect(lines.count == 1 && lines[0].client == "ujuzi" && lines[0].phase == "open")
    #expect(try program.run("connections").out.contains("loopback"))
    _ = program.terminate()
  }

  @Test func `Describe shows methods, a method's messages and enums as the server has them`()
    throws
  {
    let program = try server()
    let all = try program.run("describe").out
    for method in Method.allCases { #expect(all.contains(method.name)) }
    let one = try program.run("describe", "registry.verifycredential").out
    #expect(one.contains("method Registry.VerifyCredential = 32, on_loop, revision 1"))
    #expect(one.contains("message VerifyCredentialRequest {"))
    #expect(one.contains("  oneof "))
    #expect(try program.run("describe", "Serving").out.contains("  SERVING_YES = 1"))
    let none = try program.run("describe", "Nothing")
    #expect(none.status == 1 && none.error.contains("There is no method, message or enum"))
    _ = program.terminate()
  }

  @Test func `Call asks any method with JSON: one answer, a stream, an exchange`() throws {
    let program = try server()
    let recorded = try program.run("record", Self.cases, "--quiet")
    #expect(recorded.status == 0, "\(recorded.error)")
    let one = try program.run("call", "Registry.GetStream", #"{"stream":"organisation/moict"}"#)
    #expect(one.status == 0 && one.out.contains("Ministry of Information"), "\(one.error)")
    let stream = try program.run("call", "ReadLog", #"{"limit":3}"#)
    #expect(stream.status == 0 && stream.out.contains("registry/ke"))
    let again = try program.run("call", "Registrar.RecordMany", #"{"items":[]}"#)
    #expect(again.status == 0 && again.out.contains("as_of"), "\(again.error)")
    _ = program.terminate()
  }

  @Test func `Call prints a status as JSON and says so by its exit status`() throws {
    let program = try server()
    let refused = try program.run("call", "Registry.ResolveOfficer", "{}")
    #expect(refused.status == 2)
    #expect(refused.error.hasPrefix("INVALID_ARGUMENT {"), "\(refused.error)")
    #expect(refused.error.contains(#""field":"identifier""#))
    let unknown = try program.run("call", "Registry.Nothing", "{}")
    #expect(unknown.status == 1 && unknown.error.contains("There is no method Registry.Nothing"))
    let malformed = try program.run("call", "Health.Check", "{")
    #expect(malformed.status == 2)
    _ = program.terminate()
  }

  @Test func `Spans of calls stand in the file that serve was told`() throws {
    let program = try Program()
    let spans = program.folder + "/spans.jsonl"
    try program.serve(port: 0, ["--spans", spans])
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    _ = try program.run(
      "call", "Audit.Status", "{}", "--traceparent", "00-\(trace)-00f067aa0ba902b7-01")
    _ = program.terminate()
    let text = try String(contentsOfFile: spans, encoding: .utf8)
    #expect(text.contains(#""traceId":"\#(trace)""#))
    #expect(text.contains(#""parentSpanId":"00f067aa0ba902b7""#) && text.contains("Audit.Status"))
  }
}
