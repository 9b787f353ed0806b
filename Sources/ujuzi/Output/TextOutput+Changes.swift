import Messages
import Registry

/// What changes, as a preview and a difference tell it.
extension TextOutput {
  /// Nil: nothing would change, and nothing is to be said of it.
  static func preview(_ reply: PreviewReply) -> String? {
    var lines = reply.changes.map {
      change(
        $0.stream.map { [$0] } ?? [], $0.streams, count: $0.count, $0.what, $0.before, $0.after)
    }
    if reply.more > 0 { lines.append("… and \(reply.more) more lines") }
    if let looked = reply.lookedAt, looked.done < looked.of {
      lines.append(
        "… looked at \(looked.done) of \(looked.of) people whose answers may change: what changes "
          + "for the others is not told")
    }
    if lines.isEmpty { lines.append("no answer would change") }
    if let day = reply.on { lines.insert("on \(day.text):", at: 0) }
    return lines.joined(separator: "\n")
  }

  static func difference(_ line: DiffLine) -> String {
    change([line.stream], line.streams, count: line.count, line.what, line.before, line.after)
      + "  (by \(line.positions.map(String.init).joined(separator: " ")))"
  }

  private static func change(
    _ first: [StreamID], _ streams: [StreamID], count: UInt64, _ what: String, _ before: String,
    _ after: String
  ) -> String {
    let text =
      "\(what): \(before.isEmpty ? "–" : before) → \(after.isEmpty ? "–" : after)"
    guard count > 0 else { return "\(first.first?.text ?? "?")  \(text)" }
    let named = (streams.isEmpty ? first : streams).prefix(3).map(\.text).joined(separator: ", ")
    return "\(count) × \(first.first?.kind.rawValue ?? "?")  \(text)  (\(named), …)"
  }
}
