/// What is said of the time that institutions gave for a mandate. Reports stand side by side: which
/// of those that overlap is counted is a matter of the answer.
extension Mandate {
  static func check(
    _ given: MandateSupportReported, _ metadata: EventMetadata, in state: Mandate?,
    given context: some DecisionContext
  ) throws(Rejection) {
    let field = "mandate.support_reported"
    guard given.from <= given.until else {
      throw Rejection(
        .inconsistent,
        "The time would end (\(given.until.text)) before it begins (\(given.from.text)): give its "
          + "first and its last day.", field: "\(field).until")
    }
    // Nobody vouches for what an institution is going to give.
    guard given.until <= metadata.effective else {
      throw Rejection(
        .inconsistent,
        "On \(metadata.effective.text) nobody could say what was given until \(given.until.text): "
          + "the event's day is the one on which it was said.", field: "\(field).until")
    }
    if let issued = state?.issuedOn, given.from < issued {
      throw Rejection(
        .inconsistent,
        "The mandate was issued on \(issued.text), so nobody gave time for it from "
          + "\(given.from.text) on: name a first day from then on.", field: "\(field).from")
    }
    try context.needOpen(given.organisation, on: given.from, "\(field).organisation")
  }
}
