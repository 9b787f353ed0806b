/// What a credential is worth on a day.
public enum CredentialStanding: String, CaseIterable, Sendable {
  case valid, notYetValid, suspended, revoked, expired, superseded
}

extension Credential {
  /// The standing on a day, since when, and why; the state is the one of that day.
  ///
  /// What an act ended (revoked, superseded) comes before what an act paused (suspended), and
  /// both before what follows from the dates alone (not yet valid, expired).
  public func standing(on day: Day) -> (status: CredentialStanding, since: Since) {
    switch status {
    case .revoked: return (.revoked, since)
    case .superseded: return (.superseded, since)
    case .suspended: return (.suspended, since)
    case .issued:
      if day < terms.validFrom {
        return (.notYetValid, since)
      }
      if let until = terms.validUntil, until < day {
        return (
          .expired, Since(day: until.adding(days: 1), position: since.position)
        )
      }
      return (
        .valid,
        Since(
          day: max(terms.validFrom, since.day), position: since.position, reason: since.reason)
      )
    }
  }

  /// The longest span of days around one on which the standing is the same, as far as this state
  /// goes; nil for an open end. The state holds from its last event's day on.
  public func span(around day: Day, stateHoldsFrom: Day) -> (from: Day, until: Day?) {
    guard status == .issued else { return (stateHoldsFrom, nil) }
    if day < terms.validFrom {
      return (stateHoldsFrom, terms.validFrom.adding(days: -1))
    }
    if let until = terms.validUntil {
      if until < day { return (max(stateHoldsFrom, until.adding(days: 1)), nil) }
      return (max(stateHoldsFrom, terms.validFrom), until)
    }
    return (max(stateHoldsFrom, terms.validFrom), nil)
  }
}
