/// Why nothing may rely on an agreement, an authorisation or an instrument that day, as a clause that
/// goes on from its name: whoever reads it knows what is to be done, and never that something in
/// force may not be relied on.
extension StreamState {
  /// Nil where something may, and of what nothing relies on; the state is the one of that day.
  public func whyNotReliedOn(on day: Day) -> String? {
    switch self {
    case .agreement(let state): state.whyNotReliedOn(on: day)
    case .authorisation(let state): state.whyNotReliedOn(on: day)
    case .instrument(let state): state.whyNotReliedOn(on: day)
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      nil
    }
  }

  /// Its last day was before.
  fileprivate static func expired(_ lastDay: Day?) -> String {
    // Whoever asks knows that there is one.
    guard let lastDay else { return "has expired" }
    return "expired on \(lastDay.adding(days: 1).text) (its last day was \(lastDay.text))"
  }
}

extension Agreement {
  public func whyNotReliedOn(on day: Day) -> String? {
    guard !mayBeReliedOn(on: day) else { return nil }
    if isExpired(on: day) { return StreamState.expired(terms.validUntil) }
    switch status {
    case .signed, .inForce: return "is valid only from \(terms.validFrom?.text ?? "a later day") on"
    case .exploratory: return "was only exploratory, and is not signed"
    case .proposed: return "was only proposed, and is not signed"
    case .underReview: return "was still under review, and is not signed"
    case .suspended: return "was suspended on \(since.day.text)"
    case .terminated: return "was terminated on \(since.day.text)"
    case .completed: return "was completed on \(since.day.text)"
    case .superseded:
      return (supersededBy.map { "was superseded by agreement/\($0.text)" } ?? "was superseded")
        + " on \(since.day.text)"
    case .lapsed: return "lapsed on \(since.day.text)"
    }
  }
}

extension Authorisation {
  public func whyNotReliedOn(on day: Day) -> String? {
    guard !stands(on: day) else { return nil }
    switch status {
    case .notRequired: return nil
    case .granted:
      if let from = validFrom, day < from { return "is valid only from \(from.text) on" }
      return StreamState.expired(validUntil)
    case .applied: return "was only applied for, and is not granted"
    case .inspected: return "was inspected, and is not granted"
    case .suspended: return "was suspended on \(since.day.text)"
    case .revoked: return "was revoked on \(since.day.text)"
    case .withdrawn: return "was withdrawn on \(since.day.text)"
    }
  }
}

extension Instrument {
  public func whyNotReliedOn(on day: Day) -> String? {
    switch status {
    case .inForce, .amended: nil
    case .issued: "was issued on \(since.day.text), and is not in force"
    case .repealed: "was repealed on \(since.day.text)"
    }
  }
}
