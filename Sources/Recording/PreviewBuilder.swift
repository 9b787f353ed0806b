import Messages
import Projections
import Registry
import RegistryStorage

/// Builds a preview: how a request would change answers, as a diff of the read model without it and
/// with it.
struct PreviewBuilder {
  static let changesMax = 500

  let unitOfWork: UnitOfWork
  let today: Day

  init(_ unitOfWork: UnitOfWork, today: Day) {
    self.unitOfWork = unitOfWork
    self.today = today
  }

  /// The streams that a request may change: its own, and a record that another is merged into.
  static func streams(of items: [PendingItem]) -> Set<StreamID> {
    var streams: Set<StreamID> = []
    for proposal in items.compactMap({ try? $0.proposal.get() }) {
      streams.insert(proposal.stream)
      if case .officer(.mergedInto(let given)) = proposal.body {
        streams.insert(StreamID(.officer, given.officer))
      }
    }
    return streams
  }

  /// What answers now say of the streams, and of the people whose records the streams belong to.
  func answerLines(about streams: Set<StreamID>) throws -> AnswerLines.Lines {
    let readModel = PendingReadModel(unitOfWork)
    var answerLines = AnswerLines(on: today, knownAt: .max)
    var officers: Set<Identifier> = []
    for stream in streams { officers.formUnion(try answerLines.add(stream, from: readModel)) }
    for officer in officers {
      officers.formUnion(readModel.sharedStreams.merges.related(to: officer))
    }
    try answerLines.add(people: officers.sorted(), from: readModel)
    return answerLines.lines
  }

  static func changes(from before: AnswerLines.Lines, to after: AnswerLines.Lines)
    -> [PreviewChange]
  {
    AnswerLines.changes(from: before, to: after).map {
      PreviewChange(stream: $0.stream, what: $0.what, before: $0.before, after: $0.after)
    }
  }
}

/// The read model with a request's uncommitted events: its changes of shared streams and merges are
/// already in `sharedStreams`.
private struct PendingReadModel: ReadModel {
  let unitOfWork: UnitOfWork
  let sharedStreams: SharedStreams

  init(_ unitOfWork: UnitOfWork) {
    self.unitOfWork = unitOfWork
    sharedStreams = unitOfWork.pendingSharedStreams
  }

  func streams(touching officer: Identifier, before position: LogPosition) throws -> [StreamID] {
    try unitOfWork.streams(touching: officer, before: position)
  }

  func state(of stream: StreamID, on day: Day, knownAt position: LogPosition) throws -> StreamState?
  {
    try unitOfWork.state(of: stream, on: day, knownAt: position)
  }
}
