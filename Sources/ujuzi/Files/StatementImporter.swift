import Failures
import Foundation
import Imports
import JSON
import Messages
import Registry
import UjuziClient

/// Imports the statements of a file.
final class StatementImporter {
  struct Row {
    var line: Int
    var text: String
    var id = ""
    /// Of a statement of which nothing is recorded: its verb, and whether it says a result.
    var verb: String?
    var hasResult = false
    /// Whether it voids or takes away something: that is recorded last.
    var takesBack = false
    var meaning: MappedStatement?
    /// The statement that this one voids.
    var voids: String?
    var leftOut: LeftOut?
  }

  private let input: InputFile
  let client: RegistryClient
  private let report: Report
  private let leftOut: LeftOutFile
  let reader: StatementReader
  let system: Identifier
  let dryRun: Bool
  private let scan: StatementScan
  let known: EnrolmentLookups
  private let arena = Arena()
  /// Events recorded before this import.
  private var asOf: UInt64 = 0
  private var resent: ResentStatements
  /// Statements of the file that the file itself voids.
  private var voidedHere: Set<String> = []
  /// Credentials that this import issues, by their keys.
  private(set) var issued: Set<Identifier> = []

  init(
    _ input: InputFile, _ client: RegistryClient, _ report: Report, _ leftOut: LeftOutFile,
    _ reader: StatementReader, _ scan: StatementScan, system: Identifier, dryRun: Bool
  ) {
    (self.input, self.client, self.report, self.leftOut) = (input, client, report, leftOut)
    (self.reader, self.system, self.dryRun) = (reader, system, dryRun)
    self.scan = scan
    known = EnrolmentLookups(client)
    resent = ResentStatements(client, system: system, asOf: 0)
  }

  func run() async throws {
    asOf = try await client.check(HealthRequest()).asOf
    resent = ResentStatements(client, system: system, asOf: asOf)
    let recording = RowRecorder<Row>(
      client, dryRun: dryRun,
      take: { [self] in try take($0, $1) }, revise: { [self] in try await revise($0) })
    try await read(takingBack: false, recording)
    // What is taken back may stand before what says it.
    if scan.takesBack { try await read(takingBack: true, recording) }
    try await recording.finish()
    if resent.isBlind {
      report.say(notes: [
        "statements that were recorded under other ids were not looked for: that needs the right to "
          + "read histories"
      ])
    }
  }

  private func read(takingBack: Bool, _ recording: RowRecorder<Row>) async throws {
    var items = JSONSplitter(input.text(), remarks: true)
    var isEmpty = true
    var isDone = false
    while !isDone {
      var rows: [Row] = []
      while rows.count < RowLookups.rowsAtOnce {
        guard let item = try items.next() else {
          isDone = true
          break
        }
        isEmpty = false
        let row = row(item)
        if row.takesBack == takingBack { rows.append(row) }
      }
      if items.isOnOneLine { report.unit = "item" }
      if !takingBack { report.say(notes: items.takeNotes()) }
      try await known.prepare(rows.compactMap(\.meaning))
      let voids = try await voids(of: rows)
      if takingBack {
        for at in rows.indices { try await settleCohort(of: &rows[at]) }
      } else {
        let assessed = rows.compactMap(\.meaning).filter { $0.entry.assessment != nil }
        try await resent.prepare(Set(assessed.compactMap { known.earlierEnrolment(for: $0) }))
      }
      for (at, row) in rows.enumerated() {
        var row = row
        let events = events(of: &row, voids[at])
        // What is no longer needed shall not be kept while it is in flight.
        if row.leftOut?.reason.isTrouble == false { row.text = "" }
        try await recording.add(row, encoded(events))
      }
      if !takingBack { report.progress(items.bytesRead, of: input.size) }
    }
    // A page of a store may have none.
    if isEmpty, !items.isList { throw FileFormatFailure("The file has no statements.") }
  }

  /// What a row records; none with the reason in the row.
  private func events(of row: inout Row, _ voids: [Proposal]?) -> [Proposal] {
    guard row.leftOut == nil else { return [] }
    if let voids {
      let target = row.voids ?? ""
      if voids.isEmpty {
        row.leftOut =
          voidedHere.contains(target)
          ? LeftOut(.voided, "It voids statement \(target) of the file, which is not recorded.")
          : LeftOut(
            .unknownTarget,
            "It voids statement \(target), which was not recorded and is not in the file: send it "
              + "again once that statement was.")
      }
      return voids
    }
    do throws(LeftOut) { return try proposals(for: row) } catch { row.leftOut = error }
    return []
  }

  func encoded(_ events: [Proposal]) -> [RecordItem] {
    events.map { RecordItem(proposal: Codec.encode($0, arena: arena)) }
  }

