import Algorithms
import EventLog
import Messages
import Projections
import Registry
import RegistryStorage

/// Officers in the order of their ids, each once, page after page as of one position.
///
/// Candidates come from the current rows. Officers changed since the position are candidates too,
/// and so are merged records, since rows name the record and not the person; both are evaluated by
/// a fold (`isApart`). Where the position is too old, every officer who ever had a record is
/// folded.
struct OfficerScan: Sendable {
  let day: Day
  let position: LogPosition
  /// Of the SHA-256 of the event before it.
  private let head: [UInt8]
  /// Everybody is folded: the question is a heavy one.
  let isFolding: Bool
  /// Where to go on; nil: there is nobody more.
  private var from: [UInt8]?
  private var done: UInt64 = 0
  private let officers: UInt64
  private var touched: ChangedSince
  private var apart: [[UInt8]] = []
  private var apartOf = (touched: -1, changedAt: LogPosition.max)

  /// Begins, or goes on from a page's token: at the position where that page was computed.
  init(
    _ session: ReadSession, on day: Day?, atPosition: LogPosition?, atLeast: LogPosition,
    resumeAfter token: [UInt8]
  ) throws {
    let readModel = session.readModel
    var pinned = atPosition
    from = []
    if !token.isEmpty {
      guard let (position, head, key) = Self.read(token: token),
        atPosition ?? position == position
      else {
        throw QueryFailure.invalid(
          "This is no token of a page of this question.", field: "resume_after", rule: .cursor)
      }
      (pinned, from) = (position, key)
      try LogCursor.check(
        position > 0 ? position - 1 : nil, is: head, in: readModel.log, end: readModel.asOf,
        position: position, field: "resume_after")
    }
    try session.check(atLeast: atLeast, at: pinned)
    self.day = day ?? session.today
    position = pinned ?? readModel.asOf
    let isFar = readModel.asOf - position > session.store.eventsBehindMax
    // Without the token's own position named, who resumes so late is told so by `catchUp`.
    isFolding = isFar && atPosition != nil
    officers = UInt64(try readModel.snapshot.count(readModel.views[.roster]))
    touched = ChangedSince(position)
    head = try LogCursor.head(of: position > 0 ? position - 1 : nil, readModel.log)
  }

  /// ```
  /// 0                8                                       16
  /// position (u64)   SHA-256 of the event before it (head)   where to go on (text)
  /// ```
  private static func read(token: [UInt8]) -> (LogPosition, [UInt8], [UInt8])? {
    guard token.count >= 16 else { return nil }
    let position = token.prefix(8).reduce(0) { $0 << 8 | LogPosition($1) }
    return (position, Array(token[8..<16]), Array(token.dropFirst(16)))
  }

  var cost: QueryCost { isFolding ? .heavy : .light }
  var isOver: Bool { from == nil }

  /// What a later question names to go on after what was given; empty after the last.
  var token: [UInt8] {
    guard let from else { return [] }
    return (0..<8).map { UInt8(truncatingIfNeeded: position >> UInt64(56 - 8 * $0)) } + head + from
  }

  /// Told only where everybody is looked at.
  var progress: Progress? {
    isFolding ? Progress(done: min(done, officers), of: officers) : nil
  }

  /// Visits officers until the slice or the scan is over, or the body has enough.
  ///
  /// - Parameter body: gives false to stop after this officer.
  mutating func work(
    _ session: ReadSession, _ slice: TimeSlice, in source: OfficerSource,
    _ body: (_ officer: Identifier, _ isApart: Bool) throws -> Bool
  ) throws {
    guard let start = from else { return }
    let readModel = session.readModel
    guard try isFolding || touched.catchUp(session, slice) else { return }
    if !isFolding { setApart(readModel) }
    let apart = isFolding ? [] : self.apart
    var at = apart.partitioningIndex { !$0.lexicographicallyPrecedes(start) }
    let source = isFolding ? OfficerSource.everybodyEver : source
    var (here, done) = (start as [UInt8]?, self.done)
    try source.lend(readModel) { search in
      while let key = here {
        let found = try search.first(from: key) { slice.isOver }
        let candidate: [UInt8]
        var isApart = false
        switch (found, at < apart.count ? apart[at] : nil) {
        case (.officer(let found), let next?) where !found.lexicographicallyPrecedes(next):
          (candidate, isApart) = (next, true)
        case (.officer(let found), _): candidate = found
        case (.nobodyBefore(let later), let next?) where next.lexicographicallyPrecedes(later):
          (candidate, isApart) = (next, true)
        case (.nobodyBefore(let later), _):
          here = later
          return
        case (.end, let next?): (candidate, isApart) = (next, true)
        case (.end, nil):
          here = nil
          return
        }
        if isApart { at += 1 }
        here = OfficerSource.after(candidate)
        done += 1
        guard let officer = Identifier(key: candidate) else { continue }
        var goesOn = true
        if try !isApart || mayBeMeant(officer, source, readModel) {
          goesOn = try body(officer, isApart || isFolding)
        }
        if !goesOn || slice.isOver { return }
      }
    }
    (from, self.done) = (here, done)
  }

  /// Who has to do with a merge may be meant where some record of theirs is found in each part.
  private func mayBeMeant(
    _ officer: Identifier, _ source: OfficerSource, _ readModel: RegistryReader
  ) throws -> Bool {
    if touched.officers.contains(officer) { return true }
    let related = readModel.sharedStreams.merges.related(to: officer).map { ViewKey.of($0) }
    let parts = if case .allOf(let parts) = source { parts } else { [source] }
    return try parts.allSatisfy { part in
      try related.contains { try part.contains($0, readModel) }
    }
  }

  private mutating func setApart(_ readModel: RegistryReader) {
    let now = (touched: touched.officers.count, changedAt: readModel.sharedStreams.changedAt)
    guard now != apartOf else { return }
    apartOf = now
    apart = readModel.sharedStreams.merges.everybody.union(touched.officers).map { ViewKey.of($0) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}

extension OfficerSource {
  /// Whoever was ever posted in one of the organisations.
  static func posted(in organisations: [Identifier]) -> OfficerSource {
    .anyOf(
      organisations.map { .rows(.posted, prefix: ViewKey.prefix(ViewKey.organisation($0))) })
  }

  /// Whoever has something that names the skill, one that took its place or one whose place these
  /// took, or a course that teaches it so high. None of them gives a higher level than it has.
  static func skill(
    _ wanted: SkillLevel, _ sharedStreams: SharedStreams, on day: Day,
    knownAt position: LogPosition
  ) -> OfficerSource {
    let framework = sharedStreams.state(
      of: StreamID(.framework, wanted.framework), on: day, knownAt: position)?.framework
    var names: Set = [wanted.skill]
    if let framework {
      names.formUnion(framework.successors(of: wanted.skill))
      names.formUnion(names.flatMap(framework.predecessors))
    }
    var parts = names.map {
      OfficerSource.rows(
        .attained, prefix: ViewKey.prefix(ViewKey.skill(wanted.framework, $0)))
    }
    for stream in sharedStreams.streams(of: .course) {
      let editions = sharedStreams.state(of: stream, knownAt: position)?.course?.editions ?? []
      let teaches = editions.contains { edition in
        edition.outcomes.contains {
          $0.framework == wanted.framework && names.contains($0.skill)
            && $0.level >= wanted.level
        }
      }
      guard teaches else { continue }
      parts.append(.rows(.completed, prefix: ViewKey.prefix(stream.key.text)))
      parts.append(.rows(.attained, prefix: ViewKey.prefix(ViewKey.course(stream.key))))
    }
    return .anyOf(parts)
  }
}
