import RegistryStorage

/// The group-commit delay: whether a batch that could be synced waits for more requests, and for
/// how long. It adapts to measurements; there is no setting.
///
/// Let a sync take `s`, deciding a request `d`, and let `n` requests be in flight, from clients
/// that send the next when they are answered. Two batches that take turns, each decided while the
/// other is synced, have all answered in twice the longer of `s` and `n · d / 2`; one batch of all
/// of them in `n · d + s`. While `n · d` is less than `s`, then, one is better, and worth a wait
/// for those who were just answered; else nobody waits. With one in flight there is nobody to wait
/// for.
struct GroupCommitDelay {
  /// What a batch waits for.
  struct Target: Equatable {
    /// The number of requests to wait for.
    var requests: Int
    /// The longest wait.
    var waitNs: Int
  }

  /// The longest backoff, in batches: so many do not wait after one that waited in vain.
  static let backoffMax = 16

  /// Moving averages.
  private(set) var syncNs = 0
  private(set) var requestNs = 0
  /// Requests that were in flight when a batch was last answered.
  private(set) var inFlight = 0
  /// Batches that do not wait: twice as many each time that too few came, half as many each time
  /// that they did. Of clients that send when they like, not when they are answered, as many come
  /// in a wait as in any other time, which is seldom enough.
  private var backoff = 0
  private var backoffNext = 1

  /// What a batch that has so many requests may wait for; nil: it does not wait.
  mutating func target(having requests: Int) -> Target? {
    guard inFlight > 1, requestNs * inFlight < syncNs else { return nil }
    guard backoff == 0 else {
      backoff -= 1
      return nil
    }
    return Target(requests: inFlight, waitNs: (syncNs - requestNs * inFlight) / 2)
  }

  /// A batch waited: with so many requests it began to, and with so many it went.
  mutating func waited(_ target: Target, having before: Int, got after: Int) {
    let missing = target.requests - before
    guard missing > 0 else { return }
    if 4 * (after - before) >= 3 * missing {
      backoffNext = max(backoffNext / 2, 1)
    } else {
      backoff = backoffNext
      backoffNext = min(2 * backoffNext, Self.backoffMax)
    }
  }

  mutating func decided(requests: Int, inNs ns: Int) {
    guard requests > 0 else { return }
    Self.average(&requestNs, ns / requests)
  }

  mutating func synced(inNs ns: Int) { Self.average(&syncNs, ns) }

  /// A batch is answered, while so many requests are in one that was begun, or wait.
  mutating func answered(requests: Int, others: Int) { inFlight = requests + others }

  /// One that is far off counts as four times the average, so that a disk that stood still once
  /// does not count for long.
  private static func average(_ average: inout Int, _ sample: Int) {
    guard average > 0 else { return average = sample }
    average += (min(sample, 4 * average) - average) / 8
  }
}
