import Registry

/// Instants and durations as statements spell them (RFC 3339, ISO 8601).
package enum Instant {
  /// Seconds since 1970-01-01T00:00:00Z; nil unless the text has a day, a time and an offset.
  ///
  /// An instant without an offset falls on a day that nobody can tell at the border of days.
  package static func seconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == 0x20,
      let day = Day(text.prefix(10)), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), let hour = two(bytes, 11, max: 23),
      let minute = two(bytes, 14, max: 59), let second = two(bytes, 17, max: 60)
    else { return nil }
    var at = 19
    if bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") {
      at += 1
      let from = at
      while at < bytes.count, isDigit(bytes[at]) { at += 1 }
      guard at > from else { return nil }
    }
    guard let offset = offset(bytes[at...]) else { return nil }
    return Int64(day.ordinal) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
  }

  /// The digits of a fraction of a second, without zeros at their end.
  static func fraction(_ text: String) -> Substring {
    var digits = text.utf8.dropFirst(20).prefix { isDigit($0) }
    let isFraction = text.utf8.dropFirst(19).first.map { ".,".utf8.contains($0) } ?? false
    while digits.last == UInt8(ascii: "0") { digits = digits.dropLast() }
    return isFraction ? Substring(digits) : ""
  }

  /// Seconds east of Greenwich, of `Z`, `+03:00`, `+0300` or `+03`.
  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    let rest = Array(bytes)
    guard let sign = rest.first else { return nil }
    if sign | 0x20 == UInt8(ascii: "z") { return rest.count == 1 ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
    var digits = Array(rest.dropFirst())
    if digits.count == 5, digits[2] == UInt8(ascii: ":") { digits.remove(at: 2) }
    guard digits.count == 2 || digits.count == 4, let hours = two(digits, 0, max: 18) else {
      return nil
    }
    var seconds = hours * 3600
    if digits.count == 4 {
      guard let minutes = two(digits, 2, max: 59) else { return nil }
      seconds += minutes * 60
    }
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func two(_ bytes: [UInt8], _ at: Int, max: Int) -> Int? {
    guard at + 1 < bytes.count, isDigit(bytes[at]), isDigit(bytes[at + 1]) else { return nil }
    let value = Int(bytes[at] - 48) * 10 + Int(bytes[at + 1] - 48)
    return value <= max ? value : nil
  }

  /// Seconds of a duration of ISO 8601, such as `PT1H30M` or `P0Y0M1DT2.5S`; nil for others, and
  /// for months and years, which have no length unless there are none of them.
  ///
  /// The parts come in their order, each at most once.
  package static func duration(_ text: String) -> Double? {
    var rest = Substring(text)
    guard rest.popFirst() == "P" else { return nil }
    var (seconds, number, inTime, any) = (0.0, "", false, false)
    var units = dateUnits[...]
    for character in rest {
      switch character {
      case "T" where !inTime && number.isEmpty: (inTime, any, units) = (true, false, timeUnits[...])
      case "0"..."9", ".", ",": number.append(character == "," ? "." : character)
      case "Y", "W", "D", "H", "M", "S":
        guard let at = units.firstIndex(where: { $0.letter == character }),
          number.first != ".", number.last != ".", let count = Double(number)
        else { return nil }
        guard let length = units[at].seconds ?? (count == 0 ? 0 : nil) else { return nil }
        seconds += count * length
        units = units[(at + 1)...]
        (number, any) = ("", true)
      default: return nil
      }
    }
    return any && number.isEmpty && seconds.isFinite ? seconds : nil
  }

  private static let dateUnits: [(letter: Character, seconds: Double?)] = [
    ("Y", nil), ("M", nil), ("W", 604_800), ("D", 86_400),
  ]
  private static let timeUnits: [(letter: Character, seconds: Double?)] = [
    ("H", 3600), ("M", 60), ("S", 1),
  ]
}
