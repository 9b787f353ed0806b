import Foundation
import Imports
import Messages
import Registry
import UjuziClient

/// Records the events of a framework in their order, each by itself.
func record(
  _ changes: [(line: Int, event: Result<FrameworkEvent, Rejection>)], of id: Identifier,
  on day: Day, _ source: Source, mending: [FrameworkChanges.Mending] = [],
  _ client: RegistryClient, _ report: Report, dryRun: Bool
) async throws {
  let recording = RowRecorder<(line: Int, problem: Rejection?)>(client, dryRun: dryRun) {
    row, outcomes in
    if let problem = row.problem {
      try report.rejected(line: row.line, problem.code.rawValue, problem.sentence) { "" }
    } else {
      try report.add(line: row.line, outcomes) { "" }
    }
  }
  for mended in mending {
    var proposal = Proposal(
      eventID: EventID(high: 0, low: 0), stream: StreamID(.framework, id),
      effective: mended.effective, corrects: mended.corrects, body: mended.body)
    let said = try JSONMapping.text(of: "Proposal", Codec.encode(proposal)).text
    proposal.eventID = DerivedID.event("framework", said)
    proposal.source = source
    if case .voided = mended.body { proposal.reason = Identifier("in_the_file_again") }
    try await recording.add(
      (mended.line, nil), [RecordItem(proposal: Codec.encode(proposal))])
  }
  for (line, event) in changes {
    switch event {
    case .failure(let problem): try await recording.add((line, problem), [])
    case .success(let event):
      // The id follows from what is said, so that saying it again on that day is no second fact.
      var proposal = bare(event, of: id, on: day)
      let said = try JSONMapping.text(of: "Proposal", Codec.encode(proposal)).text
      proposal.eventID = DerivedID.event("framework", said)
      proposal.source = source
      try await recording.add(
        (line, nil), [RecordItem(proposal: Codec.encode(proposal))])
    }
  }
  try await recording.finish()
  if changes.isEmpty, mending.isEmpty, report.unchanged == 0 { report.unchanged(line: 1) }
}

private func bare(_ event: FrameworkEvent, of id: Identifier, on day: Day) -> Proposal {
  Proposal(
    eventID: EventID(high: 0, low: 0), stream: StreamID(.framework, id), effective: day,
    body: .framework(event))
}

/// Whether an event is short enough to be recorded with its source.
func fits(_ event: FrameworkEvent, of id: Identifier, on day: Day, _ source: Source) -> Bool {
  var proposal = bare(event, of: id, on: day)
  (proposal.eventID, proposal.source) = (DerivedID.event("framework"), source)
  return Codec.encode(proposal).count <= RecordItem.proposalLengthMax
}

extension RecordItem {
  /// Bytes of one proposal, as the schema has it.
  static let proposalLengthMax = 256 << 10
}

extension RegistryClient {
  /// The events of a framework that stand, in the order in which they were recorded.
  func standing(_ id: Identifier) async throws -> [Proposal] {
    var events: [Proposal] = []
    for try await page in streamHistory(StreamHistoryRequest(stream: StreamID(.framework, id))) {
      for line in page.lines where line.standing == .stands {
        let recorded = try Codec.decode(Recorded.self, from: line.event)
        events.append(try Codec.decode(Proposal.self, from: recorded.proposal))
      }
    }
    return events
  }

  /// The day that was given, or today in the registry's time zone, wherever the program runs.
  func day(_ given: Day?) async throws -> Day {
    if let given { return given }
    let zone = try await timeZone()
    let now = Int(Date().timeIntervalSince1970)
    return Day(ordinal: (now + zone.secondsFromGMT()) / 86_400) ?? .distantFuture
  }
}
