/// The life cycle of one kind of stream as a table: what the program and the documentation show.
///
/// The events are judged by each kind's `step`, which takes an event with all that it says. So the
/// cells are computed where there are examples of events, which no program ships, and generated as
/// data: `LifeCycleTableTests` computes them, writes them, and holds them against `step`.
public struct LifeCycleTable: Hashable, Sendable {
  /// What becomes of an event in a state.
  public enum Cell: Hashable, Sendable {
    case no
    case unchanged
    /// Recorded; the state stays.
    case stays
    /// Recorded; the state is again what it was before what the event ends.
    case returns
    /// Recorded; leads to the state of that name.
    case to(String)
    /// As `to`, where a source vouches for what came before.
    case vouched(String)
  }

  /// What becomes of an event in each state.
  public struct Row: Hashable, Sendable {
    public let event: String
    /// For no history yet, then for each state.
    public let cells: [Cell]

    package init(event: String, cells: [Cell]) { (self.event, self.cells) = (event, cells) }
  }

  public let kind: StreamKind
  /// The states' names in the schema's order.
  public let states: [String]
  /// For each event, in the schema's order.
  public let rows: [Row]

  package init(_ kind: StreamKind, states: [String], rows: [Row]) {
    (self.kind, self.states, self.rows) = (kind, states, rows)
  }

  /// As it was generated: empty for a kind that was not yet.
  public static func of(_ kind: StreamKind) -> LifeCycleTable {
    let lines = generated.split(separator: "\n").drop { $0 != "# \(kind.rawValue)" }.dropFirst()
      .prefix { !$0.hasPrefix("#") }.map { $0.split(separator: " ").map(String.init) }
    let states = Array((lines.first ?? []).dropFirst())
    return LifeCycleTable(
      kind, states: states,
      rows: lines.dropFirst().map { words in
        Row(event: words.first ?? "", cells: words.dropFirst().map(Cell.init(word:)))
      })
  }

  /// What follows without an event, or is told by no state.
  public var note: String {
    switch kind {
    case .registry:
      "A policy and what a position or a cadre asks hold until the next of that day or later."
    case .officer:
      "Whoever is suspended within a leave returns to the leave. What concerns a merged record is "
        + "recorded of the survivor."
    case .authorisation:
      "Before `valid_from` and after `valid_until` what is granted does not stand (*expired*): that "
        + "follows from the dates and is no event."
    case .agreement:
      "After `valid_until` what is signed, in force or suspended is *expired*: that follows from "
        + "the date and is no event. Only what is signed or in force, and not expired, may be "
        + "relied on. An obligation is met or missed only where there was a signature."
    case .cohort: "With more than \(rewrittenRowsMax) enrolments a cohort keeps its course."
    case .credential:
      "*valid*, *not_yet_valid* and *expired* follow from the dates and the day asked about, and "
        + "are no events. Recognition has a life of its own beside the state."
    case .duty:
      "Whoever is meant by the mandate has the duty, without an event. *completed* and *late* "
        + "follow from completions until and after the officer's deadline. After its last day an "
        + "exemption is over, and the duty required again. A non-compliance of a day on which "
        + "nothing was due yet, since the deadline is known to be later, does not count, and may "
        + "be recorded again when it is."
    case .organisation, .framework, .instrument, .programme, .course, .enrolment, .submission,
      .skillClaim, .mandate:
      ""
    }
  }

  /// The table of every kind, in the order of the schema.
  public static var all: [LifeCycleTable] { StreamKind.allCases.map(of) }
}

extension LifeCycleTable {
  /// The table as Markdown, without a heading.
  public var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    var text = line(["event", "(none)"] + states)
    text += "|" + String(repeating: "---|", count: states.count + 2) + "\n"
    for row in rows { text += line(["`\(row.event)`"] + row.cells.map(\.text)) }
    return note.isEmpty ? text : text + "\n" + note + "\n"
  }

  /// Every table, with what its cells mean.
  public static var document: String { document(all) }

  package static func document(_ tables: [LifeCycleTable]) -> String {
    var text = """
      # Life cycles

      What `ujuzi life-cycles` prints; a test holds it against the code that judges.

      For each kind of stream: what an event (a row) does in a state (a column) on the event's own
      day. `(none)` is a stream without history on that day.

      | cell | |
      |---|---|
      | → state | recorded; leads to that state |
      | → state, with a source | as before; the stream begins in the middle, so `source` must vouch for what came before |
      | stays | recorded; the state stays. What says nothing new is unchanged |
      | returns | recorded; the state is again what it was before what the event ends |
      | unchanged | said already: nothing is recorded, unless it says it otherwise, which is rejected |
      | – | rejected (`no_such_stream` where there is none, otherwise `illegal_transition`); where it says word for word what was recorded before, mostly unchanged |

      In every state of every kind an event may be *corrected* (an event of the same stream that names
      it in `corrects`), *voided* and *restored*; then the events that stand must still be allowed
      in the order of their days, or it is rejected and names the one that is in the way.

      """
    for table in tables { text += "\n## \(table.kind.rawValue)\n\n" + table.markdown }
    return text
  }
}

extension LifeCycleTable {
  /// The table as the generated data has it: a heading, its states, a line of cells for each event.
  package var data: String {
    let lines = [["(none)"] + states] + rows.map { [$0.event] + $0.cells.map(\.word) }
    return "# \(kind.rawValue)\n" + lines.map { $0.joined(separator: " ") + "\n" }.joined()
  }
}

extension LifeCycleTable.Cell {
  /// As the generated data has it.
  fileprivate init(word: String) {
    switch word.first {
    case "=": self = .unchanged
    case "o": self = .stays
    case "<": self = .returns
    case ">": self = .to(String(word.dropFirst()))
    case "?": self = .vouched(String(word.dropFirst()))
    default: self = .no
    }
  }

  fileprivate var word: String {
    switch self {
    case .no: "."
    case .unchanged: "="
    case .stays: "o"
    case .returns: "<"
    case .to(let state): ">\(state)"
    case .vouched(let state): "?\(state)"
    }
  }

  fileprivate var text: String {
    switch self {
    case .no: "–"
    case .unchanged: "unchanged"
    case .stays: "stays"
    case .returns: "returns"
    case .to(let state): "→ \(state)"
    case .vouched(let state): "→ \(state), with a source"
    }
  }
}
