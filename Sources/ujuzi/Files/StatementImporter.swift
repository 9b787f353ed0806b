import Failures
import Foundation
import Imports
import JSON
import Messages
import Registry
import UjuziClient

/// Imports the statements of a file.
final class StatementImporter {
  private struct Row {
    var line: Int
    var text: String
    var id = ""
    var meaning: MappedStatement?
    /// The statement that this one voids.
    var voids: String?
    var leftOut: LeftOut?
  }

  private let input: InputFile
  private let client: RegistryClient
  private let report: Report
  private let leftOut: LeftOutFile
  private let reader: StatementReader
  private let system: Identifier
  private let dryRun: Bool
  private let known: EnrolmentLookups
  private let arena = Arena()
  /// Events recorded before this import.
  private var asOf: UInt64 = 0

  init(
    _ input: InputFile, _ client: RegistryClient, _ report: Report, _ leftOut: LeftOutFile,
    _ reader: StatementReader, system: Identifier, dryRun: Bool
  ) {
    (self.input, self.client, self.report, self.leftOut) = (input, client, report, leftOut)
    (self.reader, self.system, self.dryRun) = (reader, system, dryRun)
    known = EnrolmentLookups(client)
  }

  /// The ids of the statements that a file voids.
  static func voided(in input: InputFile) throws -> Set<String> {
    var ids: Set<String> = []
    var items = JSONSplitter(input.text(), remarks: true)
    while let item = try items.next() {
      // Most have no such word, and need not be parsed twice.
      guard item.problem == nil, item.text.utf8.count < 1 << 20, item.text.contains("voided"),
        let json = try? JSONText(item.text.utf8), let statement = try? Statement(json),
        StatementAct(verb: statement.verb) == .voided, case .statement(let id) = statement.object
      else { continue }
      ids.insert(id)
    }
    return ids
  }

  func run() async throws {
    asOf = try await client.check(HealthRequest()).asOf
    let recording = RowRecorder<Row>(
      client, dryRun: dryRun,
      take: { [self] in try take($0, $1) }, revise: { [self] in try await revise($0) })
    var items = JSONSplitter(input.text(), remarks: true)
    var isEmpty = true
    while true {
      var rows: [Row] = []
      while rows.count < RowLookups.rowsAtOnce, let item = try items.next() {
        rows.append(row(item))
      }
      if rows.isEmpty { break }
      isEmpty = false
      report.say(notes: items.takeNotes())
      try await known.prepare(rows.compactMap(\.meaning))
      let voids = try await voids(of: rows)
      for (at, row) in rows.enumerated() {
        var row = row
        let events = events(of: &row, voids[at])
        // What is no longer needed shall not be kept while it is in flight.
        if row.leftOut?.reason.isTrouble == false { row.text = "" }
        try await recording.add(row, encoded(events))
      }
      report.progress(items.bytesRead, of: input.size)
    }
    if isEmpty { throw FileFormatFailure("The file has no statements.") }
    try await recording.finish()
  }

  /// What a row records; none with the reason in the row.
  private func events(of row: inout Row, _ voids: [Proposal]?) -> [Proposal] {
    guard row.leftOut == nil else { return [] }
    if let voids {
      if voids.isEmpty {
        row.leftOut = LeftOut(
          .voided, "It voids statement \(row.voids ?? ""), of which nothing is recorded.")
      }
      return voids
    }
    do throws(LeftOut) { return try proposals(for: row) } catch { row.leftOut = error }
    return []
  }

  private func encoded(_ events: [Proposal]) -> [RecordItem] {
    events.map { RecordItem(proposal: Codec.encode($0, arena: arena)) }
  }

  private func row(_ item: JSONItem) -> Row {
    var row = Row(line: item.line, text: item.text)
    if let problem = item.problem {
      row.leftOut = LeftOut(.malformed, problem.sentence)
      return row
    }
    do {
      let json = try JSONText(item.text.utf8, firstLine: item.line)
      if item.text.utf8.contains(0x0A) { row.text = json.text }
      let statement = try Statement(json)
      row.id = statement.id
      if StatementAct(verb: statement.verb) == .voided {
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
    let events = try meaning.proposals(context, implied: context.enrolment == nil)
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
          source: Source(system: system, reference: "statement " + rows[at].id),
          reason: Identifier("voided_at_source"), corrects: proposal.eventID,
          body: .voided(Voided())))
    }
    return voids
  }

  // MARK: outcomes

  private func take(_ row: Row, _ outcomes: [RecordOutcome]) throws {
    if let left = row.leftOut { return try leave(row, left) }
    var again: [UInt64] = []
    for outcome in outcomes {
      switch outcome {
      case .rejected(let why):
        if let meaning = row.meaning { known.forget(meaning) }
        let isSettled =
          why.code == Rejection.Code.illegalTransition.rawValue
          && (row.meaning?.act == .enrolled || row.meaning?.act == .left)
        if isSettled { return try leave(row, LeftOut(.already, why.sentence)) }
        try leftOut.add(line: row.line, statement: row.id, why.code, why.sentence)
      case .recorded(let at) where at.already && at.position >= asOf: again.append(at.position)
      case .recorded, .unchanged, .notRecorded: break
      }
    }
    // What it implied may have been implied before; the statement itself was not recorded twice.
    if let last = again.last, again.count == outcomes.count, !dryRun {
      return try leave(
        row, LeftOut(.duplicate, "It was recorded at \(last), while this import ran."))
    }
    try report.add(line: row.line, outcomes) { row.text }
  }

  private func leave(_ row: Row, _ left: LeftOut) throws {
    try leftOut.add(
      line: row.line, statement: row.id, left.reason.rawValue, left.sentence)
    if left.reason.isTrouble {
      try report.rejected(line: row.line, left.reason.rawValue, left.sentence) { row.text }
    } else {
      report.leftOut(line: row.line, left.reason.rawValue)
    }
  }

  /// Looks again at what was rejected: the same statement may be recorded from another file, the
  /// enrolment may have become known under another key meanwhile, or have begun only after the
  /// statement's day.
  private func revise(
    _ rejected: [(row: Row, items: [RecordItem], why: Rejected)]
  ) async throws -> [RowRevision] {
    let meanings = rejected.compactMap(\.row.meaning)
    for meaning in meanings { known.forget(meaning) }
    try await known.prepare(meanings)
    let late = [Rejection.Code.noSuchStream, .illegalTransition, .sourceNeeded].map(\.rawValue)
    var revised = [RowRevision](repeating: .stands, count: rejected.count)
    var reused: [Int] = []
    for (at, (row, items, why)) in rejected.enumerated() {
      if why.code == Rejection.Code.eventIDReused.rawValue {
        reused.append(at)
        continue
      }
      guard let meaning = row.meaning, let context = try? known.context(for: meaning, system),
        var events = try? meaning.proposals(context, implied: context.enrolment == nil)
      else { continue }
      if late.contains(why.code), context.enrolment != nil, meaning.impliesEnrolment {
        events = (try? meaning.proposals(context, implied: true)) ?? events
      }
      let fresh = encoded(events)
      if fresh.map(\.proposal) != items.map(\.proposal) { revised[at] = .again(fresh) }
    }
    let said = try await client.revised(reused.map { rejected[$0].items })
    for (at, revision) in zip(reused, said) { revised[at] = revision }
    return revised
  }
}

extension MappedStatement {
  /// Whether what it says follows an enrolment.
  fileprivate var impliesEnrolment: Bool {
    switch act {
    case .attended, .completed, .passed, .failed, .scored, .attempted: true
    case .enrolled, .left, .achieved, .forfeited, .voided: false
    }
  }
}
