/// How one fact contradicts what is known, or what is plausible.
public struct Contradiction: Hashable, Sendable {
  public var kind: FindingKind
  /// What contradicts what, for a person.
  public var sentence: String
  /// The schema's path of the field that is meant.
  public var field: String?

  init(_ kind: FindingKind, _ sentence: String, field: String? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.field = field
  }
}

/// Holds a fact against what is known and what is plausible.
///
/// Nothing of this is stored: what contradicts what follows from the events that stand, so that it is
/// told of events that were recorded before there was such a check, and of what became wrong since.
/// The same function judges a proposal and, later, what was recorded of it.
public enum Plausibility {
  /// Events that cite one document are looked at, at most.
  public static let papersMax = 64
  /// What is decided beforehand takes effect within so many days.
  static let daysAheadMax = 366
  /// Whoever was trained before is not of a service that is recorded by machines.
  public static let firstDay = Day(yyyymmdd: 1900_01_01) ?? .distantPast

  /// What contradicts an event that stands, or would.
  ///
  /// - Parameter state: its stream's after it, or any later one: what is asked of it is whose it is.
  public static func contradictions(
    of event: StreamEvent, in state: StreamState?, given known: some KnownFacts
  ) -> [Contradiction] {
    days(of: event, given: known)
      + {
        switch event.body {
        case .enrolment(let e): training(e, event.metadata, state?.enrolment, given: known)
        case .credential(let e): credential(e, event.metadata, state?.credential, given: known)
        case .submission(let e): submission(e, event.metadata, state?.submission, given: known)
        case .skillClaim(let e): claim(e, event.metadata, state?.skillClaim, given: known)
        case .course(let e): course(e, event.metadata, given: known)
        // Their own rules look at what else they may contradict.
        case .registry, .organisation, .officer, .framework, .authorisation, .instrument,
          .agreement, .programme, .cohort, .mandate, .duty, .voided, .restored:
          []
        }
      }()
  }

  /// Whether the id of an officer's record is a number of the officer, however either is spelled: it
  /// would stand in the clear in every stream of theirs.
  public static func idIsNumber(
    of stream: StreamID, _ identifiers: [SchemeValue]
  ) -> Contradiction? {
    guard stream.kind == .officer else { return nil }
    let key = NumberKey(stream.key.text)
    guard let same = identifiers.first(where: { NumberKey($0.value) == key }) else { return nil }
    return Contradiction(
      .idIsNumber,
      "The record's id is the officer's \(same.scheme.text): it would stand in the clear wherever the "
        + "record is named. Give the record a random id.", field: "stream")
  }

  // MARK: days

  private static func days(
    of event: StreamEvent, given known: some KnownFacts
  ) -> [Contradiction] {
    let (day, today) = (event.metadata.effective, known.today)
    var found: [Contradiction] = []
    switch event.body.tense {
    case .happened(let days):
      for told in [day] + days where told > today {
        found.append(
          Contradiction(
            .dayToCome,
            "\(told.text) is a day that is yet to come (today is \(today.text)), and "
              + "\(event.body.eventName) tells of what has happened.", field: "effective"))
        break
      }
    case .decided:
      let last = today.adding(days: daysAheadMax)
      if day > last {
        found.append(
          Contradiction(
            .dayToCome,
            "\(day.text) is more than a year ahead (today is \(today.text)): is it the year that is "
              + "meant?", field: "effective"))
      }
    case .any: return []
    }
    if day < firstDay {
      found.append(
        Contradiction(
          .dayLongPast,
          "\(day.text) is before \(firstDay.year), when nobody served who is registered: is it the "
            + "year that is meant?", field: "effective"))
    }
    return found
  }

  // MARK: the officer's service

  public enum Service: Hashable, Sendable {
    case notYet, serves
    case left(Day)
    case died(Day)
  }

  /// What became of a person by a day; what happened on the day itself comes after what else did.
  public static func service(
    of officer: Identifier, on day: Day, given known: some KnownFacts
  ) -> Service {
    var left: Day?
    var isKnown = false
    for record in known.records(ofPersonWith: officer) {
      guard let state = known.state(of: StreamID(.officer, record), on: day)?.officer else {
        continue
      }
      isKnown = true
      switch state.status {
      case .deceased where state.since.day < day: return .died(state.since.day)
      case .separated where state.since.day < day: left = state.since.day
      case .active, .acting, .seconded, .onLeave, .suspended: return .serves
      case .deceased, .separated, .merged: break
      }
    }
    return left.map(Service.left) ?? (isKnown ? .serves : .notYet)
  }

  /// What is wrong with taking part in something, or with being given something.
  static func served(
    _ officer: Identifier, _ what: String, _ day: Day, isGiven: Bool = false,
    given known: some KnownFacts
  ) -> [Contradiction] {
    let text = day.text
    return switch service(of: officer, on: day, given: known) {
    case .serves: []
    case .notYet:
      [
        Contradiction(
          .beforeService,
          "\(what) is of \(text), before the officer was registered: is it the right officer, and the "
            + "right day?", field: "effective")
      ]
    case .left(let left):
      [
        Contradiction(
          .afterSeparation,
          "\(what) is of \(text), and the officer left the service on \(left.text).",
          field: "effective")
      ]
    case .died(let died):
      [
        Contradiction(
          isGiven ? .awardedAfterDeath : .afterDeath,
          "\(what) is of \(text), and the officer died on \(died.text).", field: "effective")
      ]
    }
  }
}

/// What a day says of an event.
private enum Tense {
  /// It happened, on the event's day and on these.
  case happened([Day] = [])
  /// It was decided, perhaps beforehand.
  case decided
  /// Nobody's: institutions are older than people, and plans go further ahead.
  case any
}

extension Proposal.Body {
  fileprivate var tense: Tense {
    switch self {
    case .officer(.died): .happened()
    case .officer: .decided
    case .enrolment(.nominated), .enrolment(.enrolled), .enrolment(.transferred),
      .enrolment(.deferred), .enrolment(.nominationRejected):
      .decided
    case .enrolment: .happened()
    case .submission(.submitted(let given)):
      .happened([given.paper.awardedOn].compactMap(\.self))
    case .submission(.verified(let given)):
      .happened([given.paper?.awardedOn].compactMap(\.self))
    case .submission(.rejected), .skillClaim: .happened()
    case .credential(.issued(let given)): .happened([given.awardedOn])
    case .credential: .decided
    case .duty(.nonComplianceRecorded), .duty(.nonComplianceCleared): .happened()
    case .duty: .decided
    case .cohort(.ended), .cohort(.graduated): .happened()
    case .cohort: .decided
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .mandate, .voided, .restored:
      .any
    }
  }
}
