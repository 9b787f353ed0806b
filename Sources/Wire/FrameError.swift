import Failures

/// Why bytes are no frame of this protocol: the connection ends.
public enum FrameError: ExplainedError, Hashable, Sendable {
  case wrongPreface
  case reservedByte(UInt8)
  case reservedBit
  case unknownType(UInt8)
  /// A flag that must be understood, and is not, or not on this type.
  case unknownCriticalFlag(UInt8)
  case frameTooLong(Int, max: Int)
  case metadataTooLong(Int, max: Int)
  case metadataPastEnd
  case metadataForbidden(FrameType)
  case payloadForbidden(FrameType)
  /// A frame of a call with id 0.
  case callMissing(FrameType)
  /// A frame of the connection with a call's id.
  case callForbidden(FrameType)
  /// A CALL without its method and method revision.
  case callHeadCut

  /// As `Protos/vectors/` names it.
  public var name: String {
    switch self {
    case .wrongPreface: "wrong_preface"
    case .reservedByte: "reserved_byte"
    case .reservedBit: "reserved_bit"
    case .unknownType: "unknown_type"
    case .unknownCriticalFlag: "unknown_critical_flag"
    case .frameTooLong: "frame_too_long"
    case .metadataTooLong: "metadata_too_long"
    case .metadataPastEnd: "metadata_past_end"
    case .metadataForbidden: "metadata_forbidden"
    case .payloadForbidden: "payload_forbidden"
    case .callMissing: "call_missing"
    case .callForbidden: "call_forbidden"
    case .callHeadCut: "call_head_cut"
    }
  }

  /// What GOAWAY says of it.
  public var status: CallStatus {
    switch self {
    case .frameTooLong, .metadataTooLong: CallStatus(.resourceExhausted, sentence, rule: name)
    case .wrongPreface, .reservedByte, .reservedBit, .unknownType, .unknownCriticalFlag,
      .metadataPastEnd, .metadataForbidden, .payloadForbidden, .callMissing, .callForbidden,
      .callHeadCut:
      CallStatus(.internal, sentence, rule: name)
    }
  }

  public var sentence: String {
    switch self {
    case .wrongPreface: "The connection did not begin with the protocol's preface."
    case .reservedByte(let byte): "A header began with \(byte) where 0 is reserved."
    case .reservedBit: "A call id had its highest bit set."
    case .unknownType(let type): "There is no frame type \(type)."
    case .unknownCriticalFlag(let flags):
      "Frame flags \(flags) hold one that must be understood, and is not on this type."
    case .frameTooLong(let length, let max): "A frame of \(length) bytes; the limit is \(max)."
    case .metadataTooLong(let length, let max):
      "Metadata of \(length) bytes; the limit is \(max)."
    case .metadataPastEnd: "The metadata is longer than the frame's payload."
    case .metadataForbidden(let type): "\(type.name) carries no metadata."
    case .payloadForbidden(let type): "\(type.name) carries no payload."
    case .callMissing(let type): "\(type.name) needs a call id; 0 is none."
    case .callForbidden(let type): "\(type.name) is the connection's: its call id is 0."
    case .callHeadCut: "A CALL begins with method and method revision, 8 bytes."
    }
  }
}
