/// What a side may still send of one stream, or of all of a connection.
///
/// A message is sent while there is credit at all, so that it may go below zero by part of one
/// message: a message that is longer than the credit is not stuck for ever.
public struct SendCredit: Hashable, Sendable {
  /// Bytes.
  public private(set) var left: Int
  /// Else there is always some.
  private let isCounted: Bool

  /// - Parameter initial: bytes; nil: credit is not counted.
  public init(_ initial: Int?) {
    (left, isCounted) = (initial ?? 1, initial != nil)
  }

  public var isThere: Bool { left > 0 }

  public mutating func spend(_ bytes: Int) { if isCounted { left -= bytes } }

  /// - Returns: false when there is now more than a side may hold.
  public mutating func add(_ bytes: UInt32, max: Int) -> Bool {
    if isCounted { left += Int(bytes) }
    return left <= max
  }
}

/// What a side has let the other send, and what it owes of it.
public struct ReceiveCredit: Hashable, Sendable {
  /// Nil: credit is not counted.
  private let step: Int?
  /// Bytes that may still come.
  private var left: Int
  /// Bytes that were consumed since credit was last given.
  private var owed = 0

  /// Credit is given in steps of a quarter, so that a reader that keeps up is never waited for and
  /// no CREDIT goes out for each message.
  ///
  /// - Parameter initial: bytes; nil: credit is not counted.
  public init(_ initial: Int?) {
    left = initial ?? 0
    step = initial.map { max(1, $0 / 4) }
  }

  /// DATA came: false when there was no credit for it.
  ///
  /// What is counted is the payload, metadata included; that is nobody's to take, so that it is
  /// owed again at once. A message without a byte needs credit as any other; an END that carries
  /// none does not.
  public mutating func spend(_ frame: FrameHeader) -> Bool {
    guard left > 0 || step == nil || frame.isEnd && frame.payloadLength == 0 else { return false }
    left -= frame.payloadLength
    owed += frame.metadataLength
    return true
  }

  public mutating func consumed(_ bytes: Int) { owed += bytes }

  /// Bytes that may still come, and those that credit is owed for: all but what waits to be taken.
  var outstanding: Int { left + owed }

  /// The argument of a CREDIT that is due.
  public mutating func due() -> UInt32? {
    guard let step, owed >= step else { return nil }
    defer { owed = 0 }
    left += owed
    return UInt32(clamping: owed)
  }
}
