/// Two records of one person, and that they were two after all.
extension Officer {
  /// Records of one person, at most, and so merges in a row.
  public static let mergesMax = 64

  static func checkMerge(
    _ survivor: Identifier, _ metadata: EventMetadata, given context: some DecisionContext
  ) throws(Rejection) {
    let field = "officer.merged_into.officer"
    let own = metadata.stream.key
    guard survivor != own else {
      throw Rejection(
        .inconsistent, "A record cannot be merged into itself: name the other record.", field: field
      )
    }
    guard context.checksReferences else { return }
    try context.need(.officer, survivor, field)
    guard context.officer(survivor, on: metadata.effective) != nil else {
      throw Rejection(
        .noSuchReference,
        "The officer \(survivor.text) was not registered by \(metadata.effective.text): a merge takes "
          + "effect when both records are there.", field: field)
    }
    let records = Set(context.records(ofPersonWith: own)).union(
      context.records(ofPersonWith: survivor))
    guard records.count <= mergesMax else {
      throw Rejection(
        .inconsistent,
        "One person has at most \(mergesMax) records; these would be \(records.count).",
        field: field)
    }
    for day in [metadata.effective, .distantFuture] {
      var current = survivor
      for _ in 0..<mergesMax {
        guard let next = context.officer(current, on: day)?.mergedInto else { break }
        guard next != own else {
          throw Rejection(
            .inconsistent,
            "\(survivor.text) is itself merged into \(own.text), so the merges would go round: reverse "
              + "that merge first.",
            field: field)
        }
        current = next
      }
      guard current == survivor || day == .distantFuture else {
        throw Rejection(
          .inconsistent,
          "\(survivor.text) was itself merged into \(current.text): name that one.", field: field)
      }
    }
  }

  static func checkReversal(
    _ given: OfficerMergeReversed, _ metadata: EventMetadata, of survivor: Identifier?,
    given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences, let survivor else { return }
    let own = metadata.stream.key
    func check(_ streams: [StreamID], name wanted: Identifier, _ field: String) throws(Rejection) {
      for (at, stream) in streams.enumerated() {
        let place = "officer.merge_reversed.\(field)[\(at)]"
        guard let state = context.state(of: stream, on: .distantFuture),
          let subject = state.subject(of: stream), stream.kind != .officer
        else {
          throw Rejection(
            .noSuchReference,
            "\(stream.text) is no enrolment, submission, credential, claim or duty that is known.",
            field: place)
        }
        guard subject == wanted else {
          throw Rejection(
            .inconsistent,
            "\(stream.text) names \(subject.text), not \(wanted.text): leave it out, it stays where "
              + "it is.",
            field: place)
        }
      }
      guard Set(streams).count == streams.count else {
        throw Rejection(
          .inconsistent, "A stream is listed twice: list each once.",
          field: "officer.merge_reversed.\(field)")
      }
    }
    try check(given.toThis, name: survivor, "to_this")
    try check(given.toSurvivor, name: own, "to_survivor")
  }
}
