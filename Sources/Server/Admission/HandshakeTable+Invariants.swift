/// What holds of handshakes, whoever begins and leaves them.
extension HandshakeTable {
  enum Invariant: String, CaseIterable {
    case handshakesAreCounted =
      "Each source counts its handshakes that have begun and are not done."
    case doneGiveTheirPlaces =
      "What is remembered of handshakes that are done is little more than of those that are not."
  }

  /// The invariants that do not hold; looks at every handshake.
  func violations() -> [Invariant] {
    Invariant.allCases.filter { invariant in
      switch invariant {
      case .handshakesAreCounted:
        sources.mapValues(\.count)
          != begun.values.reduce(into: [SourceAddress: Int]()) { $0[$1.source, default: 0] += 1 }
      case .doneGiveTheirPlaces:
        sources.values.contains { $0.ids.count > 2 * max($0.count, 0) + 8 }
      }
    }
  }
}
