import Foundation
import Imports
import Messages
import Registry
import UjuziClient

/// Records the events of a framework in their order, each by itself.
func record(
  _ changes: [(line: Int, event: Result<FrameworkEvent, Rejection>)], of id: Identifier,
  on day: Day, _ source: Source, _ client: RegistryClient, _ report: Report, dryRun: Bool
) async throws {
  let recording = RowRecorder<(line: Int, problem: Rejection?)>(client, dryRun: dryRun) {
    row, outcomes in
    if let problem = row.problem {
      try report.rejected(line: row.line, problem.code.rawValue, problem.sentence) { "" }
    } else {
      try report.add(line: row.line, outcomes) { "" }
    }
  }
  for (line, event) in changes {
    switch event {
    case .failure(let problem): try await recording.add((line, problem), [])
    case .success(let event):
      // The id follows from what is said, so that saying it again on that day is no second fact.
      var proposal = Proposal(
        eventID: EventID(high: 0, low: 0), stream: StreamID(.framework, id), effective: day,
        body: .framework(event))
      let said = try JSONMapping.text(of: "Proposal", Codec.encode(proposal)).text
      proposal.eventID = DerivedID.event("framework", said)
      proposal.source = source
      try await recording.add(
        (line, nil), [RecordItem(proposal: Codec.encode(proposal))])
    }
  }
  try await recording.finish()
  if changes.isEmpty, report.unchanged == 0 { report.unchanged(line: 1) }
}

extension RegistryClient {
  /// The day that was given, or today in the registry's time zone, wherever the program runs.
  func day(_ given: Day?) async throws -> Day {
    if let given { return given }
    let zone = try await timeZone()
    let now = Int(Date().timeIntervalSince1970)
    return Day(ordinal: (now + zone.secondsFromGMT()) / 86_400) ?? .distantFuture
  }
}
