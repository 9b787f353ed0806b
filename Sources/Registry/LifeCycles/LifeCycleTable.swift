/// The life cycle of one kind of stream as a table, from the `step` that judges by it: what the
/// documentation shows.
public struct LifeCycleTable: Sendable {
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

  public let kind: StreamKind
  /// The states' names in the schema's order.
  public let states: [String]
  /// A row for each event, and in each row a cell for no history yet and one for each state.
  public let rows: [(event: String, cells: [Cell])]
  /// What follows without an event, or is told by no state.
  public let note: String

  private init<Event: SampledEvent, Status: CaseIterable>(
    _ kind: StreamKind, _ step: (Status?, Event) -> Transition<Status>, _ name: (Status) -> String,
    note: String = ""
  ) {
    func cell(_ status: Status?, _ event: Event) -> Cell {
      switch step(status, event) {
      case .no: .no
      case .already: .unchanged
      case .stays: .stays
      case .returns: .returns
      case .begins(let next), .to(let next): .to(name(next))
      case .beginsVouched(let next): .vouched(name(next))
      }
    }
    self.kind = kind
    self.note = note
    states = Status.allCases.map(name)
    rows = Event.samples.map { event in
      (event.name, [cell(nil, event)] + Status.allCases.map { cell($0, event) })
    }
  }

  /// No default, so that a kind without a table does not compile.
  public static func of(_ kind: StreamKind) -> LifeCycleTable {
    switch kind {
    case .registry:
      LifeCycleTable(
        kind, Establishment.step, { $0.name },
        note:
          "A policy and what a position or a cadre asks hold until the next of that day or later.")
    case .organisation: LifeCycleTable(kind, Organisation.step, { $0.name })
    case .officer:
      LifeCycleTable(
        kind, Officer.step, { $0.name },
        note: "Whoever is suspended within a leave returns to the leave. What concerns a merged "
          + "record is recorded of the survivor.")
    case .framework: LifeCycleTable(kind, Framework.step, { $0.name })
    case .authorisation:
      LifeCycleTable(
        kind, Authorisation.step, { $0.name },
        note: "Before `valid_from` and after `valid_until` what is granted does not stand "
          + "(*expired*): that follows from the dates and is no event.")
    case .instrument: LifeCycleTable(kind, Instrument.step, { $0.name })
    case .agreement:
      LifeCycleTable(
        kind, Agreement.step, { $0.name },
        note:
          "After `valid_until` what is signed, in force or suspended is *expired*: that follows "
          + "from the date and is no event. Only what is signed or in force, and not expired, may be "
          + "relied on. An obligation is met or missed only where there was a signature.")
    case .programme: LifeCycleTable(kind, Programme.step, { $0.name })
    case .course: LifeCycleTable(kind, Course.step, { $0.name })
    case .cohort:
      LifeCycleTable(
        kind, Cohort.step, { $0.name },
        note: "With more than \(rewrittenRowsMax) enrolments a cohort keeps its course.")
    case .enrolment: LifeCycleTable(kind, Enrolment.step, { $0.name })
    case .submission: LifeCycleTable(kind, Submission.step, { $0.name })
    case .credential:
      LifeCycleTable(
        kind, Credential.step, { $0.name },
        note:
          "*valid*, *not_yet_valid* and *expired* follow from the dates and the day asked about, "
          + "and are no events. Recognition has a life of its own beside the state.")
    case .skillClaim: LifeCycleTable(kind, SkillClaim.step, { $0.name })
    case .mandate: LifeCycleTable(kind, Mandate.step, { $0.name })
    case .duty:
      LifeCycleTable(
        kind, Duty.step, { $0.name },
        note: "Whoever is meant by the mandate has the duty, without an event. *completed* and "
          + "*late* follow from completions until and after the officer's deadline. After its last "
          + "day an exemption is over, and the duty required again. A non-compliance of a day on "
          + "which nothing was due yet, since the deadline is known to be later, does not count, and "
          + "may be recorded again when it is.")
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
  public static var document: String {
    var text = """
      # Life cycles

      What `ujuzi life-cycles` prints from the code that judges; a test holds this file against it.

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
    for table in all { text += "\n## \(table.kind.rawValue)\n\n" + table.markdown }
    return text
  }
}

extension LifeCycleTable.Cell {
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
