import Failures

extension ProtocolRule {
  /// In what a rule may be said.
  public enum Place: String, CaseIterable, Sendable {
    case helloNo = "HELLO_NO"
    case goAway = "GOAWAY"
    case status = "STATUS"
    /// A client says it to its caller, of what it does not send or cannot read.
    case client
  }

  /// The one code that goes with it, wherever it is said.
  public var code: StatusCode {
    switch self {
    case .wrongPreface, .reservedByte, .unknownType, .unknownCriticalFlag, .reservedBit,
      .callMissing, .callForbidden, .payloadForbidden, .metadataForbidden, .metadataPastEnd,
      .callHeadCut, .direction, .phase, .callInUse, .end, .streamCredit, .connectionCredit,
      .payload, .metadata, .failure, .answerShape:
      .internal
    case .frameTooLong, .metadataTooLong, .connectionCreditMax, .idleFramesMax, .cancelsMax,
      .partialBytesMax, .callsMax, .streamsMax, .streamCreditMax, .uploadBytesMax,
      .queuedBytesMax, .queryMemoryMax, .entriesMax, .frameLengthMax, .metadataLengthMax:
      .resourceExhausted
    case .version, .unknownMethod, .methodRevision, .callEnd, .callMessage: .unimplemented
    case .handshakeTimeout, .frameTimeout, .timeout: .deadlineExceeded
    case .connectionsMax, .connectionsOfOneMax, .idleTimeout, .keepalive, .connectionAge, .drain,
      .atLeast, .busy, .notRecorded, .recordingStopped, .notSent, .connectionLost:
      .unavailable
    case .certificate: .unauthenticated
    case .role: .permissionDenied
    case .cancelled: .cancelled
    case .leaving: .ok
    case .malformed, .truncated, .unknownField, .duplicate, .wrongType, .notText, .missing,
      .unknownValue, .outOfBounds, .tooLong, .tooMany, .tooDeep, .tooLarge, .question, .streamKind,
      .cursor:
      .invalidArgument
    case .cursorLog, .notRecordable, .tls: .failedPrecondition
    case .logEnd, .eventsBehindMax: .outOfRange
    case .noSuchName: .notFound
    case .damage, .viewsAhead: .dataLoss
    case .outcomeUnknown: .unknown
    }
  }

  public var places: Set<Place> {
    switch self {
    case .wrongPreface, .reservedByte, .unknownType, .unknownCriticalFlag, .reservedBit,
      .callMissing, .callForbidden, .payloadForbidden, .frameTooLong, .metadataForbidden,
      .metadataTooLong, .metadataPastEnd, .callHeadCut, .direction, .phase, .streamCredit,
      .connectionCredit, .connectionCreditMax, .frameTimeout, .keepalive:
      [.goAway, .client]
    case .callInUse, .end, .idleFramesMax, .cancelsMax, .partialBytesMax,
      .handshakeTimeout, .idleTimeout, .connectionAge, .leaving:
      [.goAway]
    case .payload: [.helloNo, .goAway, .client]
    case .version, .connectionsMax, .connectionsOfOneMax: [.helloNo]
    case .drain: [.helloNo, .goAway, .status]
    case .certificate: [.helloNo, .goAway]
    case .role: [.helloNo, .goAway, .status]
    case .frameLengthMax, .timeout: [.status, .client]
    case .metadata, .unknownMethod, .methodRevision, .callEnd, .callMessage, .callsMax,
      .streamsMax, .streamCreditMax, .uploadBytesMax, .queuedBytesMax, .queryMemoryMax,
      .entriesMax, .cancelled, .malformed, .truncated, .unknownField, .duplicate, .wrongType,
      .notText, .missing, .unknownValue, .outOfBounds, .tooLong, .tooMany, .tooDeep, .tooLarge,
      .question, .streamKind, .cursor, .cursorLog, .logEnd, .eventsBehindMax, .noSuchName,
      .atLeast, .busy, .damage, .viewsAhead, .failure, .notRecorded, .notRecordable,
      .outcomeUnknown, .recordingStopped:
      [.status]
    case .notSent, .connectionLost, .answerShape, .metadataLengthMax, .tls: [.client]
    }
  }
}
