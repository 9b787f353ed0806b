import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Records every event with everything in it that the schema allows.
final class LargestEvents {
  private let registry: TestRegistry
  /// Events that were recorded in no state that their streams were brought to.
  private(set) var missed: [StreamKind: [String]] = [:]
  private(set) var streams: [StreamID] = []
  /// Items that were left to the longest lists.
  private(set) var longest = 0

  /// Things of each kind that the events may name.
  private static let named = 100
  /// Where the streams of the events themselves begin.
  private static let own = 1_000

  init(_ registry: TestRegistry) { self.registry = registry }

  func recordAll() throws {
    try begin(.registry, [0], "established")
    for (kind, event) in [
      (.organisation, "registered"), (.officer, "registered"), (.framework, "published"),
      (.framework, "skill_added"), (.instrument, "issued"), (.agreement, "signed"),
      (.programme, "opened"), (.course, "published"), (.authorisation, "granted"),
      (.cohort, "planned"), (.mandate, "issued"),
    ] as [(StreamKind, String)] {
      try begin(kind, 0..<Self.named, event)
    }
    for kind in StreamKind.allCases {
      for (at, event) in try LargestMessage.events(of: kind).enumerated() {
        try record(event, of: kind, at)
      }
    }
  }

  /// Things that events may name, as little of each as there may be. What cannot begin so is not
  /// there: what names it is rejected.
  private func begin(
    _ kind: StreamKind, _ indices: some Sequence<Int>, _ event: String
  ) throws {
    _ = try submit(
      try indices.flatMap { try step(StreamID(kind, LargestMessage.name($0)), event, $0) })
    if kind == .registry { streams.append(StreamID(kind, LargestMessage.name(0))) }
  }

  /// Brings a stream through its life cycle by the least that each event may say, and tries this
  /// one with everything before each step: with its lists at their limit, or as long as an item may
  /// be and there are things to name.
  private func record(_ event: String, of kind: StreamKind, _ at: Int) throws {
    let name = LargestMessage.name(kind == .registry ? 0 : Self.own + at)
    let stream = StreamID(kind, name)
    if kind != .registry { streams.append(stream) }
    for next in [nil] + (try LargestMessage.events(of: kind)).map(Optional.some) {
      let steps = try next.map { try step(stream, $0, at) } ?? []
      let sizes = [Int.max, 500, 64, 16, 1, 0]
      // In one request, since each that is recorded waits for the disk.
      let outcomes = try submit(
        steps
          + sizes.map {
            try LargestMessage(extent: .most, index: at, itemsMax: $0).proposal(stream, event)
          }
      ).dropFirst(steps.count)
      guard let first = outcomes.firstIndex(where: { $0.position != nil }) else { continue }
      longest = max(longest, min(sizes[first - steps.count], 2_000))
      return
    }
    missed[kind, default: []].append(event)
  }

  /// An event with as little as it may say, or where that is not enough one item in each list.
  private func step(_ stream: StreamID, _ event: String, _ index: Int) throws -> [[UInt8]] {
    let least = LargestMessage(extent: .least, index: index)
    let short = LargestMessage(extent: .most, index: index, itemsMax: 1)
    return [try least.proposal(stream, event), try short.proposal(stream, event)]
  }

  /// Sends them as a request brings them, past every limit.
  private func submit(_ proposals: [[UInt8]]) throws -> [RecordOutcome] {
    let outcomes = try registry.submit(proposals.map { RecordItem(proposal: $0) }).get().outcomes
    #expect(outcomes.count == proposals.count)
    for case .rejected(let rejection) in outcomes {
      #expect(!rejection.code.isEmpty && rejection.sentence.count > 20, "\(rejection)")
    }
    return outcomes
  }
}
