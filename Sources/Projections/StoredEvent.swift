import Messages
import Registry

/// An event as it is read from the log.
public struct StoredEvent: Sendable {
  public var recorded: Recorded
  public var proposal: Proposal

  public var stream: StreamID { proposal.stream }
  public var event: StreamEvent { StreamEvent(proposal, at: recorded.position) }

  /// - Throws: `Refusal` when the bytes are not what this registry wrote.
  public init(_ bytes: RawSpan, arena: Arena) throws(Refusal) {
    let recorded = try Codec.decode(
      Recorded.self, from: bytes, arena: arena, unknownFields: .ignored)
    self.recorded = recorded
    proposal = try Codec.decode(
      Proposal.self, from: unsafe recorded.proposal.span.bytes, arena: arena,
      unknownFields: .ignored)
  }

  /// What was sealed is bound to the event that it came with.
  public static func sealingContext(_ stream: StreamID, _ id: EventID) -> [UInt8] {
    Array(stream.text.utf8) + [0] + id.bytes
  }
}
