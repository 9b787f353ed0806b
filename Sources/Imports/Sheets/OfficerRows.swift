import Registry

/// A row of an extract of a personnel system: where somebody serves, as what, from a day on.
///
/// An extract says what is so, not what happened: another posting is recorded as `posted`, also
/// where only the grade is another, since grades have no order here and a lower one would be called
/// a promotion. Where the column `change` says promotion, the row is recorded as `promoted`.
/// Names and identifiers of somebody who is known are not compared.
struct OfficerRow {
  enum Change { case posting, promotion }

  let number: String
  let name: String
  let nationalID: String?
  let posting: Posting
  let postedOn: Day
  let change: Change
  let separatedOn: Day?
  let separation: Identifier?

  /// - Parameter context: what the registry knows already, and how it spells that.
  init(_ row: SheetRow, _ context: RowContext? = nil) throws(Rejection) {
    guard let organisation = try row.identifier("organisation"),
      let postedOn = try row.day("posted_on"), let number = try row.number("personnel_no"),
      let name = row["name"]
    else { throw Rejection(.malformed, "The row is not whole.") }
    let written = Posting(
      organisation: context?.organisations[organisation] ?? organisation,
      position: try row.identifier("position"),
      cadre: try row.identifier("cadre"), grade: try row.identifier("grade"),
      county: try row.identifier("county"), category: try row.identifier("category"))
    let known = context?.officerState.flatMap { $0.span(on: postedOn)?.posting ?? $0.posting }
    posting = known.map { written.spelled(as: $0) } ?? written
    (self.number, self.name, self.postedOn) = (number, name, postedOn)
    nationalID = try row.number("national_id")
    switch row["change"]?.lowercased() {
    case nil, "posting", "posted": change = .posting
    case "promotion", "promoted": change = .promotion
    case let text?:
      throw Rejection(
        .malformed, "\"\(text)\" is no change: posting, promotion or nothing.", field: "change")
    }
    separatedOn = try row.day("separated_on")
    separation = try row.identifier("separation")
    if let separatedOn, separatedOn < postedOn {
      throw Rejection(
        .inconsistent,
        "Separated on \(separatedOn.text), before the posting of \(postedOn.text).",
        field: "separated_on")
    }
  }

  func proposals(_ context: RowContext) throws(Rejection) -> [Proposal] {
    guard let officer = context.officer else {
      if let padded = context.padded {
        throw Rejection(
          .alreadyTaken,
          "Nobody has the personnel number \(number), and somebody has \(padded): \(RowContext.zeros) "
            + "If they are two people, say --anyway.", field: "personnel_no")
      }
      return registration(context)
    }
    guard let state = context.officerState else {
      throw Rejection(
        .noSuchReference,
        "Officer \(officer.text) is known by this number but has no state today: look at its "
          + "history.")
    }
    if let survivor = state.mergedInto {
      throw Rejection(
        .illegalTransition,
        "The record of this number was merged into officer \(survivor.text): record the change "
          + "there.", field: "personnel_no")
    }
    var chain: [Proposal] = []
    // Extracts that know nothing of categories take none away.
    var posting = posting
    let known = state.span(on: postedOn)?.posting ?? state.posting
    posting.category = posting.category ?? known?.category
    func add(_ what: String, on day: Day, _ more: [String], _ event: OfficerEvent) {
      let id = DerivedID.event([what, officer.text, day.text] + more)
      chain.append(
        Proposal(
          eventID: id, stream: StreamID(.officer, officer), effective: day,
          source: context.source, body: .officer(event)))
    }
    let span = state.span(on: postedOn)
    // What the extract calls the day of a posting may be before the registry's first.
    let isSo = span.map { $0.posting == posting } ?? (state.posting == posting)
    if span?.status == .separated {
      if separatedOn == nil {
        add("returned", on: postedOn, key, .returned(OfficerReturned(posting: posting)))
      }
    } else if !isSo {
      if change == .promotion {
        guard let grade = posting.grade else {
          throw Rejection(.malformed, "A promotion names the grade.", field: "grade")
        }
        chain += promotion(to: grade, from: span?.posting ?? state.posting, officer, context)
      } else {
        add("posted", on: postedOn, key, .posted(OfficerPosted(posting: posting)))
      }
    }
    if let separatedOn, state.span(on: separatedOn)?.status != .separated {
      add("separated", on: separatedOn, [], .separated(OfficerSeparated(separation: separation)))
    }
    return chain
  }

