/// How long a stream may become. These limits stand where something is recorded and nowhere else:
/// what they let in is read back, folded and answered for ever, whatever they are later.
extension StreamKind {
  /// Events in one stream, at most: a late fact refolds its stream.
  public var eventsMax: UInt32 {
    switch self {
    // Each position and cadre has its requirement sets there, and sets them anew over the years.
    case .registry: 50_000
    // Skills and crosswalks come one by one.
    case .framework: 100_000
    // Targets, claims and reports.
    case .agreement: 20_000
    case .organisation, .officer, .authorisation, .instrument, .programme, .course, .cohort,
      .enrolment, .submission, .credential, .skillClaim, .mandate, .duty:
      10_000
    }
  }

  /// Events that a full stream takes besides, of those that mend what is in it: voids, restorations
  /// and corrections. Otherwise whoever filled it with mistakes could not take them back.
  public var mendingReserve: UInt32 { eventsMax / 10 }
}

extension StreamState {
  /// Entries of the lists that a stored state keeps, at most: its row is written anew with each
  /// event. An entry is at most about 400 bytes, so that a row stays under two mebibytes.
  public static let entriesMax = 5_000

  /// Entries of the lists that grow with the stream, of states that are stored whole.
  public var entries: Int {
    switch self {
    case .officer(let state):
      state.partings.reduce(state.spans.count) { $0 + 1 + $1.toThis.count + $1.toSurvivor.count }
    case .enrolment(let state):
      state.assessments.count + state.sessions.count + state.awards.count
        + state.earlierCohorts.count + state.earlierAttributions.count
    // What one event says, replaced by the next.
    case .submission, .credential, .skillClaim, .duty: 0
    // Kept in memory and folded from the log at each start: nothing of them is stored.
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      0
    }
  }
}

extension Admission {
  static func checkLength(
    of stream: StreamID, _ head: StreamHead?, adding event: StreamEvent
  ) throws(Rejection) {
    let (most, reserve) = (stream.kind.eventsMax, stream.kind.mendingReserve)
    guard let head, head.events >= most else { return }
    let isMending = event.corrects != nil
    guard !isMending || head.events - most >= reserve else { return }
    throw Rejection(
      .streamTooLong,
      "\(stream.text) holds \(head.events) events; a stream of its kind may have \(most), and "
        + "\(reserve) voids, restorations and corrections more. "
        + (isMending
          ? "These are used up. " : "What is in it may still be voided, restored or corrected. ")
        + "Begin a new one.", field: "stream")
  }

  static func checkGrowth(
    of stream: StreamID, from head: StreamHead?, to after: StreamHead
  ) throws(Rejection) {
    guard let entries = after.state?.entries, entries > StreamState.entriesMax,
      entries > head?.state?.entries ?? 0
    else { return }
    throw Rejection(
      .streamTooLong,
      "\(stream.text) would keep \(entries) postings, partings, sessions and the like; "
        + "\(StreamState.entriesMax) are the most that one record may. Begin a new one.",
      field: "stream")
  }
}
