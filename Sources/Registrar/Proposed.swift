import Messages
import Registry

/// What the sender believes of a stream.
public enum Expectation: Hashable, Sendable {
  case anything
  case nothingYet
  /// The stream's last event has this version.
  case at(version: UInt32)
}

/// One item of a request to record, as it came in.
public struct Proposed: Sendable {
  /// The proposal as sent; these bytes are kept.
  public var bytes: [UInt8]
  public var expected: Expectation
  /// Decoded before it meets the writer; what could not be is rejected in its turn.
  public var proposal: Result<Proposal, Rejection>

  public init(_ item: RecordItem, arena: Arena) {
    bytes = item.proposal
    expected =
      switch item.expected {
      case .nothingYet: .nothingYet
      case .atVersion(let version): .at(version: version)
      case nil: .anything
      }
    do throws(Refusal) {
      proposal = .success(
        try Codec.decode(
          Proposal.self, from: unsafe item.proposal.span.bytes, arena: arena,
          unknownFields: .refused))
    } catch {
      proposal = .failure(Rejection(.malformed, error.sentence, field: error.path))
    }
  }
}

/// A request to record, for the writer's queue.
public struct RecordJob: Sendable {
  public enum Purpose: Sendable { case record, dryRun, preview }

  public var items: [Proposed]
  public var atomic: Bool
  public var purpose: Purpose
  /// Who is connected.
  public var actor: String
  /// Called once, from the writer's thread.
  public var complete: @Sendable (Result<PreviewReply, RecordFailure>) -> Void

  public init(
    items: [Proposed], atomic: Bool, purpose: Purpose, actor: String,
    complete: @escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void
  ) {
    self.items = items
    self.atomic = atomic
    self.purpose = purpose
    self.actor = actor
    self.complete = complete
  }
}

/// Why a request to record was not answered by outcomes.
public enum RecordFailure: Error, Sendable {
  /// Nothing was recorded; the same request may be sent again, at once or later.
  case notRecorded(String, mayRetry: Bool)
  /// It may have been recorded: ask again with the same event ids.
  case outcomeUnknown(String)
  /// The queue is full: nothing was begun.
  case busy
  /// The server is stopping or records no more.
  case closed(String)
}
