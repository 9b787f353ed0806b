import Algorithms
import Imports
import Messages
import Registry
import UjuziClient
import Wire

/// Rows that the registry has already, or otherwise: told in what, and corrected where that is asked
/// for, all of a file together and after everything else of it.
final class ResentRows {
  struct Row {
    var line: Int
    var items: [RecordItem]
    /// The row as it goes among the rejected.
    var text: () -> String
  }

  private struct Pending {
    var line: Int
    var text: String
    var sentence: String
    var proposals: [Proposal]
  }

  /// Rows that are corrected at once: of more, the file is another than it is taken for.
  static let updatesMax = 20_000

  private let client: RegistryClient
  /// Whether what is otherwise is corrected, and whether that is confirmed.
  let updates: Bool
  private let isConfirmed: Bool
  private let server: ServerOptions
  private let dryRun: Bool
  /// Whether rows count as said whoever said it (`ResentRow`).
  private let alike: Bool
  private var pending: [Pending] = []
  private var pendingLines: Set<Int> = []
  private var fields: [String: Int] = [:]
  /// Rows that were recorded from another file of the same source, by the file's digest.
  private(set) var earlier: [[UInt8]: Int] = [:]

  /// Earlier files that are told apart.
  private static let earlierMax = 100

  init(
    _ client: RegistryClient, _ server: ServerOptions, updates: Bool = false,
    isConfirmed: Bool = false, dryRun: Bool, alike: Bool
  ) {
    (self.client, self.server) = (client, server)
    (self.updates, self.isConfirmed) = (updates, isConfirmed)
    (self.dryRun, self.alike) = (dryRun, alike)
  }

  // MARK: rows

  /// What is to be done about each of rows that were rejected, or are known whole.
  func revise(_ rows: [Row]) async throws -> [RowRevision] {
    var revised = updates ? rows.map { _ in nil } : try await knownByID(rows)
    for (at, row) in rows.enumerated() where revised[at] == nil {
      do {
        revised[at] = try await revise(row)
      } catch let status as CallStatus where status.code == .permissionDenied {
        revised[at] = .stands
      }
    }
    return revised.map { $0 ?? .stands }
  }

  /// Of rows whose events are recorded, and say the same whatever file said it: that they are.
  private func knownByID(_ rows: [Row]) async throws -> [RowRevision?] {
    var asked: [[(proposal: Proposal, reply: PendingReply)]] = []
    for row in rows {
      asked.append(
        try row.items.map { item in
          let proposal = try Codec.decode(Proposal.self, from: item.proposal, limits: .standard)
          let request = FindEventRequest(eventID: proposal.eventID)
          return (proposal, client.send(Method.findEvent.rawValue, Codec.encode(request)))
        })
    }
    var revised: [RowRevision?] = []
    for (row, asked) in zip(rows, asked) {
      var (isKnown, left): (Bool, [RecordItem]) = (true, [])
      var (last, source): (UInt64, Source?) = (0, nil)
      for (item, (proposal, reply)) in zip(row.items, asked) {
        let event = try await reply.decoded(as: FindEventReply.self).event
        guard !event.isEmpty else {
          left.append(item)
          continue
        }
        let recorded = try Codec.decode(Recorded.self, from: event)
        let known = try Codec.decode(Proposal.self, from: recorded.proposal)
        if known.statement != proposal.statement { isKnown = false }
        (last, source) = (max(last, recorded.position), known.source ?? source)
      }
      note(source)
      // What is left of a row of a sheet may be known from another source.
      guard isKnown, left.isEmpty || !alike && left.count < row.items.count else {
        revised.append(nil)
        continue
      }
      revised.append(left.isEmpty ? .unchanged(since: last) : .again(left))
    }
    return revised
  }

  private func revise(_ row: Row) async throws -> RowRevision {
    let wanted = try row.items.map {
      try Codec.decode(Proposal.self, from: $0.proposal, limits: .standard)
    }
    guard let first = wanted.first else { return .stands }
    var histories: [StreamID: [PastEvent]] = [:]
    for stream in Set(wanted.map(\.stream)) { histories[stream] = try await history(of: stream) }
    let found = try ResentRow(wanted, histories, alike: alike)
    note(found.since?.proposal.source)
    if found.isSaid, let since = found.since { return .unchanged(since: since.position) }
    guard found.saysOtherwise else {
      guard found.missing.count < wanted.count else { return .stands }
      return .again(found.missing.map { RecordItem(proposal: Codec.encode($0)) })
    }
    let sentence = Self.sentence(found, first.source)
    guard updates else {
      return .differs(sentence + " Sent with --update it is corrected to what is said here.")
    }
    guard !pendingLines.contains(row.line) else { return .unchanged(since: nil) }
    guard pending.count < Self.updatesMax else {
      throw CLIError(
        "More than \(Self.updatesMax) rows say otherwise than the registry: is it the file that it "
          + "is taken for? Nothing was corrected; send it in parts.")
    }
    pending.append(
      Pending(
        line: row.line, text: row.text(), sentence: sentence, proposals: found.mending))
    pendingLines.insert(row.line)
    for difference in found.differences { fields[difference.field, default: 0] += 1 }
    if !found.voided.isEmpty { fields["voided", default: 0] += 1 }
    return .unchanged(since: nil)
  }

