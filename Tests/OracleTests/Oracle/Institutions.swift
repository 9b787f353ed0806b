import Registry

/// Organisations, their authorisations, courses, cohorts, programmes, and what the registry itself
/// says.
extension Ledger {
  func parent(_ organisation: Identifier, _ day: Day) -> Identifier? {
    var parent: Identifier?
    for fact in history(StreamID(.organisation, organisation), day) {
      switch fact.body {
      case .organisation(.registered(let given)): parent = given.parent
      case .organisation(.movedUnder(let given)): parent = given.parent
      default: break
      }
    }
    return parent
  }

  /// *The organisation with all below it.*
  func isBelow(_ organisation: Identifier, _ above: Identifier, _ day: Day) -> Bool {
    var (current, seen) = (organisation, Set([organisation]))
    while current != above {
      guard let next = parent(current, day), seen.insert(next).inserted else { return false }
      current = next
    }
    return true
  }

  struct Right {
    enum Status { case applied, inspected, granted, notRequired, suspended, revoked, withdrawn }
    var status: Status
    var centre: Identifier?
    var scope: Scope?
    var from: Day?
    var until: Day?
    var certificate = ""

    func stands(_ day: Day) -> Bool {
      switch status {
      case .notRequired: true
      case .granted: (from ?? .distantPast) <= day && day <= (until ?? .distantFuture)
      case .applied, .inspected, .suspended, .revoked, .withdrawn: false
      }
    }
  }

  func right(_ authorisation: StreamID, _ day: Day) -> Right? {
    var right: Right?
    for fact in history(authorisation, day) {
      guard case .authorisation(let event) = fact.body else { continue }
      switch event {
      case .applied(let given):
        if right?.status != .applied { right = Right(status: .applied, centre: given.organisation) }
      case .inspected(let given):
        right = right ?? Right(status: .inspected)
        right?.status = .inspected
        if let centre = given.organisation { right?.centre = centre }
      case .granted(let given):
        right = Right(
          status: .granted, centre: given.organisation, scope: given.scope, from: given.validFrom,
          until: given.validUntil, certificate: given.certificate)
      case .notRequired(let given):
        right = right ?? Right(status: .notRequired)
        right?.status = .notRequired
        right?.centre = given.organisation
      case .scopeChanged(let given): right?.scope = given.scope
      case .renewed(let given): right?.until = given.validUntil
      case .suspended: right?.status = .suspended
      case .reinstated: right?.status = .granted
      case .revoked: right?.status = .revoked
      case .withdrawn: right?.status = .withdrawn
      }
    }
    return right
  }

  /// What a cohort teaches, as it is known whenever it takes effect: plans are changed, and a
  /// training was given by the plan as it came to be.
  func plan(_ cohort: Identifier, _ day: Day = .distantFuture) -> CohortTerms? {
    once("plan", cohort.text, day) {
      var terms: CohortTerms?
      for fact in history(StreamID(.cohort, cohort), day) {
        guard case .cohort(let event) = fact.body else { continue }
        switch event {
        case .planned(let given): terms = given.terms
        case .opened(let given): terms = given.terms ?? terms
        case .started(let given): terms = given.terms ?? terms
        case .ended(let given): terms = given.terms ?? terms
        case .graduated(let given): terms = given.terms ?? terms
        case .cancelled: break
        }
      }
      return terms
    }
  }

  /// The editions of a course by a day, oldest first.
  func editions(_ course: Identifier, _ day: Day = .distantFuture) -> [CoursePublished] {
    history(StreamID(.course, course), day).compactMap {
      if case .course(.published(let given)) = $0.body { given } else { nil }
    }
  }

  /// What a cohort teaches never changes under it.
  func edition(_ plan: CohortTerms) -> CoursePublished? {
    editions(plan.course).last { $0.edition == plan.edition }
  }

  /// *A training by a centre whose authorisation did not cover that course on that day is kept and
  /// marked `unrecognised`.*
  func isRecognised(_ cohort: Identifier, _ day: Day) -> Bool {
    once("isRecognised", cohort.text, day) {
      guard let plan = plan(cohort), let edition = edition(plan) else { return false }
      return streams(.authorisation, day).contains { stream in
        guard let right = right(stream, day), right.centre == plan.organisation, right.stands(day)
        else { return false }
        guard right.status == .granted, let scope = right.scope else { return true }
        if !scope.courses.isEmpty && !scope.courses.contains(plan.course) { return false }
        if !scope.tracks.isEmpty && !scope.tracks.contains(edition.track) { return false }
        if scope.maxLevel > 0 && edition.level > scope.maxLevel { return false }
        if scope.skills.isEmpty { return true }
        return !edition.outcomes.isEmpty
          && edition.outcomes.allSatisfy { outcome in
            scope.skills.contains {
              $0.framework == outcome.framework && $0.skill == outcome.skill
                && outcome.level <= $0.level
            }
          }
      }
    }
  }

  private var registryEvents: (Day) -> [RegistryEvent] {
    { day in
      facts.map(\.stream).first { $0.kind == .registry }.map { history($0, day) }?.compactMap {
        if case .registry(let event) = $0.body { event } else { nil }
      } ?? []
    }
  }

  func policy(_ day: Day) -> PolicyAdopted? {
    once("policy", "", day) {
      registryEvents(day).compactMap {
        if case .policyAdopted(let given) = $0 { given } else { nil }
      }.last
    }
  }

  /// What a position, and a cadre, ask: of one skill the higher level.
  func requirements(position: Identifier?, cadre: Identifier?, _ day: Day) -> [SkillLevel] {
    var wanted: [SkillLevel] = []
    for whose in [
      position.map(RequirementSet.Whose.position), cadre.map(RequirementSet.Whose.cadre),
    ] {
      let last = registryEvents(day).compactMap {
        if case .requirementSet(let given) = $0, given.whose == whose { given } else { nil }
      }.last
      for skill in last?.skills ?? [] {
        if let at = wanted.firstIndex(where: {
          $0.framework == skill.framework && $0.skill == skill.skill
        }) {
          if wanted[at].level < skill.level { wanted[at].level = skill.level }
        } else {
          wanted.append(skill)
        }
      }
    }
    return wanted
  }
}
