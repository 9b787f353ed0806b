/// What holds of a server's table after every step, whatever its peer sends.
extension ServerConnection {
  enum Invariant: String, CaseIterable {
    case slotsWithinMax = "No more slots are in use than the limits allow."
    case handlersReturnOnce = "No more handlers return than run for calls that were answered early."
    case streamsAreCounted = "The number of streams is that of the open calls that are streams."
    case lastCallIsHighest = "No open call has a higher id than the last one that was begun."
    case drainsWhileOpen = "A connection drains only while one of its slots is in use."
    case onlyExchangesReceive =
      "In a call that is no exchange nothing more comes, and nothing waits to be taken."
    case callCreditIsConserved =
      "What may still come in a call, what waits and what is owed are together its first credit."
    case connectionCreditIsConserved =
      "The same of a connection and all of its calls."
    case sendCreditWithinMax = "Neither a call nor the connection holds more credit than it may."
  }

  /// The invariants that do not hold; looks at every call.
  func violations() -> [Invariant] {
    // What ended the connection was not counted to its end.
    guard phase != .closed else { return [] }
    return Invariant.allCases.filter { !holds($0) }
  }

  private func holds(_ invariant: Invariant) -> Bool {
    switch invariant {
    case .slotsWithinMax: slots <= limits.callsMax
    case .handlersReturnOnce: lingering >= 0
    case .streamsAreCounted: streams == calls.values.count { $0.kind.isStream }
    case .lastCallIsHighest: calls.keys.allSatisfy { $0 <= lastCall }
    case .drainsWhileOpen: phase != .draining || slots > 0
    case .onlyExchangesReceive:
      calls.values.allSatisfy { $0.kind == .exchange || ($0.isEnded && $0.untaken == 0) }
    case .callCreditIsConserved:
      calls.values.allSatisfy {
        $0.untaken >= 0 && $0.receiving.outstanding + $0.untaken == limits.streamCreditInitial
      }
    case .connectionCreditIsConserved:
      receiving.outstanding + calls.values.reduce(0) { $0 + $1.untaken }
        == limits.connectionCreditInitial
    case .sendCreditWithinMax:
      sending.left <= limits.connectionCreditHeldMax
        && calls.values.allSatisfy {
          $0.sending.left <= limits.streamCreditHeldMax
        }
    }
  }
}
