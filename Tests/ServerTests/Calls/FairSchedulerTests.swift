import Testing

@testable import Server

/// Who is served next: principals in turn, of each its connections in turn.
struct FairSchedulerTests {
  /// Names for connections; objects are equal to themselves alone.
  private final class Connection {}
  private let connections = (0..<8).map { _ in Connection() }

  private func id(_ connection: Int) -> ObjectIdentifier {
    ObjectIdentifier(connections[connection])
  }

  private func take<Work>(_ queue: inout FairQueue<Work>) -> [Work] {
    var all: [Work] = []
    while let next = queue.popFirst() { all.append(next) }
    return all
  }

  @Test func `Principals take turns, and of each its connections`() {
    var queue = FairQueue<String>()
    for (work, connection, principal) in [
      ("a0.1", 0, "a"), ("a0.2", 0, "a"), ("a0.3", 0, "a"), ("a1.1", 1, "a"), ("a1.2", 1, "a"),
      ("b2.1", 2, "b"), ("b2.2", 2, "b"), ("c3.1", 3, "c"),
    ] { queue.append(work, of: id(connection), principal) }
    #expect(queue.count == 8)
    #expect(
      take(&queue) == ["a0.1", "b2.1", "c3.1", "a1.1", "b2.2", "a0.2", "a1.2", "a0.3"])
    #expect(queue.isEmpty && queue.popFirst() == nil)
  }

  @Test func `Who comes late is served before those who asked for much are done`() {
    var queue = FairQueue<Int>()
    for work in 0..<1000 { queue.append(work, of: id(work % 2), "much") }
    #expect(queue.popFirst() == 0)
    queue.append(-1, of: id(2), "little")
    queue.append(-2, of: id(3), "much")
    #expect(take(&queue).prefix(4) == [1, -1, 2, -2])
  }

  struct Turn {
    var principal: Int
    var connection: Int
    var number: Int
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `Nobody waits for more than one turn of each other`(seed: UInt64) {
    var random = Seeded(seed)
    var queue = FairQueue<Turn>()
    // What waits, as the words say it; a connection belongs to one principal.
    var waiting = Array(repeating: [Int](), count: 8)
    // Of each that waits, how often each other had a turn since it was served or began to wait.
    var principalTurns = Array(repeating: Array(repeating: 0, count: 3), count: 3)
    var turns = Array(repeating: Array(repeating: 0, count: 8), count: 8)
    func isWaiting(_ principal: Int) -> Bool {
      (0..<8).contains { $0 % 3 == principal && !waiting[$0].isEmpty }
    }
    for number in 0..<300 {
      if Int.random(in: 0..<5, using: &random) < 3 || number < 20 {
        let connection = Int.random(in: 0..<8, using: &random)
        let principal = connection % 3
        if !isWaiting(principal) { principalTurns[principal] = [0, 0, 0] }
        if waiting[connection].isEmpty { turns[connection] = Array(repeating: 0, count: 8) }
        waiting[connection].append(number)
        queue.append(
          Turn(principal: principal, connection: connection, number: number),
          of: id(connection), "p\(principal)")
        continue
      }
      guard let turn = queue.popFirst() else { continue }
      let (principal, connection) = (turn.principal, turn.connection)
      #expect(waiting[connection].first == turn.number, "in its own order, seed \(seed)")
      waiting[connection].removeFirst()
      for other in 0..<3 where other != principal && isWaiting(other) {
        principalTurns[other][principal] += 1
        #expect(principalTurns[other][principal] <= 1, "principal \(other), seed \(seed)")
      }
      for other in 0..<8
      where other != connection && other % 3 == principal && !waiting[other].isEmpty {
        turns[other][connection] += 1
        #expect(turns[other][connection] <= 1, "connection \(other), seed \(seed)")
      }
      principalTurns[principal] = [0, 0, 0]
      turns[connection] = Array(repeating: 0, count: 8)
    }
    #expect(take(&queue).count == waiting.reduce(0) { $0 + $1.count })
  }

  @Test func `Questions and steps have threads of their own, and of everybody's one is left`() {
    var turns = FairScheduler.WorkQueues<String>()
    for number in 0..<4 {
      turns.append("question \(number)", .question, of: id(0), "a")
      turns.append("step \(number)", .step, of: id(1), "a")
      turns.append("heavy \(number)", .heavyStep, of: id(2), "b")
    }
    func begun(_ threads: FairScheduler.Threads) -> [String] {
      var items: [String] = []
      while let next = turns.begin(on: threads) { items.append(next.item) }
      return items
    }
    #expect(begun(.questions) == ["question 0", "question 1"])
    #expect(begun(.steps) == ["step 0", "heavy 0"])
    // A heavy one alone has no second thread; a light one may have both.
    turns.end(.step)
    #expect(begun(.steps) == ["step 1"])
    turns.end(.heavyStep)
    // They alternate where both wait.
    #expect(begun(.steps) == ["heavy 1"])
    turns.end(.heavyStep)
    turns.end(.step)
    #expect(begun(.steps) == ["step 2", "heavy 2"])
    turns.end(.question)
    #expect(begun(.questions) == ["question 2"])
    #expect(turns.waiting == 3)
  }
}
