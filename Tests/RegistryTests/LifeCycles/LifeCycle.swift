import Testing

@testable import Registry

/// What a life cycle is expected to make of an event in a state: one cell of its table.
///
/// | cell | |
/// |---|---|
/// | `.` | not allowed |
/// | `=` | unchanged |
/// | `o` | recorded, the status stays |
/// | `<` | recorded, and returns to what there was before what the event ends |
/// | `>name` | recorded, and leads to the status of that name |
/// | `?name` | begins the stream in that status when a source vouches for it |
///
/// A name may be cut short as long as it is one status's alone.
enum Cell<Status: Equatable>: Equatable {
  case no, unchanged, stays, returns
  case to(Status)
  case vouched(Status)
}

/// The expected table of one kind of stream: a row for each event, and in each row a cell for no
/// state and for each status in the order of the schema.
struct LifeCycle<Rules: StreamRules, Status: CaseIterable & Hashable & Sendable>
where Rules.State: Equatable {
  var stream: StreamKind
  var rows: [(sample: Rules.Event, cells: String)]
  var context: TestContext
  var statusName: (Status) -> String
  var eventName: (Rules.Event) -> String
  /// A state of the status in which the sample is in order if the table allows it there.
  var state: (Status, Rules.Event) -> Rules.State
  var status: (Rules.State) -> Status
  var following: (Status?) -> [String]
  /// What an event that returns leads to from a state.
  var before: (Rules.State, Rules.Event) -> Status? = { _, _ in nil }

  var statuses: [Status?] { [nil] + Array(Status.allCases) }

  struct Pair {
    var from: Status?
    var event: Rules.Event
    var cell: Cell<Status>
  }

  /// Every (state, event) pair; a row that is short or long of one fails.
  func pairs(_ location: SourceLocation = #_sourceLocation) throws -> [Pair] {
    #expect(
      Set(rows.map { eventName($0.sample) }).count == rows.count, "an event has two rows",
      sourceLocation: location)
    var pairs: [Pair] = []
    for row in rows {
      let words = row.cells.split(separator: " ").map(String.init)
      try #require(
        words.count == statuses.count, "a pair of `\(eventName(row.sample))` is missing",
        sourceLocation: location)
      for (from, word) in zip(statuses, words) {
        pairs.append(
          Pair(from: from, event: row.sample, cell: try cell(word, sourceLocation: location)))
      }
    }
    return pairs
  }

  private func cell(_ word: String, sourceLocation: SourceLocation) throws -> Cell<Status> {
    switch word {
    case ".": return .no
    case "=": return .unchanged
    case "o": return .stays
    case "<": return .returns
    default:
      let found = Status.allCases.filter { statusName($0).hasPrefix(word.dropFirst()) }
      let status = try #require(
        found.count == 1 ? found.first : nil, "\(word) is no one status",
        sourceLocation: sourceLocation)
      switch word.first {
      case ">": return .to(status)
      case "?": return .vouched(status)
      default:
        Issue.record("\(word) is no cell", sourceLocation: sourceLocation)
        return .no
      }
    }
  }

  func name(_ pair: Pair) -> String {
    "(\(pair.from.map(statusName) ?? "none"), \(eventName(pair.event)))"
  }

  /// Holds every pair against what `decide` says of it, against where `evolve` leads, and against
  /// what is documented.
  func check(_ location: SourceLocation = #_sourceLocation) throws {
    try checkDocumented(location)
    for pair in try pairs(location) {
      let state = pair.from.map { self.state($0, pair.event) }
      if let state {
        #expect(status(state) == pair.from, "\(name(pair))", sourceLocation: location)
      }
      for hasSource in [false, true] {
        let metadata = EventMetadata.at(100, stream, hasSource: hasSource)
        let verdict = outcome(pair.event, metadata, in: state)
        let expected: String =
          switch pair.cell {
          case .no: pair.from == nil ? "no_such_stream" : "illegal_transition"
          case .unchanged: "unchanged"
          case .stays, .to, .returns: "record"
          case .vouched: hasSource ? "record" : "source_needed"
          }
        #expect(
          verdict.word == expected, "\(name(pair)): \(verdict.sentence)",
          sourceLocation: location)
        if expected == "record" {
          checkEvolution(of: pair, from: state, metadata, location)
        } else {
          // What was not recorded can still be folded: a correction may leave it there.
          let after = Rules.evolve(state, by: pair.event, metadata)
          if verdict.word == "unchanged" || expected == "illegal_transition" {
            #expect(
              after.map(status) == pair.from, "\(name(pair)) moves what it may not",
              sourceLocation: location)
          }
        }
      }
    }
  }

  /// The table that the documentation shows says the same. What says nothing new is unchanged
  /// also where the state would stay.
  private func checkDocumented(_ location: SourceLocation) throws {
    let documented = LifeCycleTable.of(stream)
    #expect(documented.states == Status.allCases.map(statusName), sourceLocation: location)
    #expect(
      Set(documented.rows.map(\.event)) == Set(rows.map { eventName($0.sample) }),
      sourceLocation: location)
    for pair in try pairs(location) {
      let row = documented.rows.first { $0.event == eventName(pair.event) }
      let cell = row?.cells[statuses.firstIndex(of: pair.from)!]
      let expected: [LifeCycleTable.Cell] =
        switch pair.cell {
        case .no: [.no]
        case .unchanged: [.unchanged, .stays]
        case .stays: [.stays]
        case .returns: [.returns]
        case .to(let status): [.to(statusName(status))]
        case .vouched(let status): [.vouched(statusName(status))]
        }
      #expect(
        cell.map(expected.contains) == true,
        "\(name(pair)) is documented as \(String(describing: cell))", sourceLocation: location)
    }
  }

  private func checkEvolution(
    of pair: Pair, from state: Rules.State?, _ metadata: EventMetadata, _ location: SourceLocation
  ) {
    let after = Rules.evolve(state, by: pair.event, metadata)
    #expect(
      after.map(status) == target(of: pair, from: state), "\(name(pair))", sourceLocation: location)
    #expect(
      after != state, "\(name(pair)) is recorded and changes nothing", sourceLocation: location)
  }

  private func outcome(
    _ event: Rules.Event, _ metadata: EventMetadata, in state: Rules.State?
  ) -> (word: String, sentence: String) {
    do {
      switch try Rules.decide(event, metadata, in: state, given: context) {
      case .record: return ("record", "")
      case .unchanged: return ("unchanged", "")
      }
    } catch {
      return (error.code.rawValue, error.sentence)
    }
  }

  /// What a rejection's sentence offers is what the table allows, no more and no less.
  func checkFollowing(_ location: SourceLocation = #_sourceLocation) throws {
    let pairs = try pairs(location)
    for from in statuses {
      let allowed = pairs.filter {
        $0.from == from && $0.cell != .no && $0.cell != .unchanged
      }
      #expect(
        Set(following(from)) == Set(allowed.map { eventName($0.event) }),
        "\(from.map(statusName) ?? "none")", sourceLocation: location)
    }
  }

  /// Folds samples in any order, as late facts and voids may leave them, and holds each step that
  /// `decide` allows against the table.
  func checkWalk(_ seed: UInt64, _ location: SourceLocation = #_sourceLocation) throws {
    var random = Seeded(seed)
    let pairs = try pairs(location)
    let first = pairs.randomElement(using: &random)!
    var state = first.from.map { self.state($0, first.event) }
    for step in 0..<60 {
      let sample = rows.randomElement(using: &random)!.sample
      let before = state
      let metadata = EventMetadata.at(
        LogPosition(200 + step), stream,
        on: Day.distantPast.adding(days: Int.random(in: 0..<400_000, using: &random)),
        hasSource: Bool.random(using: &random))
      let verdict = outcome(sample, metadata, in: state)
      state = Rules.evolve(state, by: sample, metadata)
      guard verdict.word == "record" else { continue }
      let pair = try #require(
        pairs.first { $0.from == before.map(status) && eventName($0.event) == eventName(sample) },
        sourceLocation: location)
      if pair.cell == .no || pair.cell == .unchanged {
        Issue.record("seed \(seed): \(name(pair)) was recorded", sourceLocation: location)
      }
      #expect(
        state.map(status) == target(of: pair, from: before), "seed \(seed): \(name(pair))",
        sourceLocation: location)
    }
  }

  /// The status that the table expects after an event that is recorded.
  private func target(of pair: Pair, from state: Rules.State?) -> Status? {
    switch pair.cell {
    case .to(let status), .vouched(let status): status
    case .returns: state.flatMap { before($0, pair.event) }
    case .stays: pair.from
    case .no, .unchanged: nil
    }
  }
}

/// The rejection that a decision throws; a failure when it throws none.
func rejection(
  _ location: SourceLocation = #_sourceLocation, _ decide: () throws -> Verdict
) throws -> Rejection {
  do {
    let verdict = try decide()
    Issue.record("not rejected but \(verdict)", sourceLocation: location)
  } catch let rejection as Rejection {
    return rejection
  }
  throw NotRejected()
}

struct NotRejected: Error {}
