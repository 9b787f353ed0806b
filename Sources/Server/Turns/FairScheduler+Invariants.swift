/// What holds of the work that waits, whoever sends it.
extension FairQueue {
  enum Invariant: String, CaseIterable {
    case waitingIsCounted = "The number of items is that of the items that wait."
    case everyLineHasItsTurn = "Who stands in line has something waiting, and who has stands once."
  }

  /// The invariants that do not hold; looks at every line.
  func violations() -> [Invariant] {
    Invariant.allCases.filter { invariant in
      switch invariant {
      case .waitingIsCounted:
        count != lines.values.reduce(0) { $0 + $1.waiting.values.reduce(0) { $0 + $1.count } }
      case .everyLineHasItsTurn:
        !Self.isTurn(of: lines.keys, in: principals)
          || lines.values.contains { line in
            !Self.isTurn(of: line.waiting.keys, in: line.connections)
              || line.waiting.values.contains(where: \.isEmpty)
          }
      }
    }
  }

  private static func isTurn<One: Hashable>(
    of waiting: some Collection<One>, in turns: some Collection<One>
  ) -> Bool {
    turns.count == waiting.count && Set(turns) == Set(waiting)
  }
}

/// What holds of the work that runs.
extension FairScheduler.WorkQueues {
  enum Invariant: String, CaseIterable {
    case endsWhatBegan = "No more work ends than was begun."
    case runningWithinThreads = "No more work runs than there are threads of its kind."
    case heavyStepsWithinMax = "Streams that look at everybody leave a thread to the others."
  }

  /// The invariants that do not hold.
  func violations() -> [Invariant] {
    Invariant.allCases.filter { invariant in
      switch invariant {
      case .endsWhatBegan: running.contains { $0 < 0 }
      case .runningWithinThreads:
        FairScheduler.Threads.allCases.contains { running(on: $0) > FairScheduler.threads }
      case .heavyStepsWithinMax:
        running[FairScheduler.Kind.heavyStep.rawValue] > FairScheduler.heavyStepsMax
      }
    }
  }
}
