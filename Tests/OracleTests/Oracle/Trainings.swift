import Registry

/// One officer in one cohort, on a day.
struct Place {
  struct Mark {
    var mode: AssessmentMode
    var score: UInt32?
    var passMark: UInt32
    var counts = true
  }

  var officer: Identifier
  var cohort: Identifier
  var status: EnrolmentStatus
  var since: Day
  /// The fact by which it was completed: the first, unless that was corrected.
  var completed: Fact?
  /// Facts that say the same of later days.
  var saidAgain: [Fact] = []
  var result: CompletionResult?
  var score: UInt32?
  var marks: [Identifier: Mark] = [:]
  var awards: [Identifier] = []
  var attributedTo: StreamID?
}

extension Ledger {
  func place(_ enrolment: StreamID, _ day: Day) -> Place? {
    once("place", enrolment.text, day) {
      var place: Place?
      for fact in history(enrolment, day) {
        guard case .enrolment(let event) = fact.body else { continue }
        func turn(_ status: EnrolmentStatus, _ seat: Seat? = nil) {
          if place == nil, let seat {
            place = Place(
              officer: seat.officer, cohort: seat.cohort, status: status, since: fact.day)
          }
          guard place?.status != status else { return }
          place?.status = status
          place?.since = fact.day
        }
        switch event {
        case .nominated(let given): turn(.nominated, given.seat)
        case .nominationRejected: turn(.nominationRejected)
        case .enrolled(let given): turn(.enrolled, given.seat)
        case .attended: if place?.status == .enrolled { turn(.active) }
        case .assessed(let given):
          if place?.status == .enrolled { turn(.active) }
          place?.marks[given.assessment] = Place.Mark(
            mode: given.mode, score: given.score, passMark: given.passMark)
        case .assessmentAppealed(let given): place?.marks[given.assessment]?.counts = false
        case .appealDecided(let given):
          place?.marks[given.assessment]?.counts = true
          if given.upheld, let score = given.score { place?.marks[given.assessment]?.score = score }
        case .assessmentVoided(let given): place?.marks[given.assessment]?.counts = false
        case .deferred: turn(.deferred)
        case .transferred(let given): place?.cohort = given.cohort
        case .withdrawn: turn(.withdrawn)
        case .dismissed: turn(.dismissed)
        case .completed(let given):
          if place?.status == .completed, place?.completed != nil {
            place?.saidAgain.append(fact)
            continue
          }
          turn(.completed, given.seat)
          place?.saidAgain = []
          place?.completed = fact
          place?.result = given.result
          place?.score = given.score
        case .notCompleted(let given):
          turn(.notCompleted, given.seat)
          place?.completed = nil
        case .awardConferred(let given):
          if place?.awards.contains(given.award) == false { place?.awards.append(given.award) }
        case .awardWithdrawn(let given): place?.awards.removeAll { $0 == given.award }
        }
        if let counted = fact.said.attributedTo { place?.attributedTo = counted }
      }
      return place
    }
  }

  /// A paper that was handed in, on a day.
  struct Handed {
    var paper: Paper
    var status: SubmissionStatus
    var since: Day
    var verified: Fact?
  }

  func handed(_ submission: StreamID, _ day: Day) -> Handed? {
    var handed: Handed?
    for fact in history(submission, day) {
      guard case .submission(let event) = fact.body else { continue }
      func turn(_ status: SubmissionStatus, _ paper: Paper?) {
        if handed == nil, let paper {
          handed = Handed(paper: paper, status: status, since: fact.day)
        }
        guard handed?.status != status else { return }
        handed?.status = status
        handed?.since = fact.day
      }
      switch event {
      case .submitted(let given):
        if handed == nil { turn(.submitted, given.paper) }
      case .verified(let given):
        guard handed?.status != .verified else { continue }
        turn(.verified, given.paper)
        handed?.verified = fact
      case .rejected: turn(.rejected, nil)
      }
    }
    return handed
  }

  /// A skill that somebody claims, on a day.
  struct Claimed {
    var claim: ClaimedSkill
    var status: SkillClaimStatus
    var since: Day
    var recognised: Fact?
  }

  func claimed(_ stream: StreamID, _ day: Day) -> Claimed? {
    var claimed: Claimed?
    for fact in history(stream, day) {
      guard case .skillClaim(let event) = fact.body else { continue }
      func turn(_ status: SkillClaimStatus, _ claim: ClaimedSkill?) {
        if claimed == nil, let claim {
          claimed = Claimed(claim: claim, status: status, since: fact.day)
        }
        guard claimed?.status != status else { return }
        claimed?.status = status
        claimed?.since = fact.day
      }
      switch event {
      case .claimed(let given): if claimed == nil { turn(.claimed, given.claim) }
      case .endorsed: turn(.endorsed, nil)
      case .rejected: turn(.rejected, nil)
      case .priorLearningRecognised(let given):
        guard claimed?.status != .recognised else { continue }
        turn(.recognised, given.claim)
        claimed?.recognised = fact
        if given.level > 0 { claimed?.claim.skill.level = given.level }
      }
    }
    return claimed
  }

  /// What a credential may rest on: *a completion, verified submission or recognised prior learning
  /// of the same officer that stands*.
  struct Ground {
    var stream: StreamID
    var fact: Fact
    var place: Place?
    var paper: Paper?

    /// All that say so, whichever of them is cited.
    var facts: [Fact] { [fact] + (place?.saidAgain ?? []) }
  }

  func isMeant(_ ground: Ground, by cited: EventID) -> Bool {
    ground.facts.contains { isMeant($0, by: cited) }
  }

  /// All that is a person's own of a kind, with what it is on the day.
  func own<S>(
    _ kind: StreamKind, of person: Identifier, _ day: Day, _ read: (StreamID, Day) -> S?,
    _ named: (S) -> Identifier
  ) -> [(stream: StreamID, state: S)] {
    streams(kind, day).compactMap { stream in
      guard let state = read(stream, day), owner(stream, named(state), day) == person else {
        return nil
      }
      return (stream, state)
    }
  }

  func places(of person: Identifier, _ day: Day) -> [(stream: StreamID, state: Place)] {
    once("places", person.text, day) {
      own(.enrolment, of: person, day, place) { $0.officer }
    }
  }

  func papers(of person: Identifier, _ day: Day) -> [(stream: StreamID, state: Handed)] {
    once("papers", person.text, day) {
      own(.submission, of: person, day, handed) { $0.paper.officer }
    }
  }

  func claims(of person: Identifier, _ day: Day) -> [(stream: StreamID, state: Claimed)] {
    once("claims", person.text, day) {
      own(.skillClaim, of: person, day, claimed) { $0.claim.officer }
    }
  }

  func evidence(of person: Identifier, _ day: Day) -> [Ground] {
    once("evidence", person.text, day) {
      var found: [Ground] = []
      for (stream, place) in places(of: person, day) where place.status == .completed {
        if let fact = place.completed {
          found.append(Ground(stream: stream, fact: fact, place: place))
        }
      }
      for (stream, handed) in papers(of: person, day) where handed.status == .verified {
        if let fact = handed.verified {
          found.append(Ground(stream: stream, fact: fact, paper: handed.paper))
        }
      }
      for (stream, claimed) in claims(of: person, day) where claimed.status == .recognised {
        if let fact = claimed.recognised { found.append(Ground(stream: stream, fact: fact)) }
      }
      return found
    }
  }
}
