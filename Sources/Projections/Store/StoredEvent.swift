import Messages
import Registry

/// An event as it is read from the log.
public struct StoredEvent: Sendable {
  public var recorded: Recorded
  public var proposal: Proposal

  public var stream: StreamID { proposal.stream }
  public var event: StreamEvent {
    var event = StreamEvent(proposal, at: recorded.position)
    event.hasPersonal = !recorded.sealedSha256.isEmpty
    return event
  }

  /// - Throws: `DecodeFailure` when the bytes are not what this registry wrote.
  public init(_ bytes: RawSpan, arena: Arena) throws(DecodeFailure) {
    let recorded = try Codec.decode(
      Recorded.self, from: bytes, arena: arena, unknownFields: .ignored, limits: .stored)
    self.recorded = recorded
    proposal = try Codec.decode(
      Proposal.self, from: unsafe recorded.proposal.span.bytes, arena: arena,
      unknownFields: .ignored, limits: .stored)
  }

  /// The event alone, where its position is known: the rest is not unpacked.
  static func event(
    in recorded: RawSpan, at position: LogPosition, arena: Arena
  ) throws(DecodeFailure) -> StreamEvent {
    guard let proposal = Recorded.find(.proposal, in: recorded) else {
      throw DecodeFailure(damaged: "the event at \(position)")
    }
    var event = StreamEvent(
      try Codec.decode(
        Proposal.self, from: recorded.extracting(proposal), arena: arena, unknownFields: .ignored,
        limits: .stored),
      at: position)
    event.hasPersonal = isSealed(recorded)
    return event
  }

  /// Whether something of a person came with it.
  static func isSealed(_ recorded: RawSpan) -> Bool {
    !(Recorded.find(.sealedSha256, in: recorded) ?? 0..<0).isEmpty
  }

  /// What was sealed is bound to the event that it came with.
  public static func sealingContext(_ stream: StreamID, _ id: EventID) -> [UInt8] {
    Array(stream.text.utf8) + [0] + id.bytes
  }
}
