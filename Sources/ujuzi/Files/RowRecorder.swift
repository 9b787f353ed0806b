import DequeModule
import Foundation
import Messages
import Registry
import UjuziClient
import Wire

/// A row that was sent, or is about to be.
struct PendingRow<Row> {
  var row: Row
  /// The events that it stands for; none when its outcome is known without asking.
  var items: [RecordItem]
}

/// What to do with a row that was rejected.
enum RowRevision {
  /// The rejection stands.
  case stands
  /// The registry says it already.
  case unchanged
  /// These are to be recorded in its place, all or none.
  case again([RecordItem])
}

/// Sends rows in requests of up to a thousand events, several of them in flight, and hands on what
/// became of each row in the order in which they were added.
///
/// The events of a row are recorded all or none. The server decides the requests of one recording
/// in their order, so that a row may rely on one before it.
final class RowRecorder<Row> {
  static var itemsMax: Int { 1000 }
  /// Bytes of the proposals of one request.
  static var bytesMax: Int { 2 << 20 }
  static var inFlightMax: Int { 8 }

  private struct PendingRequest {
    var rows: [PendingRow<Row>]
    /// Of its events; none when no row has any.
    var items: Int
  }

  private let client: RegistryClient
  private let recording: BulkRecording
  private let dryRun: Bool
  /// Each row in a request of its own: what is judged is the row by itself.
  private let alone: Bool
  private let take: (Row, [RecordOutcome]) throws -> Void
  private let revise:
    ([(row: Row, items: [RecordItem], why: Rejected)]) async throws -> [RowRevision]
  private var rows: [PendingRow<Row>] = []
  private var items: [RecordItem] = []
  private var bytes = 0
  private var groups: UInt32 = 0
  private var flying: Deque<PendingRequest> = []

  /// - Parameters:
  ///   - take: gets each row with the outcomes of its events; none when it had no events.
  ///   - revise: gets rows that were rejected, and says what is to be done about each.
  init(
    _ client: RegistryClient, dryRun: Bool, alone: Bool = false,
    take: @escaping (Row, [RecordOutcome]) throws -> Void,
    revise:
      @escaping ([(row: Row, items: [RecordItem], why: Rejected)]) async throws -> [RowRevision] =
      { $0.map { _ in .stands } }
  ) {
    self.client = client
    recording = BulkRecording(client)
    self.dryRun = dryRun
    self.alone = alone
    self.take = take
    self.revise = revise
  }

  /// Adds a row; waits only when enough is in flight.
  func add(_ row: Row, _ events: [RecordItem]) async throws {
    let size = events.reduce(0) { $0 + $1.proposal.count + 16 }
    if !items.isEmpty,
      alone || items.count + events.count > Self.itemsMax || bytes + size > Self.bytesMax
    {
      try await send()
    }
    append(row, events, size)
    // Rows without events are handed on in their turn; they shall not pile up either.
    if rows.count >= Self.itemsMax { try await send() }
  }

  private func append(_ row: Row, _ events: [RecordItem], _ size: Int) {
    rows.append(PendingRow(row: row, items: events))
    bytes += size
    if events.count > 1 { groups += 1 }
    for var event in events {
      event.group = events.count > 1 ? groups : 0
      items.append(event)
    }
  }

  /// Waits until all is answered.
  func finish() async throws {
    if !rows.isEmpty { try await send() }
    while !flying.isEmpty { try await land() }
    try await recording.finish()
  }

  private func send() async throws {
    while flying.count >= (alone ? 64 : Self.inFlightMax) { try await land() }
    if !items.isEmpty {
      try await recording.send(Codec.encode(RecordRequest(items: items, dryRun: dryRun)))
    }
    flying.append(PendingRequest(rows: rows, items: items.count))
    (rows, items, bytes, groups) = ([], [], 0, 0)
  }

  private func land() async throws {
    let flight = flying.removeFirst()
    var outcomes: [RecordOutcome] = []
    if flight.items > 0 {
      outcomes = try await recording.reply().outcomes
      guard outcomes.count == flight.items else {
        throw CLIError("The server answered \(outcomes.count) of \(flight.items).")
      }
    }
    var results: [[RecordOutcome]] = []
    var at = 0
    for row in flight.rows {
      results.append(Array(outcomes[at..<(at + row.items.count)]))
      at += row.items.count
    }
    try await secondChance(flight.rows, &results)
    for (row, outcomes) in zip(flight.rows, results) { try take(row.row, outcomes) }
  }

  private func secondChance(
    _ rows: [PendingRow<Row>], _ results: inout [[RecordOutcome]]
  ) async throws {
    var rejected: [(at: Int, why: Rejected)] = []
    for (at, outcomes) in results.enumerated() {
      for case .rejected(let why) in outcomes { rejected.append((at, why)) }
    }
    guard !rejected.isEmpty else { return }
    let revised = try await revise(
      rejected.map { (row: rows[$0.at].row, items: rows[$0.at].items, why: $0.why) })
    var again: [(at: Int, count: Int)] = []
    var items: [RecordItem] = []
    func ask() async throws {
      guard !items.isEmpty else { return }
      let request = RecordRequest(items: items, dryRun: dryRun)
      var outcomes = try await client.ask(
        .record, request, RecordReply.self, .init(timeoutMs: 120_000)
      ).outcomes[...]
      for (at, count) in again {
        results[at] = Array(outcomes.prefix(count))
        outcomes = outcomes.dropFirst(count)
      }
      (again, items) = ([], [])
    }
    for ((at, _), revision) in zip(rejected, revised) {
      switch revision {
      case .stands: break
      case .unchanged: results[at] = []
      case .again(let events):
        if items.count + events.count > Self.itemsMax { try await ask() }
        again.append((at, events.count))
        items += events.map {
          var item = $0
          item.group = events.count > 1 ? UInt32(again.count) : 0
          return item
        }
      }
    }
    try await ask()
  }
}

extension RegistryClient {
  /// The revisions of rows one of whose event ids was recorded before with another proposal: what
  /// says the same as what was recorded, but for the file that it came from and the evidence that
  /// was known at the time, is not recorded again.
  func revised(_ rows: [[RecordItem]]) async throws -> [RowRevision] {
    var asked: [[(proposal: Proposal, reply: PendingReply)]] = []
    for items in rows {
      asked.append(
        try items.map { item in
          let proposal = try Codec.decode(Proposal.self, from: item.proposal, limits: .standard)
          let request = FindEventRequest(eventID: proposal.eventID)
          return (proposal, send(Method.findEvent.rawValue, Codec.encode(request)))
        })
    }
    var revised: [RowRevision] = []
    for (items, asked) in zip(rows, asked) {
      var (left, stands): ([RecordItem], Bool) = ([], false)
      for (item, (proposal, reply)) in zip(items, asked) {
        let event = try await reply.decoded(as: FindEventReply.self).event
        guard !event.isEmpty else {
          left.append(item)
          continue
        }
        let recorded = try Codec.decode(Recorded.self, from: event)
        let known = try Codec.decode(Proposal.self, from: recorded.proposal)
        if known.statement != proposal.statement { stands = true }
      }
      revised.append(stands ? .stands : left.isEmpty ? .unchanged : .again(left))
    }
    return revised
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
