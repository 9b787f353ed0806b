import Registry

/// Which of the two comes first where a day is written as 03/04/2024.
package enum DayOrder: String, CaseIterable, Sendable {
  case dayFirst = "day-first"
  case monthFirst = "month-first"
}

/// Days as spreadsheets have them.
package enum SheetDay {
  /// What a cell says of a day.
  enum Reading: Hashable {
    case day(Day)
    /// As with the day first, and as with the month first; nil where there is no such day.
    case numbers(dayFirst: Day?, monthFirst: Day?)
  }

  /// Reads 2022-06-30, 2022/6/30, 30/06/2022 (also with hyphens and full stops, and with the month
  /// first where the file has it so), 30 June 2022 and the like in English, French and Swahili, each
  /// also under a weekday and before a time.
  package static func parse(
    _ text: String, _ order: DayOrder = .dayFirst
  ) throws(Rejection) -> Day {
    switch try read(text) {
    case .day(let day): return day
    case .numbers(let dayFirst, let monthFirst):
      if let day = order == .dayFirst ? dayFirst : monthFirst { return day }
      let isOther = (order == .dayFirst ? monthFirst : dayFirst) != nil
      throw Rejection(
        .malformed,
        !isOther
          ? "\"\(text)\" is no day that exists."
          : order == .dayFirst
            ? "\"\(text)\" has the month before the day: write the day first, or 2022-06-30."
            : "\"\(text)\" has the day before the month, and the file is read month first: write "
              + "2022-06-30.")
    }
  }

  static func read(_ text: String) throws(Rejection) -> Reading {
    if let day = Day(text) { return .day(day) }
    guard text.utf8.count <= 64 else { throw noDay(String(text.prefix(40)) + "…") }
    let bare = try withoutTime(text)
    if let day = Day(bare) { return .day(day) }
    let parts = bare.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    let numbers = parts.map { Int($0) }
    if parts.count == 1, let number = numbers[0] {
      return .day(try compact(parts[0], number, text))
    }
    guard parts.count == 3 else { throw noDay(text) }
    let isNumeric = bare.allSatisfy { $0.isNumber || "/-.".contains($0) }
    if isNumeric, let a = numbers[0], let b = numbers[1], let c = numbers[2] {
      if parts[0].count == 4 { return .day(try exists(Day(year: a, month: b, day: c), text)) }
      guard parts[2].count == 4 else { throw shortYear(text) }
      let (first, second) = (Day(year: c, month: b, day: a), Day(year: c, month: a, day: b))
      guard first != nil || second != nil else { throw noSuchDay(text) }
      if let first, first == second { return .day(first) }
      return .numbers(dayFirst: first, monthFirst: second)
    }
    // 30 June 2024, June 30 2024.
    let (inner, year) = month(parts[1]) != nil ? (parts[0], parts[2]) : (parts[1], parts[2])
    guard let month = month(parts[1]) ?? month(parts[0]), let day = ordinal(inner),
      let yearNumber = Int(year)
    else { throw noDay(text) }
    guard year.count == 4 else { throw shortYear(text) }
    return .day(try exists(Day(year: yearNumber, month: month, day: day), text))
  }

  /// 20240630; any other number is how a spreadsheet counts days.
  private static func compact(
    _ digits: String, _ number: Int, _ text: String
  ) throws(Rejection) -> Day {
    guard digits.count != 5 else {
      throw Rejection(
        .malformed,
        "\"\(text)\" is how a spreadsheet counts days: format the column as dates, or write "
          + "2022-06-30.")
    }
    guard digits.count == 8 else { throw noDay(text) }
    return try exists(
      Day(year: number / 10_000, month: number / 100 % 100, day: number % 100), text)
  }

  private static func exists(_ day: Day?, _ text: String) throws(Rejection) -> Day {
    guard let day else { throw noSuchDay(text) }
    return day
  }

  private static func noDay(_ text: String) -> Rejection {
    Rejection(.malformed, "\"\(text)\" is no day: write 2022-06-30 or 30/06/2022.")
  }

  private static func noSuchDay(_ text: String) -> Rejection {
    Rejection(.malformed, "\"\(text)\" is no day that exists.")
  }

  private static func shortYear(_ text: String) -> Rejection {
    Rejection(
      .malformed, "\"\(text)\" has no year of four digits: write 2022-06-30 or 30/06/2022.")
  }

  /// Without a weekday before it and a time after it.
  private static func withoutTime(_ text: String) throws(Rejection) -> String {
    var rest = Substring(text)
    if let name = rest.firstMatch(of: /^\p{L}+\.?,?\s+/),
      weekdays.contains(String(name.output.filter(\.isLetter)).plainLetters)
    {
      rest = rest[name.range.upperBound...]
    }
    guard
      let time = rest.firstMatch(
        of:
          /[T,\s]\s*(?:at |à |saa )?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?$/
      )
    else { return String(rest).trimmed }
    // Midnight in Greenwich is another day's hour elsewhere.
    if let zone = time.output.1, !zone.hasPrefix("+"), !zone.hasPrefix("-") {
      throw Rejection(
        .malformed,
        "\"\(text)\" is a time of Greenwich, whose day may be another here: write the day alone.")
    }
    return String(rest[..<time.range.lowerBound]).trimmed
  }

  private static func ordinal(_ text: String) -> Int? {
    for ending in ["st", "nd", "rd", "th", "er", "re"] where text.lowercased().hasSuffix(ending) {
      return Int(text.dropLast(2))
    }
    return Int(text)
  }

  /// By their names in English, French and Swahili, whole or short.
  private static func month(_ word: String) -> Int? {
    guard word.contains(where: \.isLetter) else { return nil }
    let name = word.plainLetters
    return months.firstIndex { $0.contains(name) }.map { $0 + 1 }
  }

  private static let months: [Set<String>] = [
    ["january", "jan", "janvier", "janv", "januari"],
    ["february", "feb", "fevrier", "fevr", "fev", "februari"],
    ["march", "mar", "mars", "machi", "mac"],
    ["april", "apr", "avril", "avr", "aprili"],
    ["may", "mai", "mei"],
    ["june", "jun", "juin", "juni"],
    ["july", "jul", "juillet", "juil", "julai"],
    ["august", "aug", "aout", "agosti", "ago"],
    ["september", "sept", "sep", "septembre", "septemba"],
    ["october", "oct", "octobre", "oktoba", "okt"],
    ["november", "nov", "novembre", "novemba"],
    ["december", "dec", "decembre", "desemba", "des"],
  ]

  private static let weekdays: Set<String> = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue",
    "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "lundi", "mardi", "mercredi",
    "jeudi", "vendredi", "samedi", "dimanche", "jumatatu", "jumanne", "jumatano", "alhamisi",
    "ijumaa", "jumamosi", "jumapili",
  ]
}
