import Messages
import Registry

/// Single fields of a stored event, for scans of the log that do not decode it: a field or two of
/// `Recorded` (recorded at 3, actor 4, proposal 8) and of its `Proposal` (stream 2, effective 3,
/// authority 6, corrects 9).
public enum EventFields {
  public static func stream(of event: RawSpan) -> StreamID? {
    field(2, of: event).flatMap { StreamID(String(decoding: $0, as: UTF8.self)) }
  }

  public static func kind(of event: RawSpan) -> StreamKind? {
    guard let proposal = RawFields.find(8, in: event) else { return nil }
    let bytes = event.extracting(proposal)
    return RawFields.find(2, in: bytes).flatMap { StreamID(bytes.extracting($0))?.kind }
  }

  public static func isOfKind(_ kind: String, _ event: RawSpan) -> Bool {
    field(2, of: event)?.starts(with: Array((kind + "/").utf8)) ?? false
  }

  public static func effective(of event: RawSpan) -> Day? {
    guard let proposal = RawFields.find(8, in: event) else { return nil }
    return RawFields.number(3, in: event.extracting(proposal))
      .flatMap { Day(yyyymmdd: UInt32(truncatingIfNeeded: $0)) }
  }

  public static func namesAuthority(_ event: RawSpan) -> Bool { has(6, event) }
  public static func corrects(_ event: RawSpan) -> Bool { has(9, event) }

  /// Milliseconds since 1970.
  public static func recordedAt(_ event: RawSpan) -> UInt64 { RawFields.number(3, in: event) ?? 0 }

  public static func isBy(_ actor: [UInt8], _ event: RawSpan) -> Bool {
    RawFields.find(4, in: event).map { RawFields.bytes(event.extracting($0)) == actor }
      ?? actor.isEmpty
  }

  /// Whether an enrolment's event may move it to another cohort, officer, programme or agreement:
  /// it corrects another (9), is attributed (7), or is a transfer (30, 10).
  public static func movesEnrolment(_ event: RawSpan) -> Bool {
    guard let range = RawFields.find(8, in: event) else { return false }
    let proposal = event.extracting(range)
    guard RawFields.find(9, in: proposal) == nil, RawFields.find(7, in: proposal) == nil else {
      return true
    }
    return RawFields.find(30, in: proposal)
      .map { RawFields.find(10, in: proposal.extracting($0)) != nil } ?? false
  }

  private static func field(_ number: UInt32, of event: RawSpan) -> [UInt8]? {
    guard let proposal = RawFields.find(8, in: event) else { return nil }
    let bytes = event.extracting(proposal)
    return RawFields.find(number, in: bytes).map { RawFields.bytes(bytes.extracting($0)) }
  }

  private static func has(_ number: UInt32, _ event: RawSpan) -> Bool {
    guard let proposal = RawFields.find(8, in: event) else { return false }
    return RawFields.find(number, in: event.extracting(proposal)) != nil
  }
}
