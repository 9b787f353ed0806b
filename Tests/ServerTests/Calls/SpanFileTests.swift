import Foundation
import Server
import Testing
import Tracing

@Suite struct SpanFileTests {
  @Test func `A span's line says its trace, its parent, what it was about and how it ended`() throws
  {
    let path = NSTemporaryDirectory() + "spans-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try SpanFile(path: path)
    file.start()
    var context = ServiceContext.topLevel
    context.trace = TraceContext(
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    let span = file.startSpan("Registry.GetProfile", context: context, ofKind: .server)
    span.attributes["rpc.method"] = "GetProfile"
    span.setStatus(SpanStatus(code: .error, message: "No \"such\" officer."))
    span.end()
    span.end()
    // What the caller does not keep is not written.
    context.trace?.isSampled = false
    file.startSpan("other", context: context, ofKind: .server).end()
    file.forceFlush()
    defer { file.close() }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1)
    let line = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(line["traceId"] as? String == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(line["parentSpanId"] as? String == "00f067aa0ba902b7")
    #expect((line["spanId"] as? String)?.count == 16)
    #expect((line["attributes"] as? [String: String])?["rpc.method"] == "GetProfile")
    #expect((line["status"] as? [String: String])?["message"] == "No \"such\" officer.")
  }

  @Test func `What waits at the close is written, and what ends later is counted`() throws {
    let path = NSTemporaryDirectory() + "spans-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try SpanFile(path: path)
    file.start()
    let late = file.startSpan("late", context: .topLevel, ofKind: .server)
    for number in 0..<100 {
      file.startSpan("\(number)", context: .topLevel, ofKind: .server).end()
    }
    file.close()
    late.end()
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 100)
    #expect(file.droppedCount == 1)
  }

  @Test(arguments: [
    "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
  ])
  func `What is no traceparent is not taken for one`(text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }

  @Test func `A traceparent is read as it is written`() {
    for text in [
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    ] {
      #expect(TraceContext(traceparent: text)?.traceparent == text)
    }
    #expect(
      TraceContext(traceparent: "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x") != nil)
  }
}
