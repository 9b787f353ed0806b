/// The limits of one connection. Each is checked at one door, before the first byte is kept.
public struct Limits: Hashable, Sendable {
  /// Bytes of one frame's payload.
  public var frameLengthMax = 4 << 20
  /// Bytes of one frame's metadata.
  public var metadataLengthMax = 8 << 10
  /// Bytes of HELLO, HELLO_OK, HELLO_NO and GOAWAY.
  public var greetingLengthMax = 4 << 10
  /// Calls open at once on one connection, those cancelled whose handlers still run among them.
  public var callsMax = 256
  /// Those answered off the loop that a service is asked at once; the others wait, and none begins
  /// while the peer does not read its answers.
  public var runningMax = 16
  /// Streams among the open calls.
  public var streamsMax = 32
  /// Streams of one connection that are asked for their next message at once; the others wait.
  public var stepsMax = 2
  /// Bytes of a stream's message beyond which no line is added: of its first, and of any while all
  /// connections together have more than `messagesAheadMax` bytes of them unsent. So small that
  /// every connection may have one.
  public var messageBytesMin = 16 << 10
  /// Of later ones, each twice as long as the one before; a frame's header fits into 256 KiB beside
  /// it.
  public var messageBytesMax = 240 << 10
  /// Bytes of streams' messages that were computed and that no socket has taken, of all connections
  /// together, beyond which messages are short.
  public var messagesAheadMax = 64 << 20
  /// Milliseconds: a call that names no timeout, or a longer one, has this.
  public var timeoutMaxMs: UInt32 = 3_600_000
  /// Bytes of a stream's messages that may be sent before the receiver gives more credit.
  public var streamCreditInitial = 1 << 20
  /// The most credit that a stream may hold, where it did not begin with more.
  public var streamCreditMax = 64 << 20
  /// Bytes of all streams' messages together. More than what the readers of `streamsMax` streams
  /// may owe below their steps, and the connection below its own: else all might wait for ever.
  public var connectionCreditInitial = 16 << 20
  /// The most credit that a connection may hold, where it did not begin with more.
  public var connectionCreditMax = 1 << 30
  /// Milliseconds from the connection to its HELLO.
  public var handshakeTimeoutMs: Int64 = 5_000
  /// Milliseconds without a frame, but for PING and PONG, from a peer that has no call open.
  public var idleTimeoutMs: Int64 = 600_000
  /// Milliseconds without a byte from a peer, after which it is asked for a sign of life; a client
  /// may ask for another time within the bounds.
  public var keepaliveMs: Int64 = 60_000
  public var keepaliveBoundsMs: ClosedRange<Int64> = 10_000...3_600_000
  /// Milliseconds that it has to give it.
  public var keepaliveTimeoutMs: Int64 = 20_000
  /// Milliseconds after which a connection is drained, more or less a tenth at random; 0: never.
  public var connectionAgeMs: Int64 = 1_800_000
  /// Milliseconds that open calls have to end once a connection is drained for its age.
  public var drainTimeoutMs: Int64 = 30_000
  /// Milliseconds from the first byte of a frame to its last.
  public var frameTimeoutMs: Int64 = 600_000
  /// Bytes that must come of a frame that was begun in each `frameProgressMs`, until it ends.
  public var frameProgressBytes = 1 << 10
  /// Milliseconds.
  public var frameProgressMs: Int64 = 10_000
  /// Bytes waiting for a peer that does not read, above which nothing more is read from it.
  public var writeBufferHigh = 1 << 20
  /// Bytes that the kernel takes of a connection beyond what is on its way to the peer (TCP's
  /// TCP_NOTSENT_LOWAT). What is on its way grows with the line, so that long ones are used whole;
  /// a peer that does not read costs so much, where the kernel would else take megabytes of each.
  public var unsentInKernelMax = 128 << 10
  /// Milliseconds a peer may leave its answers unread before it is cut off.
  public var stalledTimeoutMs: Int64 = 30_000
  /// Milliseconds between GOAWAY that announces and GOAWAY that ends, when no PONG comes.
  public var announceTimeoutMs: Int64 = 1_000
  /// Milliseconds that a refused peer has to read the reason before its socket closes.
  public var lingerTimeoutMs: Int64 = 1_000
  /// Frames that ask for nothing (PING, PONG, empty DATA, CREDIT that no message called for) in
  /// one second.
  public var idleFramesMax = 100
  /// CANCELs at once: more than come of work that is given up.
  public var cancelsMax = 1_000
  /// And in each second after.
  public var cancelsPerSecond = 100
  public var connectionsMax = 10_000
  /// Connections of one principal, where TLS says who it is.
  public var connectionsOfOneMax = 2_000
  /// TLS handshakes that are not done, after which one of the address that has the most of them
  /// gives way to the next.
  public var handshakesMax = 1_000
  /// Bytes of frames that are begun and not ended, of all connections together.
  public var partialBytesMax = 256 << 20
  /// Bytes of answers that peers do not read, of all connections together that hold back calls for
  /// it: whoever adds to what is more is cut off.
  public var unreadBytesMax = 256 << 20
  /// Bytes of exchanges' messages that wait to be taken, of all connections together.
  public var uploadBytesMax = 256 << 20

  public init() {}

  /// The most credit that a stream may hold, in bytes.
  var streamCreditHeldMax: Int { max(streamCreditMax, streamCreditInitial) }

  /// The most credit that a connection may hold, in bytes.
  var connectionCreditHeldMax: Int { max(connectionCreditMax, connectionCreditInitial) }

  /// Milliseconds that a call has which asks for so many, 0: for the longest.
  public func timeoutMs(asked: UInt32) -> UInt32 {
    asked == 0 ? timeoutMaxMs : min(asked, timeoutMaxMs)
  }

  /// Milliseconds of silence that both sides keep to where the client asks for so many, 0: for what
  /// the server likes.
  public func keepaliveMs(asked: UInt32) -> Int64 {
    let bounds = keepaliveBoundsMs
    return asked == 0
      ? keepaliveMs : min(max(Int64(asked), bounds.lowerBound), bounds.upperBound)
  }
}
