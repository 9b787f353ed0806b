extension Course: StreamRules {
  public static func step(_ status: CourseStatus?, _ event: CourseEvent) -> Transition<CourseStatus>
  {
    switch (status, event) {
    case (nil, .drafted): .begins(.draft)
    case (nil, .published): .begins(.published)
    case (nil, _): .no
    case (.draft, .published): .to(.published)
    case (.draft, .drafted): .stays
    case (.draft, .retired): .to(.retired)
    case (.draft, _): .no
    case (.published, .published): .stays
    case (.published, .suspended): .to(.suspended)
    case (.published, .retired), (.suspended, .retired): .to(.retired)
    case (.published, .resumed): .already
    case (.published, .drafted): .no
    case (.suspended, .suspended): .already
    case (.suspended, .resumed): .to(.published)
    case (.suspended, _): .no
    case (.retired, .retired): .already
    case (.retired, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: CourseStatus?) -> [String] {
    switch status {
    case nil: ["drafted", "published"]
    case .draft: ["drafted", "published", "retired"]
    case .published: ["published", "suspended", "retired"]
    case .suspended: ["resumed", "retired"]
    case .retired: []
    }
  }

  public static func decide(
    _ event: CourseEvent, _ metadata: EventMetadata, in state: Course?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "course", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    let unchanged = Verdict.unchanged(since: state?.since.position ?? metadata.position)
    switch event {
    case .drafted(let given):
      if state?.title == given.title { return unchanged }
    case .published(let given):
      if let known = state?.edition(given.edition) {
        if known == given { return unchanged }
        throw Rejection(
          .alreadyTaken,
          "Edition \(given.edition) is published with another content: publish the next edition, "
            + "or correct the event that published it.", field: "course.published.edition")
      }
      if let last = state?.editions.last, given.edition < last.edition {
        throw Rejection(
          .inconsistent, "Edition \(last.edition) is out already: editions count upwards.",
          field: "course.published.edition")
      }
      try context.need(given.outcomes, "course.published.outcomes")
      for prerequisite in given.prerequisites {
        if prerequisite == metadata.stream.key {
          throw Rejection(
            .inconsistent, "A course cannot be its own prerequisite.",
            field: "course.published.prerequisites")
        }
        try context.need(.course, prerequisite, "course.published.prerequisites")
      }
      for instrument in given.instruments {
        try context.need(.instrument, instrument, "course.published.instruments")
      }
    case .suspended, .resumed, .retired: break
    }
    return .record
  }

  public static func evolve(
    _ state: Course?, by event: CourseEvent, _ metadata: EventMetadata
  ) -> Course? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status) else { return state }
    var next = state ?? Course(status: status, since: metadata.since)
    switch event {
    case .drafted(let given): next.title = given.title
    case .published(let given):
      next.title = given.title
      next.editions.removeAll { $0.edition == given.edition }
      next.editions.append(given)
      next.editions.sort { $0.edition < $1.edition }
    case .suspended, .resumed, .retired: break
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  public func edition(_ number: UInt32) -> CoursePublished? {
    editions.first { $0.edition == number }
  }
}
