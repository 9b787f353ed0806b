import Registry

/// What a sheet says as a whole, before anything of it is recorded.
///
/// A row by itself cannot tell whether 03/04/2024 is of March or of April; the rows beside it can.
/// Nor can it tell that two heads are exchanged. Of each column a few counts are kept, and one
/// example of what is wrong, so that memory does not grow with the file.
package struct SheetJudgement {
  /// Fewer rows are not judged by their share: each says for itself what is wrong with it.
  package static let rowsMin = 20

  private let kind: SheetKind
  private let reader: SheetReader
  private var rows = 0
  private var refused = 0
  private var reasons: [String: (count: Int, line: Int, sentence: String)] = [:]
  private var columns: [Column]
  private var order = OrderEvidence()
  /// Rows whose last day is before their first.
  private var backwards = (count: 0, line: 0)
  private var placeholders: [String: (count: Int, line: Int, text: String)] = [:]
  private var fractions = (count: 0, line: 0)
  private var scoresAboveOne = 0

  /// Rows from which the columns' kinds are told.
  private static let sampledMax = 5000
  /// Rows by which columns are compared with what others hold.
  fileprivate static let comparedMax = 200

  /// What the cells of one place look like.
  fileprivate struct Column {
    var name: String
    var filled = 0
    var fits: [Shape: Int] = [:]
    var example = (line: 0, text: "")
  }

  fileprivate enum Shape: CaseIterable {
    case day, score, result, number, name

    func fits(_ text: String) -> Bool {
      switch self {
      case .day: (try? SheetDay.read(text)) != nil
      case .score:
        Double(text.replacing("%", with: "").replacing(",", with: ".").trimmed)
          .map { (0...100).contains($0) } ?? false
      case .result: (try? TrainingOutcome(text)) != nil
      case .number: text.contains(where: \.isNumber)
      case .name: text.contains(where: \.isLetter)
      }
    }

    /// What a column of ours must look like; nil: anything.
    init?(_ column: String) {
      switch column {
      case "personnel_no", "national_id": self = .number
      case "name": self = .name
      case "result": self = .result
      case "score": self = .score
      case "completed_on", "valid_until", "valid_from", "posted_on", "separated_on", "awarded_on",
        "revoked_on":
        self = .day
      default: return nil
      }
    }

    var what: String {
      switch self {
      case .day: "days"
      case .score: "scores"
      case .result: "results"
      case .number: "numbers"
      case .name: "names"
      }
    }
  }

  /// How days are written whose month may come first.
  private struct OrderEvidence {
    /// The first cell that can only be so, and how many there are.
    var certain: [DayOrder: (count: Int, line: Int, text: String)] = [:]
    var either = (count: 0, line: 0, text: "")

    mutating func note(_ text: String, _ line: Int) {
      guard case .numbers(let dayFirst, let monthFirst)? = try? SheetDay.read(text) else { return }
      switch (dayFirst, monthFirst) {
      case (.some, .some):
        either = either.count == 0 ? (1, line, text) : (either.count + 1, either.line, either.text)
      case (.some, nil): certain[.dayFirst, default: (0, line, text)].count += 1
      case (nil, .some): certain[.monthFirst, default: (0, line, text)].count += 1
      case (nil, nil): break
      }
    }
  }

  package init(_ kind: SheetKind, _ reader: SheetReader) {
    (self.kind, self.reader) = (kind, reader)
    columns = reader.header.names.map { Column(name: $0) }
  }

  /// Looks at a row, as it was read with the day first.
  package mutating func note(_ row: SheetRow) {
    rows += 1
    for column in kind.dayColumns {
      if let text = row[column], Day(text) == nil { order.note(text, row.line) }
    }
    for (column, _) in kind.columns {
      guard let text = row.placeholder(column) else { continue }
      placeholders[column, default: (0, row.line, text)].count += 1
    }
    if rows <= Self.sampledMax { sample(row) }
    // Whatever the order is, each of these says something else than that the row is wrong.
    var either = row
    var problem = kind.problem(of: row)
    if problem != nil {
      either.order = row.order == .dayFirst ? .monthFirst : .dayFirst
      if kind.problem(of: either) == nil { problem = nil }
    }
    if let problem {
      refused += 1
      let key = problem.field ?? "row"
      reasons[key, default: (0, row.line, problem.sentence)].count += 1
    }
    noteDays(row)
    noteScore(row)
  }

  private mutating func noteDays(_ row: SheetRow) {
    let (first, last) =
      switch kind {
      case .completions: ("completed_on", "valid_until")
      case .officers: ("posted_on", "separated_on")
      case .credentials: ("awarded_on", "valid_until")
      }
    guard let begins = row[first].flatMap({ Day($0) }), let ends = row[last].flatMap({ Day($0) }),
      ends < begins
    else { return }
    if backwards.count == 0 { backwards.line = row.line }
    backwards.count += 1
  }

  private mutating func noteScore(_ row: SheetRow) {
    guard kind == .completions, let score = try? row.score("score") else { return }
    if score > 100 {
      scoresAboveOne += 1
    } else if score > 0, score % 100 != 0 {
      if fractions.count == 0 { fractions.line = row.line }
      fractions.count += 1
    }
  }

  private mutating func sample(_ row: SheetRow) {
    for (at, cell) in row.cells.prefix(columns.count).enumerated() {
      let text = CellText.plain(cell, in: columns[at].name)
      guard !text.isEmpty, text.utf8.count <= 200,
        !CellText.isPlaceholder(text, in: columns[at].name)
      else { continue }
      columns[at].filled += 1
      let own = Shape(columns[at].name)
      // Others are asked only while few rows were seen: what a column is shows soon.
      for shape in Shape.allCases where shape == own || rows <= Self.comparedMax {
        if shape.fits(text) {
          columns[at].fits[shape, default: 0] += 1
        } else if shape == own, columns[at].example.line == 0 {
          columns[at].example = (row.line, text)
        }
      }
    }
  }

  // MARK: the verdict

  /// Which of day and month comes first: as it was said, or as the file shows.
  ///
  /// - Throws: `FileFormatFailure` where the file contradicts itself or what was said, or where
  ///   nothing in it decides.
  package func order(said: DayOrder?) throws(FileFormatFailure) -> DayOrder {
    let (day, month) = (order.certain[.dayFirst], order.certain[.monthFirst])
    func shown(_ seen: (count: Int, line: Int, text: String)) -> String {
      "\"\(seen.text)\" on line \(seen.line)"
    }
    if let said {
      // A single slip is a row's own mistake; more of it says that the word was wrong.
      let (own, other) = said == .dayFirst ? (day, month) : (month, day)
      if let other, other.count > (own?.count ?? 0) {
        throw FileFormatFailure(
          "\(shown(other)) cannot be read \(said.rawValue), nor can \(other.count - 1) others: "
            + "nothing was recorded. Leave --days out, or say the other.")
      }
      return said
    }
    if let day, let month {
      // Where none could be either, a row that was written otherwise is a mistake of its own.
      if order.either.count == 0 { return month.count > day.count ? .monthFirst : .dayFirst }
      throw FileFormatFailure(
        "\(shown(day)) can only have the day first, and \(shown(month)) only the month: the file "
          + "writes days in two ways, and \(order.either.count) could be either. Nothing was "
          + "recorded. Write all days as 2022-06-30, or say --days day-first or --days "
          + "month-first, and the rows that cannot be so are rejected by themselves.")
    }
    if month != nil { return .monthFirst }
    if day == nil, order.either.count > 0 {
      throw FileFormatFailure(
        "Nothing in the file tells whether \(shown(order.either)) has the day or the month first"
          + (order.either.count > 1 ? ", nor \(order.either.count - 1) others" : "")
          + ": nothing was recorded. Say --days day-first or --days month-first.")
    }
    return .dayFirst
  }

  /// What a person should be told of how the file was read.
  package func notes(_ decided: DayOrder, said: DayOrder?) -> [String] {
    var notes: [String] = []
    if said == nil, decided == .monthFirst, let seen = order.certain[.monthFirst] {
      notes.append(
        "days are read with the month first, as \"\(seen.text)\" on line \(seen.line) shows"
          + (order.either.count > 0 ? "; \(order.either.count) could be read either way" : ""))
    }
    for (column, _) in kind.columns {
      guard let seen = placeholders[column] else { continue }
      notes.append(
        "\(seen.count) of the cells of \(column) say \"\(seen.text)\" or the like, on line "
          + "\(seen.line) first: they are read as empty")
    }
    return notes
  }

  /// - Throws: `FileFormatFailure` where the sheet as a whole says that it would be misread.
  package func check() throws(FileFormatFailure) {
    let way = "Nothing was recorded. To have it recorded row by row all the same, say --anyway."
    if let odd = exchanged { throw FileFormatFailure("\(odd) \(way)") }
    if rows >= Self.rowsMin, refused * 2 > rows {
      // sure: something was refused
      let (column, common) = reasons.max { $0.value.count < $1.value.count }!
      throw FileFormatFailure(
        "\(refused) of \(rows) rows would be refused, \(common.count) of them for the "
          + (column == "row" ? "same reason" : "column \(column)")
          + " (line \(common.line): \(common.sentence)). \(way)")
    }
    if rows >= Self.rowsMin, backwards.count * 2 > rows {
      throw FileFormatFailure(
        "In \(backwards.count) of \(rows) rows the last day is before the first (line "
          + "\(backwards.line)): are two columns of days exchanged? \(way)")
    }
    if fractions.count >= 5, scoresAboveOne == 0 {
      throw FileFormatFailure(
        "No score is above 1, and \(fractions.count) are fractions (line \(fractions.line)): a score "
          + "is from 0 to 100, so that 0.85 would be less than one of a hundred. Multiply them by "
          + "100. \(way)")
    }
  }

  /// A column of ours most of whose cells are not what it holds, and the one that looks like it.
  private var exchanged: String? {
    for column in columns where column.isMistaken {
      guard let shape = Shape(column.name),
        let like = columns.first(where: { $0.looksLike(shape) })
      else { continue }
      let other =
        like.name.isEmpty ? "a column without a head" : reader.header.spelling(of: like.name)
      return
        "Most cells of the column \(reader.header.spelling(of: column.name)) are no \(shape.what) "
        + "(line \(column.example.line): \"\(column.example.text)\"), and those of \(other) look like "
        + "some: is the head mistaken? Mend it, or say --map 'HEAD=\(column.name)'."
    }
    return nil
  }
}

extension SheetJudgement.Column {
  /// Whether most of its cells are not what a column of that name holds.
  fileprivate var isMistaken: Bool {
    guard let shape = SheetJudgement.Shape(name), filled >= SheetJudgement.rowsMin else {
      return false
    }
    return (fits[shape] ?? 0) * 2 < filled
  }

  /// Whether it may be the column that another one's head should name. Most text has letters, and
  /// much has digits: of those only what is mistaken itself.
  fileprivate func looksLike(_ shape: SheetJudgement.Shape) -> Bool {
    guard filled >= SheetJudgement.rowsMin,
      (fits[shape] ?? 0) * 10 >= min(filled, SheetJudgement.comparedMax) * 9
    else { return false }
    switch shape {
    case .name, .number: return isMistaken
    case .day, .score, .result: return isMistaken || SheetJudgement.Shape(name) == nil
    }
  }
}
