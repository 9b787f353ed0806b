/// What a correction, a void or a restoration names.
extension Admission {
  /// What the event corrects, voids or restores, with the history that it is in, after checking that
  /// it may be; nil for an event that names none.
  static func target(
    of event: StreamEvent, in stream: StreamID, head: StreamHead?, given reader: some HistoryReader
  ) throws(Rejection) -> (index: Int, among: EffectiveHistory)? {
    guard event.corrects != nil || !event.body.isAct else {
      throw Rejection(
        .notCorrectable, "A void or a restoration names its event in `corrects`.",
        field: "corrects")
    }
    guard event.corrects != nil else { return nil }
    guard head != nil else {
      throw Rejection(
        .noSuchStream, "\(stream.text) has no events, so there is none to correct.",
        field: "stream")
    }
    let history = reader.effectiveHistory(of: stream)
    return try targetIndex(of: event, in: history).map { ($0, history) }
  }

  /// The index of what the event corrects, after checking that it may be.
  private static func targetIndex(
    of event: StreamEvent, in standing: EffectiveHistory
  ) throws(Rejection) -> Int? {
    guard let id = event.corrects else { return nil }
    guard let target = standing.index(of: id) else {
      throw Rejection(
        .notCorrectable, "The stream has no event \(id.text).", field: "corrects")
    }
    switch (event.body, standing.disposition(of: target)) {
    case (_, .act):
      throw Rejection(
        .notCorrectable,
        "Event \(id.text) is a void or a restoration; void or restore the event that it names.",
        field: "corrects")
    case (.restored, .corrected(let by)), (.voided, .corrected(let by)), (_, .corrected(let by)):
      throw Rejection(
        .notCorrectable,
        "Event \(id.text) was corrected by the event at position \(by): name that one.",
        field: "corrects", inTheWay: by)
    case (.restored, _), (.voided, _): break
    case (_, .voided(let by)):
      throw Rejection(
        .notCorrectable,
        "Event \(id.text) was voided by the event at position \(by): restore it first.",
        field: "corrects", inTheWay: by)
    case (_, .stands): break
    }
    // What a correction stands in for must stand, or both would be told.
    if case .restored = event.body, let root = standing.events[target].corrects,
      let rootIndex = standing.index(of: root)
    {
      switch standing.disposition(of: rootIndex) {
      case .corrected(let by) where by != standing.events[target].metadata.position:
        throw Rejection(
          .notCorrectable,
          "What event \(id.text) corrected was corrected again at position \(by): void that first.",
          field: "corrects", inTheWay: by)
      case .voided(let by):
        throw Rejection(
          .notCorrectable,
          "What event \(id.text) corrected was voided at position \(by): restore that first.",
          field: "corrects", inTheWay: by)
      case .corrected, .stands, .act: break
      }
    }
    return target
  }
}
