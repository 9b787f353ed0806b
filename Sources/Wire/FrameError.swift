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

  public var rule: ProtocolRule {
    switch self {
    case .wrongPreface: .wrongPreface
    case .reservedByte: .reservedByte
    case .reservedBit: .reservedBit
    case .unknownType: .unknownType
    case .unknownCriticalFlag: .unknownCriticalFlag
    case .frameTooLong: .frameTooLong
    case .metadataTooLong: .metadataTooLong
    case .metadataPastEnd: .metadataPastEnd
    case .metadataForbidden: .metadataForbidden
    case .payloadForbidden: .payloadForbidden
    case .callMissing: .callMissing
    case .callForbidden: .callForbidden
    case .callHeadCut: .callHeadCut
    }
  }

  /// What GOAWAY says of it.
  public var status: CallStatus { CallStatus(rule.code, sentence, rule: rule) }

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
