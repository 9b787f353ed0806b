import EventLog
import Projections
import Registry

/// Where the log, the views and the vault stand when a batch is appended: what is recorded rests on
/// how the three fit, and nothing that is read can mend it afterwards.
struct CommitPoint {
  /// The position that the log gives the next event.
  var logEnd: LogPosition
  /// Keys that the log says the vault must have.
  var logReach: UInt32
  /// Keys that are on the disk.
  var vaultReach: UInt32
  /// The batch's events, by the positions that they say they have.
  var events: Range<LogPosition>
  /// Events that are to be appended.
  var kept: Int

  enum Invariant: String, CaseIterable {
    case batchBeginsAtLogEnd = "A batch begins where the log ends: its events say their positions."
    case keptIsWhatWasAdded = "As many events are appended as the batch added to the views."
    case vaultReachesLog = "The vault's synced keys reach as far as the log says."
    case viewsEndAtLogEnd = "The views that are committed know what the log has, and no more."
  }

  init(_ unitOfWork: UnitOfWork, kept: Int) {
    let next = unitOfWork.next
    // A count that is wrong is said to be so below, and is no range.
    events = min(unitOfWork.start, next)..<next
    (logEnd, logReach, vaultReach, self.kept) = (events.lowerBound, 0, 0, kept)
  }

  /// The invariants that do not hold of a batch that is about to be appended, or that was.
  func violations(appended: Bool = false) -> [Invariant] {
    Invariant.allCases.filter { invariant in
      switch invariant {
      case .batchBeginsAtLogEnd: !appended && events.lowerBound != logEnd
      case .keptIsWhatWasAdded: events.count != kept
      case .vaultReachesLog: vaultReach < logReach
      case .viewsEndAtLogEnd: appended && events.upperBound != logEnd
      }
    }
  }

  /// Appends what it stands for.
  mutating func append(
    _ batch: [LogEntry], to log: EventLog, vaultReach: UInt32
  ) throws(AppendFailure) {
    (logEnd, logReach, self.vaultReach) = (log.end, log.identity.vaultReach, vaultReach)
    precondition(violations().isEmpty, "\(violations())")
    try log.append(batch, vaultReach: vaultReach)
    (logEnd, logReach) = (log.end, log.identity.vaultReach)
    precondition(violations(appended: true).isEmpty, "\(violations(appended: true))")
  }
}
