import Messages
import Registry

/// Single fields of a stored event, for scans of the log that do not decode it: a field or two of
/// `Recorded` and of its `Proposal`.
public enum EventFields {
  /// Read in place: a scan asks it of every event, and copies none's name.
  public static func stream(of event: RawSpan) -> StreamID? {
    Recorded.find(.proposal, .stream, in: event).flatMap { StreamID(event.extracting($0)) }
  }

  public static func kind(of event: RawSpan) -> StreamKind? { stream(of: event)?.kind }

  public static func effective(of event: RawSpan) -> Day? {
    Recorded.number(.proposal, .effective, in: event)
      .flatMap { Day(yyyymmdd: UInt32(truncatingIfNeeded: $0)) }
  }

  public static func namesAuthority(_ event: RawSpan) -> Bool {
    Recorded.find(.proposal, .authority, in: event) != nil
  }
  public static func corrects(_ event: RawSpan) -> Bool {
    Recorded.find(.proposal, .corrects, in: event) != nil
  }

  /// Milliseconds since 1970.
  public static func recordedAt(_ event: RawSpan) -> UInt64 {
    Recorded.number(.recordedAtMs, in: event) ?? 0
  }

  public static func isBy(_ actor: [UInt8], _ event: RawSpan) -> Bool {
    Recorded.find(.actor, in: event).map { RawFields.bytes(event.extracting($0)) == actor }
      ?? actor.isEmpty
  }

  /// Whether an enrolment's event may move it to another cohort, officer, programme or agreement:
  /// it corrects another, is attributed, or is a transfer.
  public static func movesEnrolment(_ event: RawSpan) -> Bool {
    guard let range = Recorded.find(.proposal, in: event) else { return false }
    let proposal = event.extracting(range)
    guard Proposal.find(.corrects, in: proposal) == nil,
      Proposal.find(.attributedTo, in: proposal) == nil
    else { return true }
    return Proposal.find(.enrolment, .transferred, in: proposal) != nil
  }
}
