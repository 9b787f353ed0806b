import JSON
import Messages
import Registry

/// One JSON document, written as the pages come: nothing of it is kept.
struct RecordDocument {
  private var stream: StreamID?
  private var isFirstEvent = true

  /// The lines that a page adds.
  mutating func add(_ page: OfficerRecordPage) throws -> [String] {
    if let officer = page.officer {
      return [
        "{\"officer\":\(JSONText.string(officer.text).text),\"as_of\":\(page.asOf),",
        "\"personal\":" + (try json("Personal", page.personal)) + ",",
        "\"profile\":" + (try json("GetProfileReply", page.profile)) + ",", "\"streams\":[",
      ]
    }
    guard let next = page.stream else { return [] }
    var lines: [String] = []
    if next != stream {
      if stream != nil { lines.append("]},") }
      lines.append(
        "{\"stream\":\(JSONText.string(next.text).text),\"state\":"
          + (try json("StreamState", page.state)) + ",\"events\":[")
      (stream, isFirstEvent) = (next, true)
    }
    for line in page.history {
      lines.append((isFirstEvent ? "" : ",") + (try event(line, page.personal).text))
      isFirstEvent = false
    }
    return lines
  }

  var end: String { stream == nil ? "]}" : "]}]}" }

  private func json<M: Message>(_ name: String, _ message: M?) throws -> String {
    guard let message else { return "null" }
    return try JSONMapping.text(of: name, Codec.encode(message)).text
  }

  /// An event as it was recorded, what became of it, and what was sealed with it.
  private func event(_ line: HistoryLine, _ personal: Personal?) throws -> JSONText {
    guard case .object(let recorded) = try JSONMapping.text(of: "Recorded", line.event) else {
      return .null
    }
    // What is sealed is told in the clear, to whom it is of.
    var members = recorded.filter { !["sealed_sha256", "digest", "entropy"].contains($0.name) }
    if let actor = members.firstIndex(where: { $0.name == "actor" }),
      let bytes = try? Codec.decode(Recorded.self, from: line.event).actor
    {
      members[actor].value = .string(String(decoding: bytes, as: UTF8.self))
    }
    members.append(("standing", .string(line.standing.name)))
    if let by = line.by { members.append(("no_longer_by_position", .number("\(by)"))) }
    if let personal {
      members.append(("personal", try JSONMapping.text(of: "Personal", Codec.encode(personal))))
    }
    return .object(members)
  }
}
