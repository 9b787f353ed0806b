/// That a mandate means an officer on a day: since when, where joining decides the due day, and the
/// last day on which a completion is in time.
///
/// Who serves somewhere that day is meant
/// - where the rule means the posting of the day that it names, as the organisations stood then;
/// - or, where joiners are meant, when the posting of the day itself is meant, as the organisations
///   stand that day: since the first of the unbroken days on which they served and were meant, be
///   it that they were posted so or that their organisation came to stand so;
/// - or, where the rule names no day, when the posting of the day is meant.
public struct Membership: Hashable, Sendable {
  public var joined: Day?
  public var due: Day

  public init(joined: Day?, due: Day) { (self.joined, self.due) = (joined, due) }
}

extension MandateTerms {
  /// Nil: the mandate does not mean the officer on the day.
  func membership(
    _ spans: [PostingSpan], on day: Day, given context: some DecisionContext
  ) -> Membership? {
    guard let current = spans.last(where: { $0.from <= day }), current.status.serves,
      current.posting != nil
    else { return nil }
    guard let posted = population.postedOn else {
      return means(current, on: day, given: context) == nil
        ? nil : Membership(joined: nil, due: deadline)
    }
    if let then = spans.last(where: { $0.from <= posted }),
      means(then, on: posted, given: context) != nil
    {
      return Membership(joined: nil, due: deadline)
    }
    guard joinerDays != nil, let joined = joined(spans, by: day, given: context) else {
      return nil
    }
    return Membership(joined: joined, due: deadline(joined: joined))
  }

  /// The last day of who joined on a day: never before everybody's.
  ///
  /// - Parameter extended: everybody's as it was extended; nil: these terms'.
  public func deadline(joined: Day, extended: Day? = nil) -> Day {
    max(extended ?? deadline, joined.adding(days: Int(joinerDays ?? 0)))
  }

  /// The first of the unbroken days until the given one on which somebody served and was meant.
  private func joined(
    _ spans: [PostingSpan], by day: Day, given context: some DecisionContext
  ) -> Day? {
    var (joined, end): (Day?, Day) = (nil, day)
    for span in spans.reversed() where span.from <= day {
      while let since = means(span, on: end, given: context) {
        joined = max(span.from, since)
        guard since > span.from else { break }
        end = since.adding(days: -1)
      }
      guard joined == span.from else { return joined }
      end = span.from.adding(days: -1)
    }
    return joined
  }

  /// Nil: who is posted so does not serve, or is not meant that day; else a day from which on that
  /// was so, as far as the organisations' order decides it.
  private func means(
    _ span: PostingSpan, on day: Day, given context: some DecisionContext
  ) -> Day? {
    guard span.status.serves, let posting = span.posting else { return nil }
    var since = Day.distantPast
    let superiors = Organisation.superiors(of: posting.organisation) { organisation in
      let turns = context.turns(of: StreamID(.organisation, organisation))
      since = max(since, turns.last { $0 <= day } ?? .distantPast)
      return context.organisation(organisation, on: day)
    }
    return population.includes(posting) { _, above in superiors.contains(above) } ? since : nil
  }
}

extension Mandate {
  /// The day on which it was closed: nobody joins after it, and what was not due by then never is.
  public var closedOn: Day? { status == .closed ? since.day : nil }

  /// The day whose postings, order and completions count on a day; the state is the one of that day.
  public func counted(on day: Day) -> Day { min(day, closedOn ?? day) }
}

extension DecisionContext {
  /// What a mandate asks of an officer on a day; nil: nothing.
  func membership(_ holder: DutyHolder, on day: Day) -> Membership? {
    guard let mandate = mandate(holder.mandate, on: day), mandate.status != .withdrawn else {
      return nil
    }
    let counted = mandate.counted(on: day)
    let officer = officer(survivor(of: holder.officer, on: counted), on: .distantFuture)
    return mandate.terms.membership(officer?.spans ?? [], on: counted, given: self)
  }

  /// The record in which the person is found on a day.
  private func survivor(of officer: Identifier, on day: Day) -> Identifier {
    var current = officer
    for _ in 0..<Officer.mergesMax {
      guard let next = self.officer(current, on: day)?.mergedInto else { break }
      current = next
    }
    return current
  }
}
