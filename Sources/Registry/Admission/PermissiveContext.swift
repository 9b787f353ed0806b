/// A decision context in which every reference is valid.
///
/// When a late fact, a void or a correction refolds a stream, the later events must still be
/// allowed by their own life cycle; their references were checked when they were recorded and are
/// not checked again.
public struct PermissiveContext: DecisionContext {
  public init() {}
  public func state(of stream: StreamID, on day: Day) -> StreamState? { nil }
  public func turns(of stream: StreamID) -> [Day] { [] }
  public func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] { [] }
  public func event(_ id: EventID) -> EventLocation? { nil }
  public func seatsTaken(in cohort: Identifier) -> Int { 0 }
  public func enrolments(in cohort: Identifier) -> Int { 0 }
  public func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? { nil }
  public func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? { nil }
  public func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? { nil }
  public var registryStream: StreamID? { nil }
  public var checksReferences: Bool { false }
}
