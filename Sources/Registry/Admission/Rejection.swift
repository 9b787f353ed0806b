import Failures

/// Why a proposal was not recorded: an answer, not an error of the registry.
///
/// The codes are part of the protocol: one that has been released keeps its meaning. Where several
/// would be true, `AdmissionStage` says which is told.
public struct Rejection: ExplainedError, Hashable, Sendable {
  public enum Code: String, CaseIterable, Sendable {
    /// The bytes or a field are not what the schema allows.
    case malformed
    /// The event id was recorded before, with another proposal.
    case eventIDReused = "event_id_reused"
    /// The stream is not at the version that the sender expected.
    case wrongVersion = "wrong_version"
    /// The log has no registry yet, or has one already.
    case registryNotEstablished = "registry_not_established"
    /// The body is not one for this kind of stream.
    case wrongStream = "wrong_stream"
    /// The stream has no events, and this one cannot be its first.
    case noSuchStream = "no_such_stream"
    /// The stream begins in the middle of its life cycle and no source vouches for that.
    case sourceNeeded = "source_needed"
    /// The life cycle does not allow the event in the state of that day.
    case illegalTransition = "illegal_transition"
    /// Later events that stand would no longer be allowed.
    case contradictsLater = "contradicts_later"
    /// What the event says of its own stream's things is not so.
    case notInStream = "not_in_stream"
    /// Something that the event refers to does not exist on that day.
    case noSuchReference = "no_such_reference"
    /// The authority did not stand on that day.
    case noAuthority = "no_authority"
    /// A credential's evidence does not stand, or is somebody else's.
    case badEvidence = "bad_evidence"
    /// The number, identifier or code is taken.
    case alreadyTaken = "already_taken"
    /// The cohort is full.
    case full
    /// Days or values that contradict each other.
    case inconsistent
    /// What `corrects` names cannot be corrected, voided or restored so.
    case notCorrectable = "not_correctable"
    /// The stream, or a list that its state keeps, is as long as one may be.
    case streamTooLong = "stream_too_long"
    /// Personal data where none may stand, or none where it must.
    case personalData = "personal_data"
    /// What was known of the officer was erased: nothing more is taken.
    case erased
    /// The key that the officer's personal data was sealed with is damaged or lost.
    case keyDamaged = "key_damaged"
  }

  public var code: Code
  /// One sentence for a person: what is wrong, and what to do.
  public var sentence: String
  /// The schema's path of the field that is meant, such as `officer.posted.organisation`.
  public var field: String?
  /// The later event that stands in the way.
  public var inTheWay: LogPosition?

  public init(
    _ code: Code, _ sentence: String, field: String? = nil, inTheWay: LogPosition? = nil
  ) {
    self.code = code
    self.sentence = sentence
    self.field = field
    self.inTheWay = inTheWay
  }
}
