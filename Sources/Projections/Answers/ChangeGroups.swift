import Registry

/// Lines that differ, with those that say the same of many counted as one.
package struct ChangeGroups: Sendable {
  /// Subjects of one change that are still listed one by one, and that are named of more.
  package static let namedMax = 8
  /// Different changes at most.
  package static let groupsMax = 4096

  /// A line, or so many alike.
  package struct Line: Hashable, Sendable {
    /// Of several, the first.
    package var stream: StreamID
    package var what: String
    /// Empty: it was not said.
    package var before: String
    /// Empty: it is not said.
    package var after: String
    /// 0: of this stream alone.
    package var count: UInt64 = 0
    /// The first of several.
    package var streams: [StreamID] = []

    fileprivate var place: (String, Int, String, String, String, String) {
      let isCounted = count > 0
      return (
        stream.kind.rawValue, isCounted ? 1 : 0, isCounted ? "" : stream.key.text, what, before,
        after
      )
    }
  }

  /// What those in a group have in common.
  private struct Key: Hashable {
    var kind: StreamKind
    var what: String
    var before: String?
    var after: String?
    /// Where that is the same before and after: the details that differ.
    var details: [String]

    init(_ change: AnswerChange) {
      kind = change.stream.kind
      what = change.what
      (before, after) = (change.before?.short, change.after?.short)
      details = before == after ? change.differing : []
    }
  }

  private struct Group {
    /// The first of them.
    var changes: [AnswerChange] = []
    var count: UInt64 = 0
    /// What all of them say, while that is the same.
    var before: String?
    var after: String?

    mutating func add(_ change: AnswerChange) {
      let (old, new) = (change.before?.text ?? "", change.after?.text ?? "")
      if count == 0 { (before, after) = (old, new) }
      if before != old { before = nil }
      if after != new { after = nil }
      count += 1
      if changes.count < ChangeGroups.namedMax { changes.append(change) }
    }
  }

  private var groups: [Key: Group] = [:]
  /// Changes that there was no room to tell.
  package private(set) var more: UInt64 = 0

  package init() {}

  package var bytesAbout: Int { groups.count * 4096 }

  package mutating func add(_ changes: [AnswerChange]) {
    for change in changes {
      let key = Key(change)
      guard groups[key] != nil || groups.count < Self.groupsMax else {
        more += 1
        continue
      }
      groups[key, default: Group()].add(change)
    }
  }

  /// In the order of the streams. What is counted comes after what is named of its kind, in the order
  /// of what changed: which of many streams is the first says nothing.
  package var lines: [Line] {
    groups.flatMap { key, group in
      if group.count <= UInt64(Self.namedMax) {
        return group.changes.map {
          Line(
            stream: $0.stream, what: $0.what, before: $0.before?.text ?? "",
            after: $0.after?.text ?? "")
        }
      }
      let other = key.details.isEmpty ? "" : ", with another " + key.details.joined(separator: ", ")
      return [
        Line(
          stream: group.changes[0].stream, what: key.what, before: group.before ?? key.before ?? "",
          after: group.after ?? (key.after.map { $0 + other } ?? ""), count: group.count,
          streams: group.changes.map(\.stream))
      ]
    }.sorted { $0.place < $1.place }
  }
}

extension AnswerChange {
  /// The names of the details that are not the same.
  fileprivate var differing: [String] {
    let (old, new) = (before?.details ?? [], after?.details ?? [])
    return Set(old).symmetricDifference(new).map(\.name).sorted().reduce(into: []) { names, name in
      if names.last != name { names.append(name) }
    }
  }
}
