/// Inputs that follow from a seed and a corpus, and from nothing else.
public struct Mutator {
  private let corpus: [[UInt8]]
  private var random: SplitMix

  public init(corpus: [[UInt8]], seed: UInt64) {
    self.corpus = corpus.isEmpty ? [[]] : corpus
    random = SplitMix(state: seed)
  }

  /// An input of the corpus, changed in one to eight places.
  public mutating func next() -> [UInt8] {
    var bytes = corpus.randomElement(using: &random)!
    for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&bytes) }
    return Array(bytes.prefix(FuzzTarget.lengthMax))
  }

  /// Values at which lengths, counts and texts turn.
  private static let turns: [UInt8] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x12, 0x1A, 0x22, 0x2C, 0x5B, 0x5C, 0x7B, 0x7D, 0xC0, 0xED,
  ]

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let at = Int.random(in: 0...bytes.count, using: &random)
    let isInside = at < bytes.count
    switch Int.random(in: 0..<8, using: &random) {
    case 0 where isInside: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where isInside: bytes[at] = Self.turns.randomElement(using: &random)!
    case 2 where isInside: bytes[at] = bytes[at] &+ (Bool.random(using: &random) ? 1 : 255)
    case 3: bytes.insert(Self.turns.randomElement(using: &random)!, at: at)
    case 4 where isInside: bytes.removeSubrange(range(of: bytes, from: at))
    case 5 where isInside:
      let again = bytes[range(of: bytes, from: at)]
      bytes.insert(contentsOf: again, at: Int.random(in: 0...bytes.count, using: &random))
    case 6:
      let other = corpus.randomElement(using: &random)!
      guard !other.isEmpty else { return }
      let start = Int.random(in: 0..<other.count, using: &random)
      bytes.insert(contentsOf: other[range(of: other, from: start)], at: at)
    case 7: bytes.removeSubrange(at...)
    default: bytes.append(UInt8.random(in: 0...255, using: &random))
    }
  }

  private mutating func range(of bytes: [UInt8], from at: Int) -> Range<Int> {
    at..<min(bytes.count, at + Int.random(in: 1...32, using: &random))
  }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
