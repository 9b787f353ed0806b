import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// When a batch waits for others, by what was measured.
struct GroupCommitDelayTests {
  /// After syncs of 8 ms.
  static func commitDelay(requestUs: Int, inFlight: Int) -> GroupCommitDelay {
    var commitDelay = GroupCommitDelay()
    commitDelay.synced(inNs: 8_000_000)
    commitDelay.decided(requests: 10, inNs: 10 * requestUs * 1000)
    commitDelay.answered(requests: inFlight, others: 0)
    return commitDelay
  }

  static let rows: [(requestUs: Int, inFlight: Int, waits: Int?)] = [
    // Nobody else is there.
    (50, 0, nil), (50, 1, nil),
    // Half of what of a sync is not spent on deciding.
    (50, 2, 3_950_000), (50, 8, 3_800_000), (50, 64, 2_400_000), (50, 150, 250_000),
    // Deciding all takes as long as a sync: two batches take turns.
    (50, 160, nil), (50, 1000, nil), (1000, 8, nil), (10_000, 2, nil),
  ]

  @Test(arguments: rows)
  func `A batch waits for requests in flight while deciding them all is shorter than a sync`(
    row: (requestUs: Int, inFlight: Int, waits: Int?)
  ) {
    var commitDelay = Self.commitDelay(requestUs: row.requestUs, inFlight: row.inFlight)
    let wanted = row.waits.map { GroupCommitDelay.Target(requests: row.inFlight, waitNs: $0) }
    #expect(commitDelay.target(having: 1) == wanted)
  }

  @Test func `Before anything was measured nobody waits`() {
    var commitDelay = GroupCommitDelay()
    #expect(commitDelay.target(having: 1) == nil)
    commitDelay.answered(requests: 64, others: 0)
    #expect(commitDelay.target(having: 1) == nil)
  }

  @Test func `Those who wait, or whose batch was begun, are in flight as those who are answered`() {
    var commitDelay = Self.commitDelay(requestUs: 50, inFlight: 1)
    commitDelay.answered(requests: 20, others: 44)
    #expect(commitDelay.target(having: 44)?.requests == 64)
  }

  @Test
  func `Who waited in vain hurries for twice as many batches each time, and half when they came`() {
    var commitDelay = Self.commitDelay(requestUs: 50, inFlight: 9)
    let target = GroupCommitDelay.Target(requests: 9, waitNs: 0)
    func hurries(after came: Int) -> Int {
      commitDelay.waited(target, having: 1, got: 1 + came)
      var batches = 0
      while commitDelay.target(having: 1) == nil { batches += 1 }
      return batches
    }
    // Three quarters of the eight who were missing are enough.
    #expect([5, 0, 5, 4, 3, 2, 1, 0, 5].map(hurries) == [1, 2, 4, 8, 16, 16, 16, 16, 16])
    #expect([6, 8].map(hurries) == [0, 0])
    #expect([5, 6, 6, 6, 6, 5, 5].map(hurries) == [4, 0, 0, 0, 0, 1, 2])
    // It did not wait.
    commitDelay.waited(target, having: 9, got: 9)
    #expect(commitDelay.target(having: 1) != nil)
  }

  @Test func `A disk that stood still once does not count for long`() {
    var commitDelay = Self.commitDelay(requestUs: 50, inFlight: 8)
    commitDelay.synced(inNs: 3_600_000_000_000)
    #expect(commitDelay.syncNs == 11_000_000)
    for _ in 0..<20 { commitDelay.synced(inNs: 8_000_000) }
    #expect(commitDelay.syncNs < 8_300_000)
  }
}