  private func row(_ item: JSONItem) -> Row {
    var row = Row(line: item.line, text: item.text)
    if let problem = item.problem {
      row.leftOut = LeftOut(.malformed, problem.sentence)
      return row
    }
    do {
      let whole = try JSONText(item.text.utf8, firstLine: item.line)
      if item.text.utf8.contains(0x0A) { row.text = whole.text }
      let json = Statement.unwrapped(whole)
      // What cannot be read is known by its id none the less.
      if case .string(let id)? = json["id"] { row.id = id }
      let statement = try Statement(json)
      row.id = statement.id
      let act = StatementAct(verb: statement.verb)
      row.takesBack = act == .voided || act == .forfeited
      if scan.voided.contains(statement.id) { voidedHere.insert(statement.id) }
      if act == nil { (row.verb, row.hasResult) = (statement.verb, json["result"] != nil) }
      if act == .voided {
        guard case .statement(let id) = statement.object else {
          throw LeftOut(.malformed, "It voids, and refers to no statement.")
        }
        row.voids = id
      } else {
        row.meaning = try reader.meaning(of: statement)
      }
    } catch let error as LeftOut {
      row.leftOut = error
    } catch {
      row.leftOut = LeftOut(.malformed, ErrorSentence.of(error), cause: Cause(error))
    }
    return row
  }

  private func proposals(for row: Row) throws(LeftOut) -> [Proposal] {
    guard let meaning = row.meaning else { return [] }
    let context = try known.context(for: meaning, system)
    try resent.checkFile(meaning.statement)
    var events = try meaning.proposals(context, implied: context.enrolment == nil)
    for event in events {
      // Nothing else would come again under another id.
      if case .enrolment(.assessed(let given)) = event.body, let enrolment = context.enrolment {
        try resent.checkRegistry(meaning, given, in: enrolment)
      } else if case .credential(.issued) = event.body {
        issued.insert(event.stream.key)
      }
    }
    if let before = known.completion(for: meaning), before.isOwn {
      switch meaning.against(before.said, events) {
      case .saysNoMore: throw LeftOut(.already, "It was said already that it was completed.")
      case .better(let corrected): events = corrected
      case .other: break
      }
    }
    known.expect(events, of: context.officer, in: meaning.entry.cohort)
    return events
  }

  /// Voids of what is recorded of the statements that some of the rows void, by the rows' places.
  private func voids(of rows: [Row]) async throws -> [Int: [Proposal]] {
    var asked: [(at: Int, reply: PendingReply)] = []
    for (at, row) in rows.enumerated() {
      guard let target = row.voids else { continue }
      for id in MappedStatement.eventIDs(of: target, from: system) {
        asked.append(
          (at, client.send(Method.findEvent.rawValue, Codec.encode(FindEventRequest(eventID: id)))))
      }
    }
    var voids: [Int: [Proposal]] = [:]
    for (at, reply) in asked {
      let event = try await reply.decoded(as: FindEventReply.self).event
      voids[at, default: []] += []
      guard !event.isEmpty else { continue }
      let recorded = try Codec.decode(Recorded.self, from: event)
      let proposal = try Codec.decode(Proposal.self, from: recorded.proposal)
      voids[at, default: []].append(
        Proposal(
          eventID: DerivedID.event("xapi-void", system.text, proposal.eventID.text),
          stream: proposal.stream, effective: proposal.effective,
          source: Source(system: system, reference: Statement.reference(rows[at].id)),
          reason: Identifier("voided_at_source"), corrects: proposal.eventID,
          body: .voided(Voided())))
    }
    return voids
  }

  // MARK: outcomes

  private func take(_ row: Row, _ outcomes: [RecordOutcome]) throws {
    if let left = row.leftOut { return try leave(row, left) }
    var again: [UInt64] = []
    var isRejected = false
    for outcome in outcomes {
      switch outcome {
      case .rejected(let why):
        if let meaning = row.meaning { known.forget(meaning) }
        let isSettled =
          why.code == Rejection.Code.illegalTransition.rawValue
          && (row.meaning?.act == .enrolled || row.meaning?.act == .left)
        if isSettled { return try leave(row, LeftOut(.already, why.sentence)) }
        isRejected = true
        try leftOut.add(line: row.line, statement: row.id, .rejected, why.code, why.sentence)
      case .recorded(let at) where at.already && at.position >= asOf: again.append(at.position)
      case .recorded, .unchanged, .notRecorded: break
      }
    }
    // What it implied may have been implied before; the statement itself was not recorded twice.
    if let last = again.last, again.count == outcomes.count, !dryRun {
      return try leave(
        row, LeftOut(.duplicate, "It was recorded at \(last), while this import ran."))
    }
    let doubts = isRejected ? [] : row.meaning?.doubts ?? []
    for (code, sentence) in doubts {
      try leftOut.add(line: row.line, statement: row.id, .doubted, code, sentence)
    }
    if !doubts.isEmpty { report.doubt() }
    try report.add(line: row.line, outcomes) { row.text }
  }

  private func leave(_ row: Row, _ left: LeftOut) throws {
    if let verb = row.verb { leftOut.count(verb: verb, hasResult: row.hasResult) }
    try leftOut.add(
      line: row.line, statement: row.id, left.reason.isTrouble ? .rejected : .leftOut,
      left.reason.rawValue, left.sentence)
    if left.reason.isTrouble {
      try report.rejected(line: row.line, left.reason.rawValue, left.sentence) { row.text }
    } else {
      report.leftOut(line: row.line, left.reason.rawValue)
    }
  }
}
