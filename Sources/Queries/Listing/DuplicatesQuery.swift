import Foundation
import Messages
import Projections
import Registry
import RegistryStorage

/// Officers' records that may be of one person: whose names are the same words, whatever their
/// order, case and accents, or who have a contact in common. For a registrar, who then looks.
///
/// The first pass opens each record and keeps 16 bytes for its name and each contact; what is alike
/// is opened again and compared, so that no two records are named for the sake of a hash.
package struct DuplicatesQuery: Query {
  /// Rows that are read at once.
  static let officersMax = 128
  static let groupsMax = 50
  /// Names and contacts kept, 16 bytes each.
  static let entriesMax = 8_000_000
  /// Records of one group that are listed.
  static let membersMax = 200

  private var asOf: AsOf
  private var stage = Stage.reading(after: nil)
  private var examined: UInt64 = 0
  private let index = MatchIndex()

  private enum Stage { case reading(after: Identifier?), grouping, telling(Int) }

  package init(_ question: DuplicatesRequest) {
    asOf = AsOf(atLeast: question.atLeast)
  }

  package var cost: QueryCost { .heavy }
  package var gatheredBytes: Int { index.memoryBytes }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(session)
    var isOver = false
    var page = DuplicatesPage(asOf: position)
    switch stage {
    case .reading(let after):
      let last = try read(after: after, session, day, position, slice)
      stage = last.map { .reading(after: $0) } ?? .grouping
    case .grouping:
      if index.group(slice) { stage = .telling(0) }
    case .telling(var next):
      var budget = PageBudget(slice)
      while next < index.groups.count, page.groups.count < Self.groupsMax, !budget.isFull {
        let groups = try groups(index.groups[next], session, day, position)
        for group in groups { budget.add(group, session) }
        page.groups += groups
        next += 1
        if slice.isOver { break }
      }
      stage = .telling(next)
      isOver = next == index.groups.count
    }
    let all = UInt64(try session.readModel.snapshot.count(session.readModel.views[.roster]))
    page.progress = Progress(done: min(examined, all), of: all)
    let bytes = Codec.encode(page, arena: session.arena)
    return isOver ? .end(bytes) : .message(bytes)
  }

  /// - Returns: the last record that was read, where there may be more.
  private mutating func read(
    after: Identifier?, _ session: ReadSession, _ day: Day, _ position: LogPosition,
    _ slice: TimeSlice
  ) throws -> Identifier? {
    let rows = try session.readModel.rows(of: .officer, after: after, limit: Self.officersMax)
    for (at, (stream, row)) in rows.enumerated() {
      examined += 1
      if row.head.state?.officer?.mergedInto == nil,
        let first = try session.readModel.positions(of: stream).first, first < position
      {
        for alike in try session.alike(stream.key, on: day, knownAt: position) {
          try index.add(alike.hash, first)
        }
      }
      if slice.isOver, at + 1 < rows.count { return stream.key }
    }
    return rows.count == Self.officersMax ? rows.last?.stream.key : nil
  }

  /// The records behind equal hashes, told apart by what they really say.
  private func groups(
    _ found: MatchIndex.Group, _ session: ReadSession, _ day: Day, _ position: LogPosition
  ) throws -> [DuplicateGroup] {
    var alike: [MatchKey: [Identifier]] = [:]
    for at in found.positions.prefix(Self.membersMax) {
      let officer = try session.readModel.stored(at).stream.key
      for own in try session.alike(officer, on: day, knownAt: position)
      where own.hash == found.hash {
        alike[own, default: []].append(officer)
      }
    }
    return alike.filter { $0.value.count > 1 }
      .sorted { ($0.key.what, $0.value[0]) < ($1.key.what, $1.value[0]) }
      .map { DuplicateGroup(alike: $0.key.what, officers: $0.value.sorted()) }
  }
}

/// A key under which two records match.
struct MatchKey: Hashable, Sendable {
  /// `name` or `contact`.
  var what: String
  var text: String

  /// FNV-1a: what is alike has the same; what has the same is compared again.
  var hash: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in what.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }

  /// The words of a name in one order, without case, accents and marks; nil where there are none.
  static func name(_ name: String) -> MatchKey? {
    let plain = name.folding(
      options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    // An apostrophe stands within a word: Ng'ang'a, O'Brien.
    let words = plain.filter { !"'’ʼ`".contains($0) }
      .split { !$0.isLetter && !$0.isNumber }.sorted()
    return words.isEmpty ? nil : MatchKey(what: "name", text: words.joined(separator: " "))
  }

  /// An address without case, or the last nine digits of a number: 0712 345 678 and
  /// +254 712 345 678 are one.
  static func contact(_ contact: String) -> MatchKey? {
    if contact.contains("@") {
      let plain = contact.lowercased().filter { !$0.isWhitespace }
      return MatchKey(what: "contact", text: plain)
    }
    let digits = contact.filter { $0.isASCII && $0.isNumber }
    return digits.count < 6 ? nil : MatchKey(what: "contact", text: String(digits.suffix(9)))
  }
}

extension ReadSession {
  /// By what a record may be like others; nothing for one that is merged, or whose key is gone.
  func alike(
    _ officer: Identifier, on day: Day, knownAt position: LogPosition
  ) throws -> Set<MatchKey> {
    guard
      readModel.sharedStreams.merges.survivor(of: officer, on: day, knownAt: position) == officer,
      let personal = try personal(of: officer, knownAt: position)
    else { return [] }
    return Set([MatchKey.name(personal.name)].compactMap(\.self))
      .union(personal.contacts.compactMap(MatchKey.contact))
  }
}

/// Hashes of names and contacts with where each record begins in the log. One stream fills and
/// reads it, one thread at a time.
///
/// Partitioned by the hashes' first bits, so that each partition is sorted in one slice.
private final class MatchIndex: @unchecked Sendable {
  private typealias Entry = (hash: UInt64, position: LogPosition)
  private static let partBits: UInt64 = 12

  private var parts: [[Entry]] = Array(repeating: [], count: 1 << partBits)
  private var count = 0
  private var grouped = 0
  private(set) var groups: [Group] = []

  struct Group {
    var hash: UInt64
    /// Where the records begin, in the order of the log.
    var positions: [LogPosition]
  }

  /// About what it takes.
  var memoryBytes: Int { count * 24 }

  func add(_ hash: UInt64, _ position: LogPosition) throws(QueryFailure) {
    guard count < DuplicatesQuery.entriesMax else {
      throw .tooMuch(
        "There are more than \(DuplicatesQuery.entriesMax) names and contacts to compare.",
        rule: .entriesMax)
    }
    count += 1
    parts[Int(hash >> (64 - Self.partBits))].append((hash, position))
  }

  /// Finds the groups; true when complete, in the order in which their first records begin.
  func group(_ slice: TimeSlice) -> Bool {
    while grouped < parts.count {
      group(parts[grouped])
      parts[grouped] = []
      grouped += 1
      if slice.isOver { return false }
    }
    groups.sort { ($0.positions[0], $0.hash) < ($1.positions[0], $1.hash) }
    return true
  }

  private func group(_ part: [Entry]) {
    let entries = part.sorted { ($0.hash, $0.position) < ($1.hash, $1.position) }
    var at = 0
    while at < entries.count {
      var next = at + 1
      while next < entries.count, entries[next].hash == entries[at].hash { next += 1 }
      if next - at > 1 {
        groups.append(Group(hash: entries[at].hash, positions: entries[at..<next].map(\.position)))
      }
      at = next
    }
  }
}
