/// The revision of the rules in this build; every event stores the one that admitted it.
public let rulesRevision: UInt32 = 5

/// An event's metadata: what `decide` and `evolve` need besides the body.
public struct EventMetadata: Hashable, Sendable {
  public var stream: StreamID
  public var eventID: EventID
  public var effective: Day
  /// Where the event stands in the log; for a proposal, where it would stand.
  public var position: LogPosition
  public var reason: Identifier?
  public var attributedTo: StreamID?
  /// A source vouches for the fact, so that a stream may begin in the middle of its life cycle.
  public var hasSource: Bool
  /// What the event corrected, and what that had corrected in turn; filled in where a stream is
  /// folded.
  public var standsFor: [EventID] = []

  public init(
    stream: StreamID, eventID: EventID, effective: Day, position: LogPosition,
    reason: Identifier? = nil,
    attributedTo: StreamID? = nil, hasSource: Bool = false
  ) {
    self.stream = stream
    self.eventID = eventID
    self.effective = effective
    self.position = position
    self.reason = reason
    self.attributedTo = attributedTo
    self.hasSource = hasSource
  }

  public var since: Since { Since(day: effective, position: position, reason: reason) }
}

/// What becomes of a proposal that is allowed.
public enum Verdict: Hashable, Sendable {
  case record
  /// The stream says so already, by the event at this position.
  case unchanged(since: LogPosition)
}

/// Rows that one event may rewrite, at most: what concerns more is joined at read, or refused.
public let rewrittenRowsMax = 1000

/// The context of a decision: what the rules may query about other streams, in the same
/// transaction.
///
/// Every answer is as of a day: what was true then by all that is recorded now.
public protocol DecisionContext: KnownFacts {
  /// The days on which the standing events of a stream took effect, in order: its state may be
  /// another from each on.
  func turns(of stream: StreamID) -> [Day]
  /// The credentials of an issuer whose numbers are this one, however they are spelled.
  func credentials(issuer: Identifier, number: NumberKey) -> [Identifier]
  /// How many enrolments of a cohort take a seat.
  func seatsTaken(in cohort: Identifier) -> Int
  /// How many enrolments stand on a cohort's roll, whether or not they take a seat; one more than
  /// `rewrittenRowsMax` may stand for all that is more.
  func enrolments(in cohort: Identifier) -> Int
  /// The enrolment of an officer in a cohort.
  func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier?
  /// The duty stream of an officer under a mandate.
  func duty(of officer: Identifier, under mandate: Identifier) -> Identifier?
  /// The registry's own stream, once it is established.
  var registryStream: StreamID? { get }
  /// Whether there is a time zone of this name.
  func knowsTimeZone(_ name: String) -> Bool
  /// False when only life cycles are checked: see `PermissiveContext`.
  var checksReferences: Bool { get }
}

extension DecisionContext {
  public var checksReferences: Bool { true }
  public func knowsTimeZone(_ name: String) -> Bool { true }
}

/// Where an event is: its stream and its position.
public struct EventLocation: Hashable, Sendable {
  public var stream: StreamID
  public var position: LogPosition
  /// Neither voided nor replaced by a correction.
  public var stands: Bool

  public init(stream: StreamID, position: LogPosition, stands: Bool) {
    self.stream = stream
    self.position = position
    self.stands = stands
  }
}

/// The rules of one kind of stream: pure, without clock or storage.
///
/// `decide` must answer for every state, also none, and every event of its kind; it judges first
/// whose stream it is, where an event says that again (an enrolment's seat), then the life cycle,
/// then what the event says of its own stream, then what it refers to. `evolve` is
/// given only events that were once allowed, but in any order that corrections and late facts may
/// leave: it never traps.
public protocol StreamRules {
  associatedtype Event: Sendable
  associatedtype State: Sendable
  static func decide(
    _ event: Event, _ metadata: EventMetadata, in state: State?, given context: some DecisionContext
  ) throws(Rejection) -> Verdict
  /// The state after the event. Nil only when the event cannot begin a stream and there is none.
  static func evolve(_ state: State?, by event: Event, _ metadata: EventMetadata) -> State?
}
