/// What holds of the queue whenever its lock is free.
extension RecordQueue {
  enum Invariant: String, CaseIterable {
    case waitingWithinLimits = "No more requests and bytes wait than may."
    case bytesAreCounted = "The bytes that wait are those of the requests that wait."
    case readyItemsAreCounted = "The decoded items are those of the requests that are decoded."
    case sentAreCounted = "The requests that nobody began to decode are counted."
  }

  /// The invariants that do not hold; looks at every request. Called with the lock held.
  func violations() -> [Invariant] {
    let waiting = entries[first...]
    let counted = waiting.reduce(into: (bytes: 0, items: 0, sent: 0)) { sum, entry in
      sum.bytes += entry.bytes
      switch entry.stage {
      case .sent: sum.sent += 1
      case .ready(let job): sum.items += job.items.count
      case .decoding, .refused: break
      }
    }
    return Invariant.allCases.filter { invariant in
      switch invariant {
      case .waitingWithinLimits:
        waiting.count > limits.queuedRequestsMax || counted.bytes > limits.queuedBytesMax
      case .bytesAreCounted: bytes != counted.bytes
      case .readyItemsAreCounted: readyItems != counted.items
      case .sentAreCounted: sentCount != counted.sent
      }
    }
  }
}
