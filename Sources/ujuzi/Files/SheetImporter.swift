import Foundation
import Imports
import Messages
import Registry
import UjuziClient

/// Imports the rows of a spreadsheet.
final class SheetImporter {
  private struct Row {
    var row: SheetRow
    var problem: Rejection?
  }

  private let input: InputFile
  private let client: RegistryClient
  private let report: Report
  private let dryRun: Bool
  private var sheet: SheetReader
  private let kind: SheetKind
  private let lookups: RowLookups
  private var contradictions = Contradictions()
  private let arena = Arena()
  private let resent: ResentRows
  private let gone = GoneRows()
  private let source: Source

  /// - Parameter kind: what the sheet must be; nil: told from its columns.
  init(
    _ input: InputFile, _ client: RegistryClient, _ report: Report, _ resent: ResentRows,
    system: Identifier, scheme: Identifier, dryRun: Bool, kind: SheetKind? = nil
  ) throws {
    self.resent = resent
    (self.input, self.client, self.report, self.dryRun) = (input, client, report, dryRun)
    sheet = try SheetReader(input.text())
    if let kind {
      self.kind = kind
      try sheet.expect(kind.columns)
    } else {
      self.kind = try sheet.recogniseKind()
    }
    report.rejectedHead = sheet.rejectedHead
    report.delimiter = sheet.delimiter
    source = Source(system: system, reference: input.name, sha256: try input.sha256())
    lookups = RowLookups(client, self.kind, scheme: scheme, source: source)
  }

  func run(atomic: Bool) async throws {
    if kind == .officers {
      var first = try SheetReader(input.text())
      while let row = try first.next() { contradictions.note(row) }
      contradictions.close()
    }
    report.say(notes: sheet.takeNotes())
    if atomic { return try await recordWhole() }
    let recording = RowRecorder<Row>(
      client, dryRun: dryRun, alone: dryRun, revisesKnown: resent.updates,
      take: { [self] in try take($0, $1) }, revise: { [self] in try await revise($0) })
    while case let rows = try window(), !rows.isEmpty {
      report.say(notes: sheet.takeNotes())
      try await lookups.prepare(rows)
      for row in rows {
        var (items, problem): ([RecordItem], Rejection?) = ([], nil)
        do throws(Rejection) { items = try self.items(of: row) } catch {
          problem = error
          gone.miss()
        }
        try await recording.add(Row(row: row, problem: problem), items)
      }
      report.progress(sheet.bytesRead, of: input.size)
    }
    try await recording.finish()
    try await nameGone()
    try await resent.finish(report, isContradicted: gone.isContradicted)
  }

  private func nameGone() async throws {
    let streams: StreamKind? =
      switch kind {
      case .completions: .enrolment
      case .credentials: .credential
      // An extract says who is there, and not that nobody else was.
      case .officers: nil
      }
    guard let streams else { return }
    try await gone.find(in: Array(resent.earlier.keys), streams, source, client, report)
  }

  private func window() throws -> [SheetRow] {
    var rows: [SheetRow] = []
    while rows.count < RowLookups.rowsAtOnce, let row = try sheet.next() { rows.append(row) }
    return rows
  }

  private func items(of row: SheetRow) throws(Rejection) -> [RecordItem] {
    if kind == .officers { try contradictions.check(row) }
    let proposals = try kind.proposals(for: row, lookups.context(for: row))
    lookups.expect(proposals, from: row)
    gone.see(proposals)
    return proposals.map { RecordItem(proposal: Codec.encode($0, arena: arena)) }
  }

  private func take(
    _ row: Row, _ outcomes: [RecordOutcome], lineOf: (UInt32) -> Int? = { _ in nil }
  ) throws {
    if resent.isPending(row.row.line) { return }
    if let problem = row.problem {
      try report.rejected(line: row.row.line, problem.code.rawValue, problem.sentence) {
        sheet.spelled(row.row)
      }
    } else {
      if outcomes.contains(where: { if case .rejected = $0 { true } else { false } }) {
        lookups.forget(row.row)
      }
      try report.add(line: row.row.line, outcomes, lineOf: lineOf) { sheet.spelled(row.row) }
    }
  }

  /// Somebody else may have recorded the same meanwhile, or the same row of another file, or of this
  /// one before it was mended: then the registry is asked again, and only what it does not say yet
  /// is recorded.
  private func revise(_ rejected: [RevisedRow<Row>]) async throws -> [RowRevision] {
    let codes = [Rejection.Code.alreadyTaken, .noSuchStream].map(\.rawValue)
    // What a row would find where it is recorded already, by whomever.
    let known = [
      Rejection.Code.eventIDReused, .illegalTransition, .alreadyTaken, .contradictsLater,
      .badEvidence,
    ].map(\.rawValue)
    let stale =
      kind == .officers ? rejected.filter { codes.contains($0.why?.code ?? "") } : []
    for row in stale { lookups.forget(row.row.row) }
    if !stale.isEmpty { try await lookups.prepare(stale.map(\.row.row)) }
    var revised = [RowRevision](repeating: .stands, count: rejected.count)
    var again: [Int] = []
    for (at, rejected) in rejected.enumerated() {
      let (row, why) = (rejected.row, rejected.why)
      if kind == .officers, codes.contains(why?.code ?? "") {
        guard lookups.context(for: row.row).officer != nil,
          let fresh = try? self.items(of: row.row)
        else { continue }
        revised[at] = fresh.isEmpty ? .unchanged(since: nil) : .again(fresh)
      } else if why.map({ known.contains($0.code) }) ?? true {
        again.append(at)
      }
    }
    let rows = again.map { at in
      ResentRows.Row(line: rejected[at].row.row.line, items: rejected[at].items) { [self] in
        sheet.spelled(rejected[at].row.row)
      }
    }
    for (at, revision) in zip(again, try await resent.revise(rows)) { revised[at] = revision }
    return revised
  }

  private func recordWhole() async throws {
    var all: [(row: SheetRow, items: [RecordItem])] = []
    while case let rows = try window(), !rows.isEmpty {
      report.say(notes: sheet.takeNotes())
      try await lookups.prepare(rows)
      for row in rows {
        do throws(Rejection) {
          all.append((row, try items(of: row)))
        } catch {
          try take(Row(row: row, problem: error), [])
        }
      }
      let count = all.reduce(0) { $0 + $1.items.count }
      guard count <= Record.itemsMax else {
        throw CLIError("--atomic takes at most \(Record.itemsMax) events; the file yields more.")
      }
    }
    let items = all.flatMap(\.items)
    guard report.rejected == 0, !items.isEmpty else { return }
    var reply = try await client.recordWhole(items, dryRun: dryRun)
    for at in reply.outcomes.indices {
      guard case .rejected(var why) = reply.outcomes[at],
        why.code == Rejection.Code.eventIDReused.rawValue
      else { continue }
      // A row has no id that could be another one.
      why.sentence =
        "This row was recorded before\(why.position.map { " at \($0)" } ?? ""), and said something "
        + "else: sent without --atomic, it is told in what."
      reply.outcomes[at] = .rejected(why)
    }
    var outcomes = reply.outcomes[...]
    let lines = all.flatMap { row, items in items.map { _ in row.line } }
    let lineOf = { (item: UInt32) in Int(item) < lines.count ? lines[Int(item)] : nil }
    for (row, items) in all {
      try take(Row(row: row), Array(outcomes.prefix(items.count)), lineOf: lineOf)
      outcomes = outcomes.dropFirst(items.count)
    }
  }
}
