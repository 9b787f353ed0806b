/// What said no to a connection or a call, for a program: the one list of the names that HELLO_NO,
/// GOAWAY and STATUS carry, and that clients give what they refuse themselves.
///
/// `Protos/WIRE.md` has the same list, with a code and a meaning for each; a test holds the two
/// against each other. A rejection of a proposal is an answer and has codes of its own.
public enum ProtocolRule: String, CaseIterable, Hashable, Sendable {
  // Bytes that are no frame, in the order of the checks.
  case wrongPreface = "wrong_preface"
  case reservedByte = "reserved_byte"
  case unknownType = "unknown_type"
  case unknownCriticalFlag = "unknown_critical_flag"
  case reservedBit = "reserved_bit"
  case callMissing = "call_missing"
  case callForbidden = "call_forbidden"
  case payloadForbidden = "payload_forbidden"
  case frameTooLong = "frame_too_long"
  case metadataForbidden = "metadata_forbidden"
  case metadataTooLong = "metadata_too_long"
  case metadataPastEnd = "metadata_past_end"
  case callHeadCut = "call_head_cut"

  // Frames that do not belong where they came.
  case direction
  case phase
  case callInUse = "call_in_use"
  case end
  case streamCredit = "stream_credit"
  case connectionCredit = "connection_credit"
  case payload
  case version

  // What a connection may take of the server, and how long.
  case connectionCreditMax = "connection_credit_max"
  case idleFramesMax = "idle_frames_max"
  case cancelsMax = "cancels_max"
  case partialBytesMax = "partial_bytes_max"
  case connectionsMax = "connections_max"
  case connectionsOfOneMax = "connections_of_one_max"
  case handshakeTimeout = "handshake_timeout"
  case frameTimeout = "frame_timeout"
  case idleTimeout = "idle_timeout"
  case keepalive
  case connectionAge = "connection_age"
  case drain
  case leaving

  // Who asks.
  case certificate
  case role

  // What a call may be, and take.
  case metadata
  case unknownMethod = "unknown_method"
  case methodRevision = "method_revision"
  case callEnd = "call_end"
  case callMessage = "call_message"
  case callsMax = "calls_max"
  case streamsMax = "streams_max"
  case streamCreditMax = "stream_credit_max"
  case uploadBytesMax = "upload_bytes_max"
  case queuedBytesMax = "queued_bytes_max"
  case queryMemoryMax = "query_memory_max"
  case entriesMax = "entries_max"
  case frameLengthMax = "frame_length_max"
  case timeout
  case cancelled

  // A request that cannot be read.
  case malformed
  case truncated
  case unknownField = "unknown_field"
  case duplicate
  case wrongType = "wrong_type"
  case notText = "not_text"
  case missing
  case unknownValue = "unknown_value"
  case outOfBounds = "out_of_bounds"
  case tooLong = "too_long"
  case tooMany = "too_many"
  case tooDeep = "too_deep"
  case tooLarge = "too_large"

  // A question that has no answer, or not now.
  case question
  case streamKind = "stream_kind"
  case cursor
  case cursorLog = "cursor_log"
  case logEnd = "log_end"
  case eventsBehindMax = "events_behind_max"
  case noSuchName = "no_such_name"
  case atLeast = "at_least"
  case busy
  case damage
  case viewsAhead = "views_ahead"
  case failure

  // A request to record.
  case notRecorded = "not_recorded"
  case notRecordable = "not_recordable"
  case outcomeUnknown = "outcome_unknown"
  case recordingStopped = "recording_stopped"

  // What a client says to its caller of itself.
  case notSent = "not_sent"
  case connectionLost = "connection_lost"
  case answerShape = "answer_shape"
  case metadataLengthMax = "metadata_length_max"
  case tls
}
