import Messages
import Registry

/// *Exceptions on a day (unrecognised trainings, unsigned authority, withdrawn evidence, corrections
/// and voids)*.
extension Ledger {
  func exceptions(_ day: Day) -> [String] {
    unrecognised(day) + belowMark(day) + withdrawn(day) + unfounded(day) + ended(day)
      + exemptedFromNothing(day)
  }

  private func unrecognised(_ day: Day) -> [String] {
    streams(.enrolment, day).compactMap { stream in
      guard let place = place(stream, day), place.status == .completed, let fact = place.completed,
        !isRecognised(place.cohort, fact.day)
      else { return nil }
      return "unrecognised_training \(stream.text) event \(fact.position) of "
        + owner(stream, place.officer, day).text
    }
  }

  /// *A fact that contradicts another (result and score)* is an exception.
  private func belowMark(_ day: Day) -> [String] {
    streams(.enrolment, day).compactMap { stream in
      guard let place = place(stream, day), let fact = place.completed,
        contradictsItsMark(place, day)
      else { return nil }
      return "below_pass_mark \(stream.text) event \(fact.position)"
    }
  }

  private func withdrawn(_ day: Day) -> [String] {
    streams(.credential, day).flatMap { stream -> [String] in
      guard let paperwork = paperwork(stream, day) else { return [] }
      let person = owner(stream, paperwork.issued.holder, day)
      let standing = evidence(of: person, day)
      return paperwork.issued.evidence.filter { cited in
        !standing.contains { isMeant($0, by: cited) }
      }.map { _ in "evidence_withdrawn \(stream.text) of \(person.text)" }
    }
  }

  /// *The agreement, authorisation or directive that it relies on must have stood on the effective
  /// day.*
  private func unfounded(_ day: Day) -> [String] {
    facts.compactMap { fact in
      guard let authority = fact.said.authority, fact.day <= day,
        history(fact.stream, day).contains(where: { $0.id == fact.id }),
        !mayBeReliedOn(authority, fact.day)
      else { return nil }
      return "authority_not_standing \(fact.stream.text) event \(fact.position)"
    }
  }

  /// *Nobody has a duty under a mandate that is closed*: an exemption of a later day is from nothing.
  private func exemptedFromNothing(_ day: Day) -> [String] {
    streams(.duty, day).flatMap { stream in
      history(stream, day).compactMap { fact in
        guard case .duty(.exemptionGranted(let given)) = fact.body else { return nil }
        let order = order(given.duty.mandate, fact.day)
        let isOver = order?.status == .withdrawn || (order?.closed ?? .distantFuture) < fact.day
        guard order == nil || isOver else { return nil }
        return "exempted_from_nothing \(stream.text) event \(fact.position)"
      }
    }
  }

  /// What was voided or corrected, and took effect by the day.
  private func ended(_ day: Day) -> [String] {
    facts.compactMap { fact in
      guard !fact.isAct, fact.day <= day,
        !history(fact.stream).contains(where: { $0.id == fact.id })
      else { return nil }
      let acts = facts.filter { $0.said.corrects == fact.id && $0.isAct }
      if case .voided = acts.last?.body {
        return "voided \(fact.stream.text) event \(fact.position)"
      }
      return "corrected \(fact.stream.text) event \(fact.position)"
    }
  }
}
