import Testing

@testable import Registrar

/// When a batch waits for others, by what was measured.
struct BatchPolicyTests {
  /// After syncs of 8 ms.
  static func policy(requestUs: Int, inFlight: Int) -> BatchPolicy {
    var policy = BatchPolicy()
    policy.synced(inNs: 8_000_000)
    policy.decided(requests: 10, inNs: 10 * requestUs * 1000)
    policy.answered(requests: inFlight, others: 0)
    return policy
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
  func `A batch waits for who is in flight while deciding them all is shorter than a sync`(
    row: (requestUs: Int, inFlight: Int, waits: Int?)
  ) {
    var policy = Self.policy(requestUs: row.requestUs, inFlight: row.inFlight)
    let wanted = row.waits.map { BatchPolicy.Patience(requests: row.inFlight, waitNs: $0) }
    #expect(policy.patience(having: 1) == wanted)
  }

  @Test func `Before anything was measured nobody waits`() {
    var policy = BatchPolicy()
    #expect(policy.patience(having: 1) == nil)
    policy.answered(requests: 64, others: 0)
    #expect(policy.patience(having: 1) == nil)
  }

  @Test func `Those who wait, or whose batch was begun, are in flight as those who are answered`() {
    var policy = Self.policy(requestUs: 50, inFlight: 1)
    policy.answered(requests: 20, others: 44)
    #expect(policy.patience(having: 44)?.requests == 64)
  }

  @Test
  func `Who waited in vain hurries for twice as many batches each time, until somebody comes`() {
    var policy = Self.policy(requestUs: 50, inFlight: 8)
    func hurries() -> Int {
      var batches = 0
      while policy.patience(having: 1) == nil { batches += 1 }
      return batches
    }
    let patience = BatchPolicy.Patience(requests: 8, waitNs: 0)
    var seen: [Int] = []
    for _ in 0..<9 {
      // Three of the seven who were missing.
      policy.waited(patience, having: 1, got: 4)
      seen.append(hurries())
    }
    #expect(seen == [1, 2, 4, 8, 16, 32, 64, 64, 64])
    policy.waited(patience, having: 1, got: 5)
    #expect(hurries() == 0)
    policy.waited(patience, having: 1, got: 1)
    #expect(hurries() == 1)
    // It did not wait.
    policy.waited(patience, having: 8, got: 8)
    #expect(hurries() == 0)
  }

  @Test func `A disk that stood still once does not count for long`() {
    var policy = Self.policy(requestUs: 50, inFlight: 8)
    policy.synced(inNs: 3_600_000_000_000)
    #expect(policy.syncNs == 11_000_000)
    for _ in 0..<20 { policy.synced(inNs: 8_000_000) }
    #expect(policy.syncNs < 8_300_000)
  }
}
