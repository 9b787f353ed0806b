import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// What does not fit, over the whole registry as known at one position: first a pass over the log
/// (what was voided, corrected, or relied on what did not stand), then one over the enrolments
/// (trainings that nobody was authorised for, or that were passed below their mark), one over the
/// credentials (evidence withdrawn), one over the duties (non-compliances before they were due,
/// exemptions after the closing), one over what else may contradict itself, and one over the officers'
/// keys, which are as they are now at any position. Each page says how far it has come.
package struct ExceptionsQuery: Query {
  /// Rows that are read at once.
  static let streamsMax = 128
  static let pageLinesMax = 500

  enum Stage: Sendable {
    case log(LogPosition)
    case enrolments(after: Identifier?)
    case credentials(after: Identifier?)
    case duties(after: Identifier?)
    /// The first of `ExceptionFinder.plainKinds`, then the others.
    case plain(kind: Int, after: Identifier?)
    case shared
    case numbers(after: [UInt8]?)
    case keys(after: Identifier?)
    case over
  }

  private let kinds: Set<ExceptionKind>
  private let isOpenOnly: Bool
  private let since: LogPosition?
  private var asOf: AsOf
  private var stage = Stage.log(0)
  /// Streams examined so far, for the progress.
  private var examined: UInt64 = 0
  /// Events of the log read so far.
  private var read: LogPosition = 0
  /// Lines that the last page had no room for.
  private var found = LineQueue<ExceptionLine>()

  package init(_ question: ExceptionsRequest) {
    kinds = question.kinds.isEmpty ? Set(ExceptionKind.allCases) : Set(question.kinds)
    isOpenOnly = question.open
    since = question.since
    asOf = AsOf(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  package var cost: QueryCost { .heavy }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let readModel = session.readModel
    let (day, position) = try asOf.pin(session)
    var page = ExceptionsPage(asOf: position)
    if found.isEmpty {
      let finder = ExceptionFinder(
        readModel: readModel, day: day, today: session.today, position: position, kinds: kinds,
        slice: slice)
      try find(ExceptionsSince(finder, since: since), session.store.vault)
    }
    page.progress = try progress(position, readModel)
    page.lines = found.take(Self.pageLinesMax, slice, session)
    guard found.isEmpty, case .over = stage else {
      return .message(Codec.encode(page, arena: session.arena))
    }
    if let all = page.progress?.of { page.progress?.done = all }
    return .end(Codec.encode(page, arena: session.arena))
  }

  private mutating func find(_ finders: ExceptionsSince, _ vault: Vault) throws {
    let finder = finders.now
    let (readModel, position) = (finder.readModel, finder.position)
    let hasFindings = ExceptionFinder.looksForFindings(kinds)
    var lines: [ExceptionLine] = []
    switch stage {
    case .log(let from):
      let next = try finders.readLog(from: from, into: &lines)
      read = next
      stage = next < position ? .log(next) : .enrolments(after: nil)
    case .enrolments(let after):
      let last =
        ExceptionFinder.looksAtEnrolments(kinds) || hasFindings
        ? try scan(.enrolment, after, readModel, finder.slice) { stream, row in
          try finders.add(to: &lines) { finder, lines in
            try finder.enrolment(stream, row, into: &lines)
            if hasFindings { try finder.enrolmentFindings(stream, row, into: &lines) }
          }
        } : nil
      stage = last.map { .enrolments(after: $0) } ?? .credentials(after: nil)
    case .credentials(let after):
      let looksAtEvidence = kinds.contains(.evidenceWithdrawn)
      let last =
        looksAtEvidence || hasFindings
        ? try scan(.credential, after, readModel, finder.slice) { stream, row in
          try finders.add(to: &lines) { finder, lines in
            if looksAtEvidence { try finder.credential(stream, row, into: &lines) }
            if hasFindings {
              try finder.findings(stream, into: &lines)
              try finder.numberOfTwo(stream, row, into: &lines)
            }
          }
        } : nil
      stage = last.map { .credentials(after: $0) } ?? .duties(after: nil)
    case .duties(let after):
      let looksAtDuties = ExceptionFinder.looksAtDuties(kinds)
      let last =
        looksAtDuties || hasFindings
        ? try scan(.duty, after, readModel, finder.slice) { stream, row in
          try finders.add(to: &lines) { finder, lines in
            if looksAtDuties { try finder.duty(stream, row, into: &lines) }
            if hasFindings { try finder.findings(stream, into: &lines) }
          }
        } : nil
      stage = last.map { .duties(after: $0) } ?? .plain(kind: 0, after: nil)
    case .plain(let kind, let after):
      guard hasFindings, kind < ExceptionFinder.plainKinds.count else {
        stage = .shared
        break
      }
      let last = try scan(ExceptionFinder.plainKinds[kind], after, readModel, finder.slice) {
        stream, _ in
        try finders.add(to: &lines) { finder, lines in
          try finder.findings(stream, into: &lines)
          if stream.kind == .officer { try finder.idIsNumber(stream, in: vault, into: &lines) }
        }
      }
      stage = last.map { .plain(kind: kind, after: $0) } ?? .plain(kind: kind + 1, after: nil)
    case .shared:
      // Few, and in memory.
      for kind in ExceptionFinder.sharedKinds where hasFindings {
        for stream in readModel.sharedStreams.streams(of: kind) {
          try finders.add(to: &lines) { try $0.findings(stream, into: &$1) }
        }
      }
      stage = .numbers(after: nil)
    case .numbers(let after):
      var next: [UInt8]?
      if finder.isToldOf(.numberOfTwo) {
        try finders.add(to: &lines) { finder, lines in
          let numbers = try finder.sharedIdentifiers(after: after, in: vault, into: &lines)
          if finder.position == position { next = numbers.next }
        }
      }
      stage = next.map { .numbers(after: $0) } ?? .keys(after: nil)
    case .keys(let after):
      if kinds.contains(.keyDamaged) {
        let keys = try finder.keys(after: after, in: vault, into: &lines)
        examined += UInt64(keys.examined)
        stage = keys.next.map { .keys(after: $0) } ?? .over
      } else {
        stage = .over
      }
    case .over: break
    }
    found.append(try finder.settle(lines, openOnly: isOpenOnly))
  }

  /// Examines the next streams of a kind.
  ///
  /// - Returns: where to go on; nil after the last.
  private mutating func scan(
    _ kind: StreamKind, _ after: Identifier?, _ readModel: RegistryReader, _ slice: TimeSlice,
    _ examine: (StreamID, HeadRow) throws -> Void
  ) throws -> Identifier? {
    let rows = try readModel.rows(of: kind, after: after, limit: Self.streamsMax)
    for (at, (stream, row)) in rows.enumerated() {
      try examine(stream, row)
      examined += 1
      if slice.isOver, at + 1 < rows.count { return stream.key }
    }
    return rows.count == Self.streamsMax ? rows.last?.stream.key : nil
  }

  private func progress(
    _ position: LogPosition, _ readModel: RegistryReader
  ) throws -> Progress {
    var all = position
    let hasFindings = ExceptionFinder.looksForFindings(kinds)
    if ExceptionFinder.looksAtEnrolments(kinds) || hasFindings {
      all += UInt64(try readModel.snapshot.count(readModel.views[.rolls]))
    }
    if kinds.contains(.evidenceWithdrawn) || hasFindings {
      all += UInt64(try readModel.snapshot.count(readModel.views[.credentials]))
    }
    if ExceptionFinder.looksAtDuties(kinds) || hasFindings {
      all += UInt64(try readModel.snapshot.count(readModel.views[.duties]))
    }
    if hasFindings { all += UInt64(try readModel.snapshot.count(readModel.views[.roster])) }
    if kinds.contains(.keyDamaged) {
      all += UInt64(try readModel.views.sealedCount(readModel.snapshot))
    }
    return Progress(done: min(read + examined, all), of: all)
  }
}
