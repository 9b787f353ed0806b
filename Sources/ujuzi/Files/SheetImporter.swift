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
    /// What is odd about it, though it can be recorded.
    var doubts: [RowDoubt] = []
  }

  private let input: InputFile
  private let client: RegistryClient
  private let report: Report
  private let dryRun: Bool
  private var sheet: SheetReader
  private let kind: SheetKind
  private let lookups: RowLookups
  private var contradictions = Contradictions()
  private let kinds: [SheetKind]
  private let options: SheetOptions
  private var reading = SheetReading()
  private let arena = Arena()
  private let resent: ResentRows
  private let gone = GoneRows()
  private let source: Source

  /// - Parameter kind: what the sheet must be; nil: told from its columns.
  init(
    _ input: InputFile, _ client: RegistryClient, _ report: Report, _ resent: ResentRows,
    system: Identifier, scheme: Identifier, dryRun: Bool, options: SheetOptions,
    kind given: SheetKind? = nil
  ) throws {
    self.resent = resent
    (self.input, self.client, self.report, self.dryRun) = (input, client, report, dryRun)
    self.options = options
    kinds = given.map { [$0] } ?? SheetKind.allCases
    let said = try options.mapped()
    var memory = try input.path.map { try ColumnMemory(besideSheet: $0) }
    for (head, column) in (memory?.entries ?? []) + said { reading.add(head: head, column: column) }
    try input.spool()
    try Self.check(said, input, kinds, reading)
    let (read, kind) = try Self.opened(input, kinds, reading)
    (sheet, self.kind) = (read, kind)
    let order = try Self.judged(input, kind, sheet, options)
    report.say(notes: order.notes)
    reading.order = order.order
    sheet = try Self.opened(input, kinds, reading).0
    if !dryRun { try memory?.keep(said) }
    report.rejectedHead = sheet.rejectedHead
    report.delimiter = sheet.delimiter
    source = Source(system: system, reference: input.name, sha256: try input.sha256())
    lookups = RowLookups(
      client, self.kind, scheme: scheme, source: source, asksZeros: !options.anyway)
  }

  /// - Throws: `CLIError` for a head that is said to be a column and is not there.
  private static func check(
    _ said: [(head: String, column: String)], _ input: InputFile, _ kinds: [SheetKind],
    _ reading: SheetReading
  ) throws {
    let heads = try SheetReader(input.text(), for: kinds, reading).header.cells
    let known = Set(heads.map { SheetReading.key($0) })
    for (head, _) in said where !known.contains(SheetReading.key(head)) {
      throw CLIError(
        "--map: the file has no head \(head); it has "
          + heads.map { "\"\($0)\"" }.joined(separator: ", ") + ".")
    }
  }

  private static func opened(
    _ input: InputFile, _ kinds: [SheetKind], _ reading: SheetReading
  ) throws -> (SheetReader, SheetKind) {
    var sheet = try SheetReader(input.text(), for: kinds, reading)
    guard kinds.count == 1, let kind = kinds.first else {
      let kind = try sheet.recogniseKind()
      return (sheet, kind)
    }
    try sheet.expect(kind.columns)
    return (sheet, kind)
  }

  /// Looks at the whole of it before anything is recorded.
  private static func judged(
    _ input: InputFile, _ kind: SheetKind, _ sheet: SheetReader, _ options: SheetOptions
  ) throws -> (order: DayOrder, notes: [String]) {
    let said = try options.order() ?? sheet.orderSaid
    var rows = sheet
    var judgement = SheetJudgement(kind, sheet)
    while let row = try rows.next() { judgement.note(row) }
    if !options.anyway { try judgement.check() }
    let order = try judgement.order(said: said)
    return (order, judgement.notes(order, said: said))
  }

  func run(atomic: Bool) async throws {
    if kind == .officers {
      var (first, _) = try Self.opened(input, kinds, reading)
      while let row = try first.next() { contradictions.note(row) }
      contradictions.close()
    }
    report.say(notes: sheet.takeNotes())
    if atomic { return try await recordWhole() }
    let recording = RowRecorder<Row>(
      client, dryRun: dryRun, alone: dryRun, revisesKnown: resent.updates,
      take: { [self] in try take($0, $1) }, revise: { [self] in try await revise($0) })
    var isFirst = true
    while case let rows = try window(), !rows.isEmpty {
      report.say(notes: sheet.takeNotes())
      try await lookups.prepare(rows)
      let judged = rows.map { row -> (Row, [RecordItem]) in
        do throws(Rejection) {
          let items = try self.items(of: row)
          return (Row(row: row, doubts: lookups.doubts(about: row)), items)
        } catch {
          gone.miss()
          return (Row(row: row, problem: error), [])
        }
      }
      if isFirst { try checkShare(judged.map(\.0)) }
      isFirst = false
      for (row, items) in judged { try await recording.add(row, items) }
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

  /// Whether the first rows are of people and cohorts that the registry has: a sheet of another
  /// registry, or under another scheme, is stopped before anything of it is recorded.
  private func checkShare(_ rows: [Row]) throws {
    let refused = rows.filter { $0.problem != nil }
    guard !options.anyway, rows.count >= SheetJudgement.rowsMin, refused.count * 2 > rows.count,
      let common = Dictionary(grouping: refused, by: { $0.problem?.field }).values
        .max(by: { $0.count < $1.count }), let example = common.first, let why = example.problem
    else { return }
    throw FileFormatFailure(
      "\(refused.count) of the first \(rows.count) rows would be refused, \(common.count) of them "
        + "for \(why.field.map { "the column \($0)" } ?? "one reason") (line \(example.row.line): "
        + "\(why.sentence)). Nothing was recorded. To have it recorded row by row all the same, say "
        + "--anyway.")
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
      } else if !row.doubts.isEmpty {
        report.doubt(line: row.row.line, row.doubts)
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
    var others: [Int] = []
    for at in again {
      if kind == .completions,
        rejected[at].why?.code == Rejection.Code.eventIDReused.rawValue,
        let renewal = try await client.renewal(rejected[at].items)
      {
        revised[at] = renewal.isEmpty ? .unchanged(since: nil) : .again(renewal)
      } else {
        others.append(at)
      }
    }
    let rows = others.map { at in
      ResentRows.Row(line: rejected[at].row.row.line, items: rejected[at].items) { [self] in
        sheet.spelled(rejected[at].row.row)
      }
    }
    for (at, revision) in zip(others, try await resent.revise(rows)) { revised[at] = revision }
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
      try take(
        Row(row: row, doubts: lookups.doubts(about: row)), Array(outcomes.prefix(items.count)),
        lineOf: lineOf)
      outcomes = outcomes.dropFirst(items.count)
    }
  }
}
