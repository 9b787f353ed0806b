/// A calendar day in the registry's time zone, by the proleptic Gregorian calendar.
///
/// On the wire and on disk a day is its number, YYYYMMDD: 20241204 sorts and reads as what it is.
public struct Day: Hashable, Comparable, Sendable {
  /// YYYYMMDD, from 10000101 to 99991231.
  public let number: UInt32

  /// Nil when there is no such day.
  public init?(yyyymmdd number: UInt32) {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
    guard (1000...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Day.length(ofMonth: month, year: year)
    else { return nil }
    self.number = number
  }

  public init?(year: Int, month: Int, day: Int) {
    guard (1000...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    self.init(yyyymmdd: UInt32(clamping: year * 10_000 + month * 100 + day))
  }

  /// Reads YYYY-MM-DD and nothing else.
  public init?(_ text: some StringProtocol) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D else { return nil }
    var number: UInt32 = 0
    for (at, byte) in digits.enumerated() where at != 4 && at != 7 {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + UInt32(byte - 0x30)
    }
    self.init(yyyymmdd: number)
  }

  private init(known number: UInt32) { self.number = number }

  public static let distantPast = Day(known: 1000_01_01)
  public static let distantFuture = Day(known: 9999_12_31)

  public var year: Int { Int(number / 10_000) }
  public var month: Int { Int(number / 100 % 100) }
  public var day: Int { Int(number % 100) }

  /// YYYY-MM-DD.
  public var text: String {
    func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
    return "\(year)-\(two(month))-\(two(day))"
  }

  public static func < (a: Day, b: Day) -> Bool { a.number < b.number }

  /// Days since 1970-01-01. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  public var ordinal: Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The day so many days after 1970-01-01; nil outside the years 1000 to 9999.
  public init?(ordinal: Int) {
    // Far from where arithmetic would end.
    guard (-400_000...3_000_000).contains(ordinal) else { return nil }
    let z = ordinal + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// The day so many days later; the last or first day there is when that lies outside.
  public func adding(days: Int) -> Day {
    Day(ordinal: ordinal.saturatingAdding(days)) ?? (days > 0 ? .distantFuture : .distantPast)
  }

  /// The same day of the month so many months later, or that month's last day where there is no
  /// such day.
  public func adding(months: Int) -> Day {
    let count = (year * 12 + month - 1).saturatingAdding(months)
    let (year, month) = (count / 12, count % 12 + 1)
    guard (1000...9999).contains(year) else {
      return months > 0 ? .distantFuture : .distantPast
    }
    let last = Day.length(ofMonth: UInt32(clamping: month), year: UInt32(clamping: year))
    return Day(year: year, month: month, day: min(day, Int(last))) ?? .distantFuture
  }

  private static func length(ofMonth month: UInt32, year: UInt32) -> UInt32 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
