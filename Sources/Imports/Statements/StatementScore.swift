import JSON

/// What a statement says of a score.
///
/// `raw` between `min` and `max` decides where it is there: `scaled` may be from −1 to 1 (xAPI
/// 1.0.3, 4.1.5.1), and Moodle's log store has written it so since 4.8.0, so that 75 of 100 comes
/// with a scaled 0.5. A score that cannot be costs itself alone, never what the statement says
/// besides.
package struct StatementScore: Hashable, Sendable {
  /// Of the best that there is: also below 0 and above 1, as it was said; nil: not said.
  package private(set) var measured: Double?
  /// What is odd about it, in a sentence.
  package private(set) var doubt: String?

  init() {}

  init(_ json: JSONText?) {
    guard let json else { return }
    let (raw, scaled) = (Self.number(json["raw"]), Self.number(json["scaled"]))
    // Where max is no more than min, nothing could be reached: H5P says so of what has no points.
    if let raw, let max = Self.number(json["max"]) {
      let min = Self.number(json["min"]) ?? 0
      if max > min { measured = (raw - min) / (max - min) }
    }
    if let measured, let scaled, !Self.agree(scaled, measured),
      !Self.agree(scaled, 2 * measured - 1)
    {
      doubt = "Its scaled score is \(scaled), and raw gives \(measured) of 1: raw was taken."
    }
    measured = measured ?? scaled
    judge()
  }

  private mutating func judge() {
    guard let measured, hundredths == nil else { return }
    doubt = "The score lies outside of what it may be (\(measured) of 1): it was left out."
  }

  /// Hundredths of a per cent; nil: not said, or outside of what may be.
  package var hundredths: UInt32? {
    guard let measured else { return nil }
    let value = (measured * 10_000).rounded()
    // fits: from 0 to 10,000
    return (0...10_000).contains(value) ? UInt32(value) : nil
  }

  /// Whether it is at least a mark, in hundredths of a per cent; nil: not said.
  func reaches(_ mark: UInt32) -> Bool? {
    measured.map { ($0 * 10_000).rounded() >= Double(mark) }
  }

  static func number(_ json: JSONText?) -> Double? {
    guard case .number(let text)? = json, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  private static func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 0.005_1 }
}
