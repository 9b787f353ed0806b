/// What a step of a stream gives.
package enum StreamStep: Sendable {
  /// A message; more may follow.
  case message([UInt8])
  /// The slice was over before there was a message: ask again.
  case working
  /// Nothing now: `whenReady` says when to ask again.
  case idle
  /// Nothing more after this message, if there is one.
  case end([UInt8]?)
}

package enum QueryCost: Sendable {
  /// Its messages come from indexes or from what stands ready.
  case light
  /// It looks at every subject there is.
  case heavy
}

/// How long a stream works, and how much it gives, before it makes way for others.
package struct TimeSlice: Sendable {
  /// Milliseconds. A snapshot lives as long as a slice and the row at its end: far below the 100 ms
  /// after which the file would grow, far above what a snapshot costs.
  package static let standardMs = 10
  /// Of a stream's first slice: who asks sees a first message soon, if a short one.
  package static let firstMs = 4
  /// Bytes of a message beyond which no line is added; a frame's header fits into 256 KiB beside
  /// it.
  package static let bytesMax = 240 << 10

  private let until: ContinuousClock.Instant
  /// Bytes of the message beyond which no line is added. A message of one line may be longer.
  package let bytesMax: Int

  /// - Parameter ms: 0: over at once, so that each step makes as little progress as there is.
  package init(ms: Int = TimeSlice.standardMs, bytesMax: Int = TimeSlice.bytesMax) {
    until = ContinuousClock.now + .milliseconds(ms)
    self.bytesMax = bytesMax
  }

  package var isOver: Bool { ContinuousClock.now >= until }

  /// A slice that never ends, for those who wait for the whole.
  package static let endless = TimeSlice(ms: 1 << 40)
}
