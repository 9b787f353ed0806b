import Dispatch
import EventLog
import LMDB
import Messages
import Projections
import RegistryStorage

/// A group commit: requests that are decided together and made durable by one sync.
final class Batch {
  private(set) var jobs: [DecodedRequest] = []
  /// What was decided, in the order of the jobs; those behind are still to be decided.
  private(set) var replies: [PreviewReply] = []
  /// Each event, in the order of the log.
  private(set) var kept: [LogEntry] = []
  private(set) var size = RecordQueue.BatchSize()
  /// What deciding it took so far.
  private(set) var decidedInNs = 0
  private var decider: RequestDecider?
  /// Why it cannot be decided.
  private(set) var failure: (any Error)?

  var unitOfWork: UnitOfWork? { decider?.unitOfWork }

  func add(_ job: DecodedRequest, bytes: Int) {
    jobs.append(job)
    size.requests += 1
    size.items += job.items.count
    size.bytes += bytes
  }

  /// Sets the transaction that it is decided in, or continues in the next one.
  func decide(on transaction: WriteTransaction, beginning: () -> RequestDecider) {
    if let decider {
      decider.unitOfWork.go(on: transaction)
    } else {
      decider = beginning()
    }
  }

  /// Decides what is not decided yet; after a failure nothing more.
  func decideAll() {
    guard let decider, failure == nil else { return }
    let begun = DispatchTime.now()
    defer { decidedInNs += begun.nsUntilNow }
    do {
      while replies.count < jobs.count {
        replies.append(try Self.answer(jobs[replies.count], decider, keeping: &kept))
      }
    } catch {
      failure = error
    }
  }

  /// Discards all decisions, since their base is gone: the batch is decided again.
  func forget() {
    replies.removeAll()
    kept.removeAll()
    (decider, failure, decidedInNs) = (nil, nil, 0)
  }

  private static func answer(
    _ job: DecodedRequest, _ decider: RequestDecider, keeping kept: inout [LogEntry]
  ) throws -> PreviewReply {
    let unitOfWork = decider.unitOfWork
    if job.purpose == .record {
      return PreviewReply(outcomes: try decider.decide(job, keeping: &kept))
    }
    return try unitOfWork.tentatively {
      var (trying, dropped) = (decider, [LogEntry]())
      trying.earlier = kept
      guard job.purpose == .preview else {
        return (keep: false, PreviewReply(outcomes: try trying.decide(job, keeping: &dropped)))
      }
      let today = decider.store.today(in: unitOfWork.sharedStreams)
      let preview = PreviewBuilder(
        unitOfWork: unitOfWork, day: job.previewDay(today: today),
        peopleMax: decider.store.previewPeopleMax)
      let reply = try preview.reply { try trying.decide(job, keeping: &dropped) }
      return (keep: false, reply)
    }
  }
}
