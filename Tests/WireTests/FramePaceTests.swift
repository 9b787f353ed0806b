import Testing
import Wire

/// A frame that was begun: at least 1 KiB in each 10 s, whole within 10 minutes.
struct FramePaceTests {
  /// Seconds after the frame was begun, bytes that have come by then, and what is said.
  typealias EventSummary = (seconds: Double, bytes: UInt64, says: FramePace.Late?)

  static let lines: [(name: String, looks: [EventSummary])] = [
    ("nothing came of it", [(5, 0, nil), (9.999, 0, nil), (10, 0, .stalled)]),
    ("a byte short of 1 KiB", [(9, 1_023, nil), (10, 1_023, .stalled)]),
    (
      "1 KiB at the last moment",
      [(9.999, 1_024, nil), (19.998, 1_024, nil), (19.999, 1_024, .stalled)]
    ),
    (
      "much at first, then nothing",
      [(1, 100_000, nil), (10.9, 100_000, nil), (11, 100_000, .stalled)]
    ),
    (
      "1 KiB in each 10 s, for ten minutes",
      (1...59).map { (Double($0) * 10, UInt64($0) * 1_024, nil) } + [(600, 61_440, .tooLong)]
    ),
    (
      "fast, for ten minutes",
      [(300, 1 << 30, nil), (599.999, 2 << 30, nil), (600, 3 << 30, .tooLong)]
    ),
    (
      "256 KiB at 64 kbit/s, which is 33 s",
      (1...32).map { (Double($0), UInt64($0) * 8_000, nil) }
    ),
    (
      "a TLS record of 16 KiB at 9.6 kbit/s, which is 14 s",
      (1...13).map { (Double($0), UInt64($0) * 1_200, nil) }
    ),
  ]

  @Test(arguments: lines.indices) func `A line may be slow, but not stand still`(row: Int) {
    let (name, looks) = Self.lines[row]
    let begun: Int64 = 123_456
    var pace = FramePace(atMs: begun, received: 77)
    for look in looks {
      let says = pace.look(
        atMs: begun + Int64(look.seconds * 1_000), received: 77 + look.bytes, limits: Limits())
      #expect(says == look.says, "\(name), at \(look.seconds) s")
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `Who sends 1 KiB in each 10 s is never late, whenever it is looked at`(seed: UInt64) {
    var random = Seeded(seed)
    var pace = FramePace(atMs: 0, received: 0)
    // Parts of at least 1 KiB, never more than 10 s apart.
    var parts: [(ms: Int64, bytes: UInt64)] = []
    var (ms, bytes): (Int64, UInt64) = (0, 0)
    while ms < 590_000 {
      ms += .random(in: 1...9_999, using: &random)
      bytes += .random(in: 1_024...20_000, using: &random)
      parts.append((ms, bytes))
    }
    var at: Int64 = 0
    while at < 590_000 {
      at += .random(in: 1...7_000, using: &random)
      let received = parts.last { $0.ms <= at }?.bytes ?? 0
      let late = pace.look(atMs: at, received: received, limits: Limits())
      #expect(late == nil || at >= 600_000, "seed \(seed), at \(at) ms")
    }
    // Then nothing: found at the first look that is 10 s after the last that saw something.
    let end = pace.look(atMs: at + 10_000, received: bytes + 1_023, limits: Limits())
    #expect(end != nil, "seed \(seed)")
  }

  @Test func `What a frame is ended for is said with its numbers`() {
    let limits = Limits()
    #expect(FramePace.Late.stalled.sentence(limits).contains("less than 1024 bytes"))
    #expect(FramePace.Late.stalled.sentence(limits).contains("10000 ms"))
    #expect(FramePace.Late.tooLong.sentence(limits).contains("600000 ms"))
  }
}
