extension Agreement {
  /// Judges terms as they would stand after the event; what they refer to only where they name it.
  ///
  /// - Parameter signed: the event says that there is a signature, so that there are two parties.
  static func check(
    _ given: AgreementTerms?, _ event: AgreementEvent, _ metadata: EventMetadata,
    in state: Agreement?,
    signed: Bool = false, given context: some DecisionContext
  ) throws(Rejection) {
    let field = "agreement.\(event.name).terms"
    let terms = state?.terms.with(given) ?? given ?? AgreementTerms()
    guard !signed || Set(terms.parties).count >= 2 else {
      throw Rejection(
        .inconsistent, "An agreement is signed by at least two parties: name them.",
        field: "\(field).parties")
    }
    guard Set(terms.parties).count == terms.parties.count else {
      throw Rejection(.inconsistent, "A party is named twice.", field: "\(field).parties")
    }
    if let from = terms.validFrom, let until = terms.validUntil, until < from {
      throw Rejection(
        .inconsistent,
        "The agreement would end (\(until.text)) before it begins (\(from.text)).",
        field: "\(field).valid_until")
    }
    var codes: Set<Identifier> = []
    for (at, obligation) in terms.obligations.enumerated() {
      guard codes.insert(obligation.code).inserted else {
        throw Rejection(
          .alreadyTaken, "The obligation \(obligation.code.text) is given twice.",
          field: "\(field).obligations[\(at)].code")
      }
      if let party = obligation.party, !terms.parties.contains(party) {
        throw Rejection(
          .notInStream,
          "\(party.text) is no party of the agreement, so it has no obligation under it.",
          field: "\(field).obligations[\(at)].party")
      }
    }
    for party in given?.parties ?? [] {
      try context.needOpen(party, on: metadata.effective, "\(field).parties")
    }
    for instrument in given?.instruments ?? [] {
      try context.need(.instrument, instrument, "\(field).instruments")
    }
  }

  /// Whether something may rely on it as its authority; the state is the one of that day.
  public func mayBeReliedOn(on day: Day) -> Bool {
    switch status {
    case .signed, .inForce: !isExpired(on: day) && (terms.validFrom ?? .distantPast) <= day
    case .exploratory, .proposed, .underReview, .suspended, .terminated, .completed, .superseded,
      .lapsed:
      false
    }
  }

  /// Its term has run out; no event says so.
  public func isExpired(on day: Day) -> Bool {
    switch status {
    case .signed, .inForce, .suspended: (terms.validUntil ?? .distantFuture) < day
    case .exploratory, .proposed, .underReview, .terminated, .completed, .superseded, .lapsed:
      false
    }
  }
}

extension AgreementTerms {
  /// These terms with the other's where the other gives any.
  func with(_ other: AgreementTerms?) -> AgreementTerms {
    guard let other else { return self }
    return AgreementTerms(
      agreementKind: other.agreementKind ?? agreementKind,
      title: other.title.isEmpty ? title : other.title,
      parties: other.parties.isEmpty ? parties : other.parties,
      scope: other.scope.isEmpty ? scope : other.scope,
      obligations: other.obligations.isEmpty ? obligations : other.obligations,
      instruments: other.instruments.isEmpty ? instruments : other.instruments,
      validFrom: other.validFrom ?? validFrom, validUntil: other.validUntil ?? validUntil)
  }
}
