import Messages
import Projections
import Registry

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A preview and what came of it, as lines of text to be compared.
struct Previewing {
  let registry: TestRegistry

  static func text(
    _ stream: StreamID, _ what: String, _ before: String, _ after: String, _ count: UInt64 = 0
  ) -> String {
    (count > 0 ? "\(count) × \(stream.kind.rawValue)" : stream.text)
      + " \(what): \(before.isEmpty ? "–" : before) → \(after.isEmpty ? "–" : after)"
  }

  func preview(_ proposals: Proposal...) throws -> PreviewReply {
    try registry.submit(
      proposals.map { RecordItem(proposal: Codec.encode($0)) }, purpose: .preview
    ).get()
  }

  /// The lines of a preview.
  func lines(_ proposals: Proposal...) throws -> [String] {
    let reply = try registry.submit(
      proposals.map { RecordItem(proposal: Codec.encode($0)) }, purpose: .preview
    ).get()
    return Self.lines(reply)
      + reply.outcomes.compactMap { outcome in
        if case .rejected(let rejected) = outcome { "rejected: \(rejected.sentence)" } else { nil }
      }
  }

  static func lines(_ reply: PreviewReply) -> [String] {
    reply.changes.map { text($0.stream!, $0.what, $0.before, $0.after, $0.count) }
  }

  /// What `Diff` says of all that was recorded from a position on.
  func difference(from: UInt64, on: Day?) throws -> [String] {
    try registry.allPages(.diff, DiffRequest(from: from, on: on), DiffPage.self)
      .flatMap(\.lines).map { Self.text($0.stream, $0.what, $0.before, $0.after, $0.count) }
  }

  /// What differs of every stream and everybody that there is, without any guess at whom it may
  /// concern.
  func wholeDifference(from: UInt64, on: Day) throws -> [String] {
    try registry.session { session in
      let readModel = session.readModel
      var streams: [StreamID] = []
      for kind in StreamKind.allCases {
        streams += try readModel.rows(of: kind, after: nil, limit: 100_000).map(\.stream)
      }
      func answers(_ position: LogPosition) throws -> AnswerLines {
        var lines = AnswerLines()
        let reader = AnswerReader(readModel, on: on, knownAt: position)
        for stream in streams { try reader.add(stream, to: &lines) }
        try reader.add(
          people: streams.filter { $0.kind == .officer }.map(\.key), to: &lines)
        return lines
      }
      var groups = ChangeGroups()
      groups.add(try answers(from).changes(to: answers(readModel.asOf)))
      return groups.lines.map { Self.text($0.stream, $0.what, $0.before, $0.after, $0.count) }
    }
  }
}