  /// A promotion moves nobody: where to and into which county is said by a posting of that day. What
  /// the row leaves out stays as it was, and a file that is sent again says the rest alone of what it
  /// was understood to say before.
  private func promotion(
    to grade: Identifier, from before: Posting?, _ officer: Identifier, _ context: RowContext
  ) -> [Proposal] {
    func proposal(_ what: String, _ event: OfficerEvent) -> Proposal {
      Proposal(
        eventID: DerivedID.event([what, officer.text, postedOn.text] + key),
        stream: StreamID(.officer, officer), effective: postedOn, source: context.source,
        body: .officer(event))
    }
    let promoted = proposal(
      "promoted",
      .promoted(OfficerPromoted(grade: grade, position: posting.position, cadre: posting.cadre)))
    guard var after = before else { return [promoted] }
    after.grade = grade
    after.position = posting.position ?? after.position
    after.cadre = posting.cadre ?? after.cadre
    var chain = after == before ? [] : [promoted]
    let promotedPosting = after
    after.organisation = posting.organisation
    after.county = posting.county ?? after.county
    if after != promotedPosting {
      chain.append(proposal("posted", .posted(OfficerPosted(posting: after))))
    }
    return chain
  }

  /// What tells two postings apart.
  var key: [String] {
    [
      posting.organisation.text, posting.position?.text ?? "", posting.cadre?.text ?? "",
      posting.grade?.text ?? "", posting.county?.text ?? "",
    ] + (posting.category.map { [$0.text] } ?? [])
  }

  /// Under a random id: nothing of a person may be guessed from it.
  private func registration(_ context: RowContext) -> [Proposal] {
    var identifiers = [SchemeValue(scheme: context.scheme, value: number)]
    if let nationalID {
      identifiers.append(SchemeValue(scheme: Identifier("national-id")!, value: nationalID))
    }
    let stream = StreamID(.officer, DerivedID.randomKey())
    var chain = [
      Proposal(
        eventID: DerivedID.random(), stream: stream, effective: postedOn, source: context.source,
        personal: Personal(name: name, identifiers: identifiers),
        body: .officer(.registered(OfficerRegistered(posting: posting))))
    ]
    if let separatedOn {
      chain.append(
        Proposal(
          eventID: DerivedID.event("separated", stream.key.text, separatedOn.text),
          stream: stream, effective: separatedOn, source: context.source,
          body: .officer(.separated(OfficerSeparated(separation: separation)))))
    }
    return chain
  }
}

/// Rows of one extract that say two things of one officer on one day.
///
/// Found in a pass before the rows are recorded, so that neither of two is taken for true. Of each
/// row a hash of who and when and one of what are kept, 16 bytes.
package struct Contradictions {
  private var said: [UInt64: UInt64] = [:]
  private var contradicted: Set<UInt64> = []

  package init() {}

  package mutating func note(_ row: SheetRow) {
    guard let (who, what) = Self.hashes(row) else { return }
    guard let before = said[who] else {
      said[who] = what
      return
    }
    if before != what { contradicted.insert(who) }
  }

  /// What was kept for the search is no longer needed.
  package mutating func close() { said = [:] }

  /// - Throws: `Rejection` when another row contradicts this one.
  package func check(_ row: SheetRow) throws(Rejection) {
    guard let (who, _) = Self.hashes(row), contradicted.contains(who) else { return }
    throw Rejection(
      .inconsistent,
      "The file has different rows for personnel number \(row["personnel_no"] ?? "") on "
        + "\(row["posted_on"] ?? "that day"): mend it and send both again.",
      field: "personnel_no")
  }

  /// Nil for a row that is rejected by itself.
  private static func hashes(_ row: SheetRow) -> (who: UInt64, what: UInt64)? {
    guard row.problem == nil, let officer = try? OfficerRow(row) else { return nil }
    var who = Hasher()
    who.combine(NumberKey(officer.number))
    who.combine(officer.postedOn)
    var what = Hasher()
    what.combine(officer.posting)
    what.combine(officer.separatedOn)
    return (
      UInt64(bitPattern: Int64(who.finalize())), UInt64(bitPattern: Int64(what.finalize()))
    )
  }
}
