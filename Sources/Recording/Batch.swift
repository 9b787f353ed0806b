import Dispatch
import EventLog
import LMDB
import Messages
import Projections
import RegistryStorage

/// Requests that are decided together and brought to the disk by one sync.
final class Batch {
  private(set) var jobs: [RecordJob] = []
  /// What was decided, in the order of the jobs; those behind are still to be decided.
  private(set) var replies: [PreviewReply] = []
  /// Each event, in the order of the log.
  private(set) var kept: [LogEntry] = []
  private(set) var measure = RecordQueue.Measure()
  /// What deciding it took so far.
  private(set) var decidedInNs = 0
  private var deciding: Deciding?
  /// Why it cannot be decided.
  private(set) var failure: (any Error)?

  var workspace: Workspace? { deciding?.workspace }

  func add(_ job: RecordJob, bytes: Int) {
    jobs.append(job)
    measure.requests += 1
    measure.items += job.items.count
    measure.bytes += bytes
  }

  /// Says on what it is decided, or goes on where it was begun.
  func decide(on transaction: WriteTransaction, beginning: () -> Deciding) {
    if let deciding {
      deciding.workspace.go(on: transaction)
    } else {
      deciding = beginning()
    }
  }

  /// Decides what is not decided yet; after a failure nothing more.
  func decideAll() {
    guard let deciding, failure == nil else { return }
    let begun = DispatchTime.now()
    defer { decidedInNs += begun.nsUntilNow }
    do {
      while replies.count < jobs.count {
        replies.append(try Self.answer(jobs[replies.count], deciding, keeping: &kept))
      }
    } catch {
      failure = error
    }
  }

  /// What it was decided on is gone: it is decided anew.
  func forget() {
    replies.removeAll()
    kept.removeAll()
    (deciding, failure, decidedInNs) = (nil, nil, 0)
  }

  private static func answer(
    _ job: RecordJob, _ deciding: Deciding, keeping kept: inout [LogEntry]
  ) throws -> PreviewReply {
    let workspace = deciding.workspace
    if job.purpose == .record {
      return PreviewReply(outcomes: try deciding.decide(job, keeping: &kept))
    }
    return try workspace.tentatively {
      var (trying, dropped) = (deciding, [LogEntry]())
      trying.earlier = kept
      guard job.purpose == .preview else {
        return (keep: false, PreviewReply(outcomes: try trying.decide(job, keeping: &dropped)))
      }
      let previewing = Previewing(
        workspace, today: deciding.store.today(in: workspace.catalogue))
      let streams = Previewing.streams(of: job.items)
      let before = try previewing.facts(about: streams)
      let outcomes = try trying.decide(job, keeping: &dropped)
      let changes = Previewing.changes(from: before, to: try previewing.facts(about: streams))
      return (
        keep: false,
        PreviewReply(
          outcomes: outcomes, changes: Array(changes.prefix(Previewing.changesMax)),
          truncated: changes.count > Previewing.changesMax)
      )
    }
  }
}
