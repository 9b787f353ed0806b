extension Transition {
  /// As `judge`, with the allowed events named in the rejection.
  ///
  /// - Parameter following: the names of the events that the life cycle allows there.
  func judge(
    _ event: String, of thing: String, in status: String?, since: Since?, _ metadata: EventMetadata,
    following: @autoclosure () -> [String]
  ) throws(Rejection) -> Verdict? {
    do throws(Rejection) {
      return try judge(event, of: thing, in: status, since: since, metadata)
    } catch {
      guard case .no = self else { throw error }
      var rejection = error
      let names = following().map { "`\($0)`" }.joined(separator: ", ")
      switch (status, names.isEmpty) {
      case (nil, _): rejection.sentence += " It may begin with \(names)."
      case (_?, true): rejection.sentence += " Nothing can: void what ended it if that was wrong."
      case (_?, false): rejection.sentence += " What can: \(names)."
      }
      throw rejection
    }
  }
}

extension DecisionContext {
  /// Rejects an organisation that does not exist, or that had ended by that day.
  func needOpen(
    _ id: Identifier?, on day: Day, _ field: String
  ) throws(Rejection) {
    guard checksReferences, let id else { return }
    // It may have been registered with a later day than what is now told of it.
    guard let known = organisation(id, on: day) else {
      return try need(.organisation, id, field)
    }
    let ended: String
    switch known.status {
    case .active: return
    case .merged, .split:
      let successors = known.successors.map(\.text).joined(separator: ", ")
      ended = "was \(known.status.name) into \(successors)"
    case .closed: ended = "was closed"
    }
    throw Rejection(
      .noSuchReference,
      "The organisation \(id.text) \(ended) on \(known.since.day.text): name one that stood on "
        + "\(day.text).", field: field)
  }
}

/// Rejects what an event says of something that is so already, but in another way: silence about
/// the difference would lose it.
///
/// - Parameter given: nil when the event says nothing of it.
func rejectOthers<Terms: Equatable>(
  _ given: Terms?, than known: Terms?, _ event: String, field: String = "terms", of thing: String,
  since: Since?
) throws(Rejection) {
  guard let given, let known, given != known else { return }
  throw Rejection(
    .illegalTransition,
    "`\(event)` was recorded already, and the \(thing) has another \(field): correct the event "
      + "that gave it.", field: "\(thing).\(event).\(field)", inTheWay: since?.position)
}
