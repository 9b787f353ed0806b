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

  /// As WIRE.md spells it.
  public var name: String {
    switch self {
    case .hello: "HELLO"
    case .helloOK: "HELLO_OK"
    case .helloNo: "HELLO_NO"
    case .call: "CALL"
    case .data: "DATA"
    case .result: "RESULT"
    case .status: "STATUS"
    case .cancel: "CANCEL"
    case .credit: "CREDIT"
    case .ping: "PING"
    case .pong: "PONG"
    case .goAway: "GOAWAY"
    }
  }

  /// Whether it belongs to a call, and so carries a call id. CREDIT may also be the connection's:
  /// then its id is 0.
  public var isOfCall: Bool {
    switch self {
    case .call, .data, .result, .status, .cancel, .credit: true
    case .hello, .helloOK, .helloNo, .ping, .pong, .goAway: false
    }
  }

  /// The longest payload, beside the limit of all frames.
  func payloadMax(_ limits: Limits) -> Int {
    switch self {
    case .cancel, .credit, .ping, .pong: 0
    case .hello, .helloOK, .helloNo, .goAway: min(limits.greetingLengthMax, limits.frameLengthMax)
    case .call, .data, .result, .status: limits.frameLengthMax
    }
  }

  var mayHaveMetadata: Bool {
    switch self {
    case .call, .data, .result, .status: true
    case .hello, .helloOK, .helloNo, .cancel, .credit, .ping, .pong, .goAway: false
    }
  }

  /// The critical flags that mean something on it.
  var criticalFlags: UInt8 {
    switch self {
    case .call, .data: FrameHeader.end
    case .hello, .helloOK, .helloNo, .result, .status, .cancel, .credit, .ping, .pong, .goAway: 0
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

  /// Bytes of the payload behind the metadata.
  public var messageLength: Int { payloadLength - metadataLength }

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

  /// Reads a header from its two words: the one door of every limit on a frame, passed before a
  /// byte of the payload is kept. The checks are made in the order written here.
  public init(_ first: UInt64, _ second: UInt64, limits: Limits) throws(FrameError) {
    guard first >> 56 == 0 else {
      throw .reservedByte(UInt8(truncatingIfNeeded: first >> 56))
    }
    guard let type = FrameType(rawValue: UInt8(truncatingIfNeeded: first >> 24)) else {
      throw .unknownType(UInt8(truncatingIfNeeded: first >> 24))
    }
    self.type = type
    flags = UInt8(truncatingIfNeeded: first >> 16)
    guard flags & 0x0F & ~type.criticalFlags == 0 else { throw .unknownCriticalFlag(flags) }
    guard second >> 63 == 0 else { throw .reservedBit }
    call = UInt32(truncatingIfNeeded: second >> 32)
    argument = UInt32(truncatingIfNeeded: second)
    guard (call != 0) == type.isOfCall || type == .credit else {
      throw call == 0 ? .callMissing(type) : .callForbidden(type)
    }
    payloadLength = Int(first >> 32 & 0xFF_FFFF)
    let max = type.payloadMax(limits)
    guard payloadLength <= max else {
      throw max == 0 ? .payloadForbidden(type) : .frameTooLong(payloadLength, max: max)
    }
    metadataLength = Int(first & 0xFFFF)
    guard metadataLength == 0 || type.mayHaveMetadata else { throw .metadataForbidden(type) }
    guard metadataLength <= limits.metadataLengthMax else {
      throw .metadataTooLong(metadataLength, max: limits.metadataLengthMax)
    }
    guard metadataLength <= payloadLength else { throw .metadataPastEnd }
    guard type != .call || payloadLength - metadataLength >= Protocol.callHeadLength else {
      throw .callHeadCut
    }
  }
}

/// The protocol's constants.
public enum Protocol {
  /// What a client sends first; no text protocol begins so.
  public static let preface: [UInt8] = [0x89, 0x55, 0x4A, 0x5A, 0x0D, 0x0A, 0x1A, 0x0A]
  public static let version: UInt32 = 1
  /// Before a CALL's message: method (u32), method revision (u32).
  public static let callHeadLength = 8
  /// GOAWAY's `last_call` while every call that arrives is still begun.
  public static let everyCall = FrameHeader.callMax
}