  private func history(of stream: StreamID) async throws -> [PastEvent] {
    var history: [PastEvent] = []
    do {
      for try await page in client.streamHistory(StreamHistoryRequest(stream: stream)) {
        for line in page.lines { history.append(try PastEvent(line)) }
      }
    } catch let status as CallStatus where status.code == .notFound {
      return []
    }
    return history
  }

  private static func sentence(_ row: ResentRow, _ source: Source?) -> String {
    var said: [String] = []
    if !row.voided.isEmpty {
      said.append("it was voided at \(row.voided.map { "\($0)" }.joined(separator: ", "))")
    }
    said += row.differences.map(\.sentence)
    let other = row.since?.proposal.source?.system
    let who = other == source?.system ? "" : other.map { ", from \($0.text)," } ?? ""
    return "The registry\(who) says otherwise: \(said.joined(separator: "; "))."
  }

  private func note(_ source: Source?) {
    guard let digest = source?.sha256, !digest.isEmpty,
      earlier[digest] != nil || earlier.count < Self.earlierMax
    else { return }
    earlier[digest, default: 0] += 1
  }

  /// Whether a row waits to be corrected, so that nothing else is to be said of it yet.
  func isPending(_ line: Int) -> Bool { pendingLines.contains(line) }

  // MARK: corrections

  /// Shows what the corrections change, and records them where that is confirmed.
  ///
  /// - Parameter isContradicted: whether two rows of the file say two things of a stream, so that
  ///   neither is taken for what is right.
  func finish(_ report: Report, isContradicted: (StreamID) -> Bool = { _ in false }) async throws {
    let contradicted = pending.partition { row in
      row.proposals.contains { isContradicted($0.stream) }
    }
    for row in pending[contradicted...] {
      try report.rejected(
        line: row.line, RowRevision.differsCode,
        row.sentence + " Another row of the file says something else of it: neither corrects it."
      ) { row.text }
    }
    pending.removeSubrange(contradicted...)
    pending.sort { $0.line < $1.line }
    guard !pending.isEmpty else { return }
    let counts = fields.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
    report.say(notes: [
      "\(pending.count) rows say otherwise than the registry: \(counts)"
    ])
    let records = isConfirmed && !dryRun
    let parts = parts()
    // All is shown before the first is recorded.
    for part in parts {
      let request = RecordRequest(items: items(part))
      let preview = try await client.ask(
        .preview, request, PreviewReply.self, .init(timeoutMs: 120_000))
      try server.show(preview, of: .preview, TextOutput.preview)
      if !records { try take(part, preview.outcomes, report) }
    }
    guard records else {
      return report.say(notes: ["nothing was corrected: give --yes to record the corrections"])
    }
    for part in parts {
      let reply = try await client.ask(
        .record, RecordRequest(items: items(part)), RecordReply.self, .init(timeoutMs: 120_000))
      try take(part, reply.outcomes, report)
    }
  }

  /// Rows of one request: no row is parted.
  private func parts() -> [ArraySlice<Pending>] {
    var parts: [ArraySlice<Pending>] = []
    var (from, count) = (0, 0)
    for (at, row) in pending.enumerated() {
      if count + row.proposals.count > Record.itemsMax, at > from {
        parts.append(pending[from..<at])
        (from, count) = (at, 0)
      }
      count += row.proposals.count
    }
    return parts + [pending[from...]]
  }

  private func items(_ rows: ArraySlice<Pending>) -> [RecordItem] {
    var items: [RecordItem] = []
    for (at, row) in rows.enumerated() {
      for proposal in row.proposals {
        var item = RecordItem(proposal: Codec.encode(proposal))
        // fits: a request has at most a thousand
        item.group = row.proposals.count > 1 ? UInt32(at + 1) : 0
        items.append(item)
      }
    }
    return items
  }

  private func take(
    _ rows: ArraySlice<Pending>, _ outcomes: [RecordOutcome], _ report: Report
  ) throws {
    var rest = outcomes[...]
    for row in rows {
      let own = rest.prefix(row.proposals.count)
      rest = rest.dropFirst(row.proposals.count)
      var (last, why): (UInt64?, Rejected?) = (nil, nil)
      for outcome in own {
        switch outcome {
        case .rejected(let rejection): why = why ?? rejection
        case .recorded(let at): last = at.position
        case .unchanged, .notRecorded: break
        }
      }
      if let why {
        try report.rejected(
          line: row.line, why.code, "\(row.sentence) It cannot be corrected: \(why.sentence)"
        ) { row.text }
      } else {
        report.updated(line: row.line, row.sentence, at: isConfirmed && !dryRun ? last : nil)
      }
    }
  }
}

extension Proposal {
  /// What it says, whatever file said it.
  fileprivate var statement: Proposal {
    var bare = self
    (bare.source, bare.personal) = (nil, nil)
    if case .credential(.issued(var given)) = bare.body {
      given.evidence = []
      bare.body = .credential(.issued(given))
    }
    // A completion that gave way to a better one of the same platform says no other result.
    if case .enrolment(.completed) = bare.body { bare.corrects = nil }
    return bare
  }
}
