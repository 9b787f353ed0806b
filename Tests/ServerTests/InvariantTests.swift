import Testing

@testable import Server

/// Queues and tables as no history of work leaves them.
struct InvariantTests {
  private final class Peer {}

  @Test(arguments: FairQueue<Int>.Invariant.allCases)
  func `A queue that breaks an invariant says which one`(invariant: FairQueue<Int>.Invariant) {
    let peer = Peer()
    var queue = FairQueue<Int>()
    for item in 0..<3 { queue.append(item, of: ObjectIdentifier(peer), "a") }
    #expect(queue.violations().isEmpty)
    switch invariant {
    case .waitingIsCounted: queue.count -= 1
    case .everyLineHasItsTurn: queue.principals.append("b")
    }
    #expect(queue.violations() == [invariant])
  }

  @Test(arguments: FairScheduler.WorkQueues<Int>.Invariant.allCases)
  func `Work that breaks an invariant says which one`(
    invariant: FairScheduler.WorkQueues<Int>.Invariant
  ) {
    var queues = FairScheduler.WorkQueues<Int>()
    #expect(queues.violations().isEmpty)
    switch invariant {
    case .endsWhatBegan: queues.running[FairScheduler.Kind.step.rawValue] = -1
    case .runningWithinThreads:
      queues.running[FairScheduler.Kind.question.rawValue] = FairScheduler.threads + 1
    case .heavyStepsWithinMax:
      queues.running[FairScheduler.Kind.heavyStep.rawValue] = FairScheduler.heavyStepsMax + 1
    }
    #expect(queues.violations() == [invariant])
  }

  @Test(arguments: HandshakeTable<Int, Int>.Invariant.allCases)
  func `Handshakes that break an invariant say which one`(
    invariant: HandshakeTable<Int, Int>.Invariant
  ) {
    var table = HandshakeTable<Int, Int>()
    table.begin(1, from: .ipv4(1), 1)
    #expect(table.violations().isEmpty)
    switch invariant {
    case .handshakesAreCounted: table.sources[.ipv4(1)]?.count += 1
    case .doneGiveTheirPlaces: table.sources[.ipv4(1)]?.ids.append(contentsOf: 2..<12)
    }
    #expect(table.violations() == [invariant])
  }

  @Test(arguments: ByteBudget.Invariant.allCases)
  func `A budget that is given more than was taken stops the process`(
    invariant: ByteBudget.Invariant
  ) async {
    switch invariant {
    case .givesBackWhatWasTaken:
      await #expect(processExitsWith: .failure) { ByteBudget(max: 8).take(-1) }
    }
  }
}
