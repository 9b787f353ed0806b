/// A streamed answer, from the query that computes it to the connection that sends it.
///
/// Whoever sends asks for one step after the other, and only while the peer takes what was sent: so
/// a stream holds at most one message that is not sent, and nothing is computed for who does not
/// read. One thread at a time asks.
public protocol ResponseStream: AnyObject, Sendable {
  /// What the next step weighs.
  var cost: QueryCost { get }
  /// Works until there is a message or the slice is over; each call makes progress.
  ///
  /// - Throws: why the stream ends before its end.
  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep
  /// Calls back, from any thread, once there may be more than at the last `idle`; before this
  /// returns, where there is already. Not after `close`.
  func whenReady(_ wake: @escaping @Sendable () -> Void)
  /// Nobody asks for more, whether the stream ended or was left: frees what was gathered. Called
  /// while no step is under way.
  func close()
}

public enum StreamStep: Sendable {
  /// A message; more may follow.
  case message([UInt8])
  /// The slice was over before there was a message: ask again.
  case working
  /// Nothing now: `whenReady` says when to ask again.
  case idle
  /// Nothing more after this message, if there is one.
  case end([UInt8]?)
}

public enum QueryCost: Sendable {
  /// Its messages come from indexes or from what stands ready.
  case light
  /// It looks at every subject there is.
  case heavy
}

/// How long a stream works, and how much it gives, before it makes way for others.
public struct TimeSlice: Sendable {
  /// Milliseconds. A snapshot lives as long as a slice and the row at its end: far below the 100 ms
  /// after which the file would grow, far above what a snapshot costs.
  public static let standardMs = 10
  /// Of a stream's first slice: who asks sees a first message soon, if a short one.
  public static let firstMs = 4
  /// Bytes of a message beyond which no line is added; a frame's header fits into 256 KiB beside
  /// it.
  public static let bytesMax = 240 << 10

  private let until: ContinuousClock.Instant
  /// Bytes of the message beyond which no line is added. A message of one line may be longer.
  public let bytesMax: Int

  /// - Parameter ms: 0: over at once, so that each step makes as little progress as there is.
  public init(ms: Int = TimeSlice.standardMs, bytesMax: Int = TimeSlice.bytesMax) {
    until = ContinuousClock.now + .milliseconds(ms)
    self.bytesMax = bytesMax
  }

  public var isOver: Bool { ContinuousClock.now >= until }

  /// A slice that never ends, for those who wait for the whole.
  public static let endless = TimeSlice(ms: 1 << 40)
}
