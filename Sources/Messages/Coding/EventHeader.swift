import Registry

/// The header fields of a stored event, read without decoding it.
public struct EventHeader {
  public let stream: StreamID
  /// Where the event's id and the keyed digest of the proposal stand in the event.
  public let id: Range<Int>
  public let digest: Range<Int>
  /// It merges its officer's record into another.
  public let isMerge: Bool

  /// - Parameter recorded: a packed `Recorded`; nil when it is none.
  public init?(_ recorded: RawSpan) {
    guard let digest = Recorded.find(.digest, in: recorded),
      let proposal = Recorded.find(.proposal, in: recorded)
    else { return nil }
    let inner = recorded.extracting(proposal)
    guard let id = Proposal.find(.eventID, in: inner), id.count == 16,
      let name = Proposal.find(.stream, in: inner),
      let stream = StreamID(inner.extracting(name))
    else { return nil }
    self.stream = stream
    self.digest = digest
    self.id = (proposal.lowerBound + id.lowerBound)..<(proposal.lowerBound + id.upperBound)
    isMerge = stream.kind == .officer && Proposal.find(.officer, .mergedInto, in: inner) != nil
  }
}
