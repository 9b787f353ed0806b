import Messages
import Registry

/// What an answer says of one thing, in words.
package struct AnswerText: Hashable, Sendable {
  /// A part that is somebody's own, such as a day.
  package struct Detail: Hashable, Sendable {
    var name: String
    var value: String
  }

  /// What many may have in common: they are counted by it.
  package var short: String
  package var details: [Detail] = []
  /// A field of a stream's state: where the whole state comes or goes, it is not told by itself.
  var isField = false

  init(_ short: String, details: [(String, String?)] = [], isField: Bool = false) {
    self.short = short
    self.isField = isField
    self.details = details.compactMap { name, value in
      value.map { Detail(name: name, value: $0) }
    }
  }

  /// The details listed at most.
  static let detailsMax = 40

  package var text: String {
    let listed = details.prefix(Self.detailsMax).map { "\($0.name) \($0.value)" }
    let rest = details.count - listed.count
    let more = rest > 0 ? ["and \(rest) more fields"] : []
    return ([short] + listed + more).joined(separator: ", ")
  }
}

/// The lines that answers have about streams and people, by the stream and by what they say.
package struct AnswerLines: Sendable {
  static let status = "status"
  static let nothing = "nothing stands"
  static let policy = "policy"

  private(set) var lines: [StreamID: [String: AnswerText]] = [:]

  package init() {}

  mutating func set(_ stream: StreamID, _ what: String, _ text: AnswerText) {
    lines[stream, default: [:]][what] = text
  }

  mutating func set(_ stream: StreamID, _ more: [String: AnswerText]) {
    lines[stream, default: [:]].merge(more) { _, new in new }
  }

  /// What differs, in the order of the streams. A line that is on one side alone comes or goes.
  package func changes(to after: AnswerLines) -> [AnswerChange] {
    var changes: [AnswerChange] = []
    for stream in Set(lines.keys).union(after.lines.keys).sorted() {
      let (old, new) = (lines[stream] ?? [:], after.lines[stream] ?? [:])
      let begins = old[Self.status]?.short == Self.nothing
      let ends = new[Self.status]?.short == Self.nothing
      for what in Set(old.keys).union(new.keys).sorted() {
        var (a, b) = (old[what], new[what])
        if (a ?? b)?.isField ?? false, begins != ends { continue }
        // Which policy judges is news only of somebody whom another one judged before.
        if what == Self.policy, a == nil || b == nil { continue }
        if what == Self.status, begins == ends {
          // Each field has a line of its own.
          a?.details = []
          b?.details = []
        }
        guard a != b else { continue }
        changes.append(AnswerChange(stream: stream, what: what, before: a, after: b))
      }
    }
    return changes
  }
}

/// A line that differs.
package struct AnswerChange: Hashable, Sendable {
  package var stream: StreamID
  package var what: String
  /// Nil: it was not said.
  package var before: AnswerText?
  /// Nil: it is not said.
  package var after: AnswerText?
}
