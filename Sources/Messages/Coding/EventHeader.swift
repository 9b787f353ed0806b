import Registry

/// The header fields of a stored event, read without decoding it.
public struct EventHeader {
  public let stream: StreamID
  /// Where the event's id and the keyed digest of the proposal stand in the event.
  public let id: Range<Int>
  public let digest: Range<Int>
  /// It merges its officer's record into another.
  public let isMerge: Bool

  /// Field numbers of the schema.
  private enum Tag {
    static let digest: UInt32 = 6
    static let proposal: UInt32 = 8
    static let eventID: UInt32 = 1
    static let stream: UInt32 = 2
    static let officer: UInt32 = 22
    static let mergedInto: UInt32 = 17
  }

  /// - Parameter recorded: a packed `Recorded`; nil when it is none.
  public init?(_ recorded: RawSpan) {
    guard let digest = RawFields.find(Tag.digest, in: recorded),
      let proposal = RawFields.find(Tag.proposal, in: recorded)
    else { return nil }
    let inner = recorded.extracting(proposal)
    guard let id = RawFields.find(Tag.eventID, in: inner), id.count == 16,
      let name = RawFields.find(Tag.stream, in: inner),
      let stream = StreamID(inner.extracting(name))
    else { return nil }
    self.stream = stream
    self.digest = digest
    self.id = (proposal.lowerBound + id.lowerBound)..<(proposal.lowerBound + id.upperBound)
    isMerge = stream.kind == .officer && Self.isMerge(inner)
  }

  private static func isMerge(_ proposal: RawSpan) -> Bool {
    guard let officer = RawFields.find(Tag.officer, in: proposal) else { return false }
    return RawFields.find(Tag.mergedInto, in: proposal.extracting(officer)) != nil
  }
}
