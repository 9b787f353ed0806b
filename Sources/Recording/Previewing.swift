import Messages
import Projections
import Registry
import RegistryStorage

/// What a request would change in the answers: the difference between the registry without it and
/// with it.
struct Previewing {
  static let changesMax = 500

  let workspace: Workspace
  let today: Day

  init(_ workspace: Workspace, today: Day) {
    self.workspace = workspace
    self.today = today
  }

  /// The streams that a request may change: its own, and a record that another is merged into.
  static func streams(of items: [Proposed]) -> Set<StreamID> {
    var streams: Set<StreamID> = []
    for proposal in items.compactMap({ try? $0.proposal.get() }) {
      streams.insert(proposal.stream)
      if case .officer(.mergedInto(let given)) = proposal.body {
        streams.insert(StreamID(.officer, given.officer))
      }
    }
    return streams
  }

  /// What is said now of streams, and of the people whose records they are part of.
  func facts(about streams: Set<StreamID>) throws -> Facts.Lines {
    let records = PendingRecords(workspace)
    var facts = Facts(on: today, knownAt: .max)
    var officers: Set<Identifier> = []
    for stream in streams { officers.formUnion(try facts.add(stream, from: records)) }
    for officer in officers {
      officers.formUnion(records.catalogue.merges.related(to: officer))
    }
    try facts.add(people: officers.sorted(), from: records)
    return facts.lines
  }

  static func changes(from before: Facts.Lines, to after: Facts.Lines) -> [PreviewChange] {
    Facts.changes(from: before, to: after).map {
      PreviewChange(stream: $0.stream, what: $0.what, before: $0.before, after: $0.after)
    }
  }
}

/// The registry as a request would leave it: what it adds to shared streams and to merges is in the
/// catalogue already.
private struct PendingRecords: Records {
  let workspace: Workspace
  let catalogue: Catalogue

  init(_ workspace: Workspace) {
    self.workspace = workspace
    catalogue = workspace.pendingCatalogue
  }

  func streams(touching officer: Identifier, before position: LogPosition) throws -> [StreamID] {
    try workspace.streams(touching: officer, before: position)
  }

  func state(of stream: StreamID, on day: Day, knownAt position: LogPosition) throws -> StreamState?
  {
    try workspace.state(of: stream, on: day, knownAt: position)
  }
}
