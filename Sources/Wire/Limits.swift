/// The limits of one connection. Each is checked at one door, before the first byte is kept.
public struct Limits: Hashable, Sendable {
  /// Bytes of one frame's payload.
  public var frameLengthMax = 4 << 20
  /// Bytes of one frame's metadata.
  public var metadataLengthMax = 8 << 10
  /// Calls open at once on one connection.
  public var callsMax = 256
  /// Streams among them.
  public var streamsMax = 32
  /// Milliseconds: a call that names no timeout, or a longer one, has this.
  public var timeoutMaxMs: UInt32 = 3_600_000
  /// Bytes of a stream's messages that may be sent before the client gives more credit.
  public var streamCreditInitial = 1 << 20
  /// The most credit that a stream may hold.
  public var streamCreditMax = 64 << 20
  /// Milliseconds from the connection to its HELLO.
  public var handshakeTimeoutMs: Int64 = 5_000
  /// Milliseconds without a frame from a peer that has no call open.
  public var idleTimeoutMs: Int64 = 600_000
  /// Bytes waiting for a peer that does not read, above which nothing more is read from it.
  public var writeBufferHigh = 1 << 20
  /// Milliseconds a peer may leave its answers unread before it is cut off.
  public var stalledTimeoutMs: Int64 = 30_000
  /// PING, CANCEL, CREDIT and empty frames in a row, without a call between them.
  public var idleFramesMax = 1_000
  public var connectionsMax = 10_000

  public init() {}
}
