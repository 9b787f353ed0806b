import Messages
import Registry

/// Who is meant by a mandate, since when, due when and in which state, from the events alone and day
/// by day: slow and obvious, and nothing of what the registry computes with.
struct DutyOracle {
  /// What was recorded, in the order of the log.
  var facts: [(position: UInt64, proposal: Proposal)] = []

  enum State: Equatable {
    case completed, late, exempted, outstanding, nonCompliant
  }

  struct Line: Equatable {
    var joined: Day?
    var due: Day
    var state: State
    var isOverdue: Bool
  }

  /// The events of a stream that took effect by a day, in the order of their days.
  private func events(_ stream: String, by day: Day) -> [(day: Day, body: Proposal.Body)] {
    facts.filter { $0.proposal.stream.text == stream && $0.proposal.effective <= day }
      .sorted { ($0.proposal.effective, $0.position) < ($1.proposal.effective, $1.position) }
      .map { ($0.proposal.effective, $0.proposal.body) }
  }

  // MARK: organisations

  /// Under what an organisation was put, and into what it was merged, by a day.
  private func above(_ organisation: String, on day: Day) -> (parent: String?, successor: String?) {
    var (parent, successor): (String?, String?) = (nil, nil)
    for (_, body) in events("organisation/" + organisation, by: day) {
      if case .organisation(.movedUnder(let given)) = body { parent = given.parent.text }
      if case .organisation(.mergedInto(let given)) = body { successor = given.organisation.text }
    }
    return (parent, successor)
  }

  private func isBelow(_ organisation: String, _ wanted: String, on day: Day) -> Bool {
    var current: String? = organisation
    var met: Set<String> = []
    for _ in 0..<30 {
      guard let next = current else { return false }
      if next == wanted { return true }
      let (parent, successor) = above(next, on: day)
      // What was merged into something below it stands where it stood.
      current = met.insert(next).inserted ? successor ?? parent : parent
    }
    return false
  }

  // MARK: officers

  /// Where an officer serves on a day; nil: nowhere.
  private func place(_ officer: String, on day: Day) -> String? {
    var (place, serves): (String?, Bool) = (nil, false)
    for (_, body) in events("officer/" + officer, by: day) {
      if case .officer(.registered(let given)) = body {
        (place, serves) = (given.posting?.organisation.text, true)
      }
      if case .officer(.posted(let given)) = body { place = given.posting.organisation.text }
      if case .officer(.separated) = body { serves = false }
      if case .officer(.returned) = body { serves = true }
    }
    return serves ? place : nil
  }

  /// Whether the rule means where an officer serves on a day: any of some organisations.
  private func isMeant(_ officer: String, by terms: MandateTerms, on day: Day) -> Bool {
    guard let place = place(officer, on: day) else { return false }
    return terms.population.steps.contains { step in
      if case .organisation(let wanted) = step {
        isBelow(place, wanted.text, on: day)
      } else {
        false
      }
    }
  }

  // MARK: the mandate

  private struct Mandate {
    var terms: MandateTerms
    var closed: Day?
    var isWithdrawn = false
  }

  private func mandate(_ key: String, on day: Day) -> Mandate? {
    var mandate: Mandate?
    for (on, body) in events("mandate/" + key, by: day) {
      if case .mandate(.issued(let given)) = body { mandate = Mandate(terms: given.terms) }
      if case .mandate(.extended(let given)) = body { mandate?.terms.deadline = given.deadline }
      if case .mandate(.closed) = body, mandate?.closed == nil { mandate?.closed = on }
      if case .mandate(.withdrawn) = body { mandate?.isWithdrawn = true }
    }
    return mandate
  }

  /// How an officer stands on a day; nil: nothing is asked of them.
  func line(_ officer: String, under key: String, on asked: Day) -> Line? {
    guard let mandate = mandate(key, on: asked), !mandate.isWithdrawn else { return nil }
    let terms = mandate.terms
    // Once it is closed, all is as it was that day.
    let day = min(asked, mandate.closed ?? asked)
    guard place(officer, on: day) != nil else { return nil }
    var joined: Day?
    if let posted = terms.population.postedOn {
      if !isMeant(officer, by: terms, on: posted) {
        var back = day
        while terms.joinerDays != nil, isMeant(officer, by: terms, on: back) {
          joined = back
          back = back.adding(days: -1)
        }
        if joined == nil { return nil }
      }
    } else if !isMeant(officer, by: terms, on: day) {
      return nil
    }
    var due = terms.deadline
    if let joined { due = max(due, joined.adding(days: Int(terms.joinerDays ?? 0))) }
    return Line(
      joined: joined, due: due,
      state: state(officer, key, due: due, day: day, asked: asked, mandate),
      isOverdue: due < asked && due <= day)
  }

  private func state(
    _ officer: String, _ key: String, due: Day, day: Day, asked: Day, _ mandate: Mandate
  ) -> State {
    // A training is completed once, on the first day that is said of it.
    var completed: [StreamID: Day] = [:]
    for (_, proposal) in facts where proposal.effective <= day {
      guard case .enrolment(.completed(let given)) = proposal.body,
        given.seat?.officer.text == officer
      else { continue }
      completed[proposal.stream] = min(
        completed[proposal.stream] ?? .distantFuture, proposal.effective)
    }
    let done = completed.values.min()
    if let done { return done <= due ? .completed : .late }
    if isExempted(officer, key, on: day) { return .exempted }
    // Nobody is non-compliant before they are due.
    let failed = failures(officer, key, by: asked).contains { due < $0 && due <= day }
    return failed ? .nonCompliant : .outstanding
  }

  private func isExempted(_ officer: String, _ key: String, on day: Day) -> Bool {
    var until: Day?
    for (_, body) in events("duty/\(officer)-\(key)", by: day) {
      switch body {
      case .duty(.exemptionGranted(let given)): until = given.until ?? .distantFuture
      case .duty: until = nil
      default: break
      }
    }
    return until.map { day <= $0 } ?? false
  }

  /// The days of the records that the officer did not comply which nothing took back.
  private func failures(_ officer: String, _ key: String, by day: Day) -> [Day] {
    var days: [Day] = []
    for (on, body) in events("duty/\(officer)-\(key)", by: day) {
      if case .duty(.nonComplianceRecorded) = body {
        days.append(on)
      } else {
        days = []
      }
    }
    return days
  }

  /// What the writer must say of a non-compliance: recorded, unchanged, or neither; nil: later events
  /// of the duty decide as well.
  func mayBeRecorded(_ officer: String, _ key: String, on day: Day) -> (Bool, unchanged: Bool)? {
    let all = events("duty/\(officer)-\(key)", by: .distantFuture)
    guard all.allSatisfy({ $0.day <= day }) else { return nil }
    guard let line = line(officer, under: key, on: day) else { return (false, false) }
    if line.state == .nonCompliant { return (false, true) }
    guard line.state == .outstanding, line.isOverdue else { return (false, false) }
    return (!isExempted(officer, key, on: day), false)
  }
}
