/// What a frame is. Numbers are the protocol's.
public enum FrameType: UInt8, CaseIterable, Sendable {
  case hello = 1
  case helloOK = 2
  case helloNo = 3
  case call = 4
  case data = 5
  case result = 6
  case status = 7
  case cancel = 8
  case credit = 9
  case ping = 10
  case pong = 11
  case goAway = 12
}

/// Why bytes are no frame of this protocol: the connection ends.
public enum FrameError: Error, Hashable, Sendable {
  case wrongPreface
  case reservedByte(UInt8)
  case reservedBit
  case unknownType(UInt8)
  /// A flag that must be understood, and is not.
  case unknownCriticalFlag(UInt8)
  case frameTooLong(Int, max: Int)
  case metadataTooLong(Int, max: Int)
  case metadataPastEnd

  public var sentence: String {
    switch self {
    case .wrongPreface: "The connection did not begin with the protocol's preface."
    case .reservedByte(let byte): "A header began with \(byte) where 0 is reserved."
    case .reservedBit: "A call id had its highest bit set."
    case .unknownType(let type): "There is no frame type \(type)."
    case .unknownCriticalFlag(let flags): "Frame flags \(flags) hold one that must be understood."
    case .frameTooLong(let length, let max): "A frame of \(length) bytes; the limit is \(max)."
    case .metadataTooLong(let length, let max):
      "Metadata of \(length) bytes; the limit is \(max)."
    case .metadataPastEnd: "The metadata is longer than the frame's payload."
    }
  }
}

/// The 16 bytes before a frame's payload, big-endian:
///
/// ```
///  0            1        2        3        4        5        6        7
///  0x00         payload length (24)        type     flags    metadata length (16)
///  R | call id (31)                        argument (32)
/// ```
/// The payload begins with the metadata, if any.
public struct FrameHeader: Hashable, Sendable {
  public static let length = 16
  /// The last frame of its side of a call.
  public static let end: UInt8 = 0x01
  /// Critical flags that this revision knows.
  public static let knownCritical: UInt8 = end
  public static let callMax: UInt32 = 0x7FFF_FFFF

  public var payloadLength: Int
  public var type: FrameType
  public var flags: UInt8
  public var metadataLength: Int
  public var call: UInt32
  public var argument: UInt32

  public init(
    _ type: FrameType, payloadLength: Int = 0, flags: UInt8 = 0, metadataLength: Int = 0,
    call: UInt32 = 0, argument: UInt32 = 0
  ) {
    self.payloadLength = payloadLength
    self.type = type
    self.flags = flags
    self.metadataLength = metadataLength
    self.call = call
    self.argument = argument
  }

  public var isEnd: Bool { flags & Self.end != 0 }

  /// The header as two words, as they stand on the wire.
  public var words: (UInt64, UInt64) {
    precondition(payloadLength < 1 << 24 && metadataLength < 1 << 16 && call <= Self.callMax)
    let first =
      UInt64(payloadLength) << 32 | UInt64(type.rawValue) << 24 | UInt64(flags) << 16
      | UInt64(metadataLength)
    return (first, UInt64(call) << 32 | UInt64(argument))
  }

  public var bytes: [UInt8] {
    let (first, second) = words
    return [first, second].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - $0 * 8)) }
    }
  }

  /// Reads a header from its two words, before a byte of the payload is kept.
  public init(_ first: UInt64, _ second: UInt64, limits: Limits) throws(FrameError) {
    guard first >> 56 == 0 else {
      throw .reservedByte(UInt8(truncatingIfNeeded: first >> 56))
    }
    payloadLength = Int(first >> 32 & 0xFF_FFFF)
    guard let type = FrameType(rawValue: UInt8(truncatingIfNeeded: first >> 24)) else {
      throw .unknownType(UInt8(truncatingIfNeeded: first >> 24))
    }
    self.type = type
    flags = UInt8(truncatingIfNeeded: first >> 16)
    guard flags & 0x0F & ~Self.knownCritical == 0 else { throw .unknownCriticalFlag(flags) }
    metadataLength = Int(first & 0xFFFF)
    guard second >> 63 == 0 else { throw .reservedBit }
    call = UInt32(truncatingIfNeeded: second >> 32)
    argument = UInt32(truncatingIfNeeded: second)
    guard payloadLength <= limits.frameLengthMax else {
      throw .frameTooLong(payloadLength, max: limits.frameLengthMax)
    }
    guard metadataLength <= limits.metadataLengthMax else {
      throw .metadataTooLong(metadataLength, max: limits.metadataLengthMax)
    }
    guard metadataLength <= payloadLength else { throw .metadataPastEnd }
  }
}

/// The protocol's constants.
public enum Protocol {
  /// What a client sends first; no text protocol begins so.
  public static let preface: [UInt8] = [0x89, 0x55, 0x4A, 0x5A, 0x0D, 0x0A, 0x1A, 0x0A]
  public static let version: UInt32 = 1
  /// Before a CALL's message: method (u32), schema revision (u32).
  public static let callHeadLength = 8
}
