/// What holds of a batch while it is decided: a rollback leaves nothing of what it takes back.
extension UnitOfWork {
  enum Invariant: String, CaseIterable {
    case eventsFollowTheLog = "Events are added in the order of the log, at the next position."
    case savepointsNest = "A savepoint ends once, the latest first."
    case stepsOnlyInSavepoints = "What a rollback would need is kept only while one may come."
    case idsAreOfEvents = "The ids that a batch remembers are those of its events, each once."
    case flushedOutsideSavepoints = "Rows are written when nothing of the batch may go again."
  }

  /// The invariants of what is remembered that do not hold; those of what is done are asserted
  /// where it is done.
  func violations() -> [Invariant] { Self.violations(undoLog, batch) }

  static func violations(_ undoLog: UndoLog, _ batch: Overlay) -> [Invariant] {
    var broken: [Invariant] = []
    if undoLog.open < 0 { broken.append(.savepointsNest) }
    if undoLog.open == 0, !undoLog.steps.isEmpty { broken.append(.stepsOnlyInSavepoints) }
    if batch.ids.count != batch.events.count { broken.append(.idsAreOfEvents) }
    return broken
  }
}
