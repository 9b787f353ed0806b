import Failures
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// What the sender believes of a stream.
package enum Expectation: Hashable, Sendable {
  case anything
  case nothingYet
  /// The stream's last event has this version.
  case at(version: UInt32)
}

/// One item of a request to record, with its proposal decoded.
package struct PendingItem: Sendable {
  /// The proposal as sent; these bytes are kept.
  package var bytes: [UInt8]
  package var expected: Expectation
  /// Items of the same group, other than 0, are recorded all or none, neighbours or not.
  package var group: UInt32
  /// Decoded before the writer's turn; a decode failure is rejected in order.
  package var proposal: Result<Proposal, Rejection>
  /// The keyed digest of the bytes, and the identifiers by their hashes; nil: still to be made.
  var hashes: (digest: [UInt8], identifiers: [BlindIdentifier])?

  /// Of a proposal with personal data about an officer who had no key; nil: still to be made.
  var sealed: PresealedPayload?

  /// - Parameters:
  ///   - vault: makes the hashes now, so that the writer need not.
  ///   - random: seals what is personal as well, for an event that is kept.
  init(_ item: RecordItem, arena: Arena, vault: Vault, sealingWith random: RandomBytes?) {
    self.init(item, arena: arena)
    guard case .success(let proposal) = proposal else { return }
    hashes = vault.hashes(of: proposal, bytes)
    // What fails here the writer tries again, and says why.
    if let random {
      sealed = try? PresealedPayload(proposal, arena: arena, vault: vault, random: random)
    }
  }

  package init(_ item: RecordItem, arena: Arena) {
    bytes = item.proposal
    group = item.group
    expected =
      switch item.expected {
      case .nothingYet: .nothingYet
      case .atVersion(let version): .at(version: version)
      case nil: .anything
      }
    do throws(DecodeFailure) {
      proposal = .success(
        try Codec.decode(
          Proposal.self, from: unsafe item.proposal.span.bytes, arena: arena,
          unknownFields: .refused))
    } catch {
      proposal = .failure(Rejection(.malformed, error.sentence, field: error.path))
    }
  }
}

/// A sealed payload made before the proposal is decided, off the writer's thread.
struct PresealedPayload: Sendable {
  /// Kept when the event is.
  let key: Vault.FreshKey
  let sealed: [UInt8]
  /// Of the event's digest; sealed as well.
  let salt: [UInt8]
  /// The proposal without its personal data.
  let rest: [UInt8]

  /// Nil where nothing is personal, or the officer has a key.
  init?(_ proposal: Proposal, arena: Arena, vault: Vault, random: RandomBytes) throws {
    guard let personal = proposal.personal,
      let key = try vault.freshKey(for: proposal.stream.key)
    else { return nil }
    self.key = key
    salt = random.next(Vault.saltLength)
    sealed = try vault.seal(
      SealedPersonal.plain(Codec.encode(personal, arena: arena), salt: salt), with: key,
      context: proposal.sealingContext)
    rest = Codec.encode(proposal.withoutPersonal, arena: arena)
  }
}

extension Proposal {
  var withoutPersonal: Proposal {
    var proposal = self
    proposal.personal = nil
    return proposal
  }

  var sealingContext: [UInt8] { StoredEvent.sealingContext(stream, eventID) }
}

/// A request to record, still encoded, for the writer's queue.
package struct EncodedRequest: Sendable {
  /// A packed `RecordRequest`.
  package var request: [UInt8]
  /// Only what would change is asked.
  package var isPreview: Bool
  /// Who is connected.
  package var actor: String
  /// Called once, from any thread.
  package var complete: @Sendable (Result<PreviewReply, RecordFailure>) -> Void

  package init(
    request: [UInt8], isPreview: Bool, actor: String,
    complete: @escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void
  ) {
    self.request = request
    self.isPreview = isPreview
    self.actor = actor
    self.complete = complete
  }
}

/// A request to record, decoded.
package struct DecodedRequest: Sendable {
  package enum Purpose: Sendable { case record, dryRun, preview }

  package var items: [PendingItem]
  package var atomic: Bool
  package var purpose: Purpose
  /// Who is connected.
  package var actor: String
  /// Called once, from any thread.
  package var complete: @Sendable (Result<PreviewReply, RecordFailure>) -> Void

  package init(
    items: [PendingItem], atomic: Bool, purpose: Purpose, actor: String,
    complete: @escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void
  ) {
    self.items = items
    self.atomic = atomic
    self.purpose = purpose
    self.actor = actor
    self.complete = complete
  }
}

extension DecodedRequest {
  init(
    _ call: EncodedRequest, arena: Arena, vault: Vault, random: RandomBytes
  ) throws(DecodeFailure) {
    let message = try Codec.decode(
      RecordRequest.self, from: unsafe call.request.span.bytes, arena: arena,
      unknownFields: .refused)
    let purpose: Purpose = call.isPreview ? .preview : message.dryRun ? .dryRun : .record
    self.init(
      items: message.items.map {
        PendingItem(
          $0, arena: arena, vault: vault, sealingWith: purpose == .record ? random : nil)
      }, atomic: message.atomic, purpose: purpose, actor: call.actor, complete: call.complete)
  }
}

extension Vault {
  func hashes(
    of proposal: Proposal, _ bytes: [UInt8]
  ) -> (digest: [UInt8], identifiers: [BlindIdentifier]) {
    (proposalDigest(bytes), proposal.personal?.identifiers.map(blind) ?? [])
  }
}

/// Why a request to record was not answered by outcomes.
package enum RecordFailure: ExplainedError, Sendable {
  /// It could not be read.
  case refused(DecodeFailure)
  /// Nothing was recorded; the same request may be sent again, at once or later.
  case notRecorded(String, mayRetry: Bool)
  /// It may have been recorded: ask again with the same event ids.
  case outcomeUnknown(String)
  /// The queue is full: nothing was begun.
  case busy
  /// The server is stopping or records no more.
  case closed(String)

  package var sentence: String {
    switch self {
    case .refused(let refusal): refusal.sentence
    case .notRecorded(let sentence, _), .outcomeUnknown(let sentence), .closed(let sentence):
      ClientSentence.withoutPaths(sentence)
    case .busy: "Too much waits to be recorded: send it again a little later."
    }
  }

  package var cause: Cause? {
    if case .refused(let refusal) = self { Cause(refusal) } else { nil }
  }

  package var mayRetry: Bool {
    switch self {
    case .notRecorded(_, let mayRetry): mayRetry
    case .busy, .closed: true
    case .refused, .outcomeUnknown: false
    }
  }
}
