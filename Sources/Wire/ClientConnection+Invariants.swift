/// What holds of a client's table after every step, whatever the server sends.
extension ClientConnection {
  enum Invariant: String, CaseIterable {
    case callsWithinMax = "No more calls are open than the server takes."
    case streamsAreCounted = "The number of streams is that of the open calls that are streams."
    case callCreditIsConserved =
      "What may still come in a call, what is unread and what is owed are together its first credit."
    case connectionCreditIsConserved =
      "The same of a connection and all of its calls."
  }

  /// The invariants that do not hold; looks at every call.
  func violations() -> [Invariant] {
    guard phase != .closed else { return [] }
    return Invariant.allCases.filter { !holds($0) }
  }

  private func holds(_ invariant: Invariant) -> Bool {
    switch invariant {
    case .callsWithinMax: calls.count <= callsMax
    case .streamsAreCounted: streams == calls.values.count { $0.kind != .unary }
    case .callCreditIsConserved:
      // Of a call that was given up nobody counts what is unread.
      calls.values.allSatisfy {
        $0.isAbandoned
          || ($0.unread >= 0 && $0.receiving.outstanding + $0.unread == streamCredit ?? 0)
      }
    case .connectionCreditIsConserved:
      receiving.outstanding + calls.values.reduce(0) { $0 + $1.unread } == connectionCredit ?? 0
    }
  }
}
