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

/// A row that was rejected, or that is known whole.
struct RevisedRow<Row> {
  var row: Row
  var items: [RecordItem]
  /// Nil: all of it was recorded before.
  var why: Rejected?
}

/// What to do with a row that was rejected.
enum RowRevision {
  /// By which programs know a row that the registry has otherwise.
  static let differsCode = "differs"

  /// What was answered holds.
  case stands
  /// The registry says it already, at a position where that is known.
  case unchanged(since: UInt64?)
  /// The registry says otherwise: in what, in a sentence.
  case differs(String)
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
  private let revise: (([RevisedRow<Row>]) async throws -> [RowRevision])?
  private let revisesKnown: Bool
  private var rows: [PendingRow<Row>] = []
  private var items: [RecordItem] = []
  private var bytes = 0
  private var groups: UInt32 = 0
  private var flying: Deque<PendingRequest> = []

  /// - Parameters:
  ///   - take: gets each row with the outcomes of its events; none when it had no events.
  ///   - revisesKnown: rows are looked at again, too, of which all was recorded before.
  ///   - revise: gets rows that were rejected, and says what is to be done about each.
  init(
    _ client: RegistryClient, dryRun: Bool, alone: Bool = false, revisesKnown: Bool = false,
    take: @escaping (Row, [RecordOutcome]) throws -> Void,
    revise: (([RevisedRow<Row>]) async throws -> [RowRevision])? = nil
  ) {
    self.revisesKnown = revisesKnown
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
    var rejected: [(at: Int, why: Rejected?)] = []
    for (at, outcomes) in results.enumerated() {
      var isRejected = false
      for case .rejected(let why) in outcomes {
        rejected.append((at, why))
        isRejected = true
      }
      if !isRejected, revisesKnown, !outcomes.isEmpty, outcomes.allSatisfy(\.isKnown) {
        rejected.append((at, nil))
      }
    }
    guard let revise, !rejected.isEmpty else { return }
    let revised = try await revise(
      rejected.map { RevisedRow(row: rows[$0.at].row, items: rows[$0.at].items, why: $0.why) })
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
      case .unchanged(let since):
        results[at] = since.map { [.unchanged(.init(position: $0))] } ?? []
      case .differs(let sentence):
        results[at] = [.rejected(Rejected(code: RowRevision.differsCode, sentence: sentence))]
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

extension RecordOutcome {
  /// Whether it was so before.
  fileprivate var isKnown: Bool {
    switch self {
    case .recorded(let at): at.already
    case .unchanged: true
    case .rejected, .notRecorded: false
    }
  }
}
