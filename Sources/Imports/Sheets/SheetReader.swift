import Registry

/// How a sheet is to be read, where it does not tell itself.
package struct SheetReading: Sendable {
  /// By the head as the file has it, the column that it is.
  package private(set) var map: [String: String] = [:]
  package var order = DayOrder.dayFirst

  package init() {}

  /// Says what a head is, once more.
  package mutating func add(head: String, column: String) { map[Self.key(head)] = column }

  /// How heads compare.
  package static func key(_ head: String) -> String { ColumnNames.folded(head) }
}

/// A CSV file under a head line, a row at a time.
package struct SheetReader {
  package private(set) var header: SheetHeader
  package let delimiter: Character
  /// What the lines before the head say, each begun with #.
  package let remarks: [String]
  private let reading: SheetReading
  private var csv: CSVReader
  private var notes: [String] = []
  /// Rows that were looked at in search of the head, from the one after it on.
  private var ahead: ArraySlice<CSVRow> = []
  /// The line under a title that looks like the head, where the first was taken; and what it lacks.
  private var nearHead: (line: Int, missing: [String])?
  private let isOfPeople: Bool

  /// What the file of rejected rows adds; ignored when it is sent again.
  package static let reasonColumn = "rejected_because"
  /// Rows among which the head is looked for.
  private static let titleRowsMax = 20

  /// - Parameter kinds: what the sheet may be: a head of these is found also under a title, and
  ///   behind a #. None: the first line is the head.
  /// - Throws: `FileFormatFailure` when there is no head line.
  package init(
    _ source: TextDecoder, for kinds: [SheetKind] = [], _ reading: SheetReading = SheetReading()
  ) throws {
    isOfPeople = !kinds.isEmpty
    self.reading = reading
    func missing(_ cells: [String]) -> [String] {
      kinds.map { kind in
        kind.missing(
          in: ColumnNames.resolved(cells, for: kind.columns.map(\.name), map: reading.map))
      }.min { $0.count < $1.count } ?? []
    }
    var csv = CSVReader(source) { line in
      let cells = line.dropFirst().split(omittingEmptySubsequences: false) { ",;\t".contains($0) }
      return !kinds.isEmpty && missing(cells.map { $0.filter { $0 != "\"" } }).isEmpty
    }
    guard let first = try csv.next() else { throw FileFormatFailure("The file is empty.") }
    var head = first
    if !kinds.isEmpty, first.problem != nil || !missing(first.cells).isEmpty {
      var rows = [first]
      var found: Int?
      while found == nil, rows.count < Self.titleRowsMax, let row = try csv.next() {
        rows.append(row)
        if row.problem == nil, missing(row.cells).isEmpty { found = rows.count - 1 }
      }
      if let found {
        head = rows[found]
        notes.append(
          "the head is on line \(head.line): what stands above it was left out "
            + "(\"\(first.cells.joined(separator: " ").trimmed.prefix(60))\")")
      } else {
        ahead = rows.dropFirst()
        let least = missing(first.cells).count
        let near = rows.dropFirst().map { ($0.line, missing($0.cells)) }
          .min { $0.1.count < $1.1.count }
        if let near, near.1.count < least { nearHead = (near.0, near.1) }
      }
    }
    if let problem = head.problem { throw FileFormatFailure(problem.sentence) }
    header = try SheetHeader(head.cells, isOfPeople: isOfPeople)
    delimiter = csv.delimiter
    remarks = csv.remarks
    self.csv = csv
    if delimiter != "," {
      let name = [";": "semicolons", "\t": "tabs"][delimiter] ?? "\"\(delimiter)\""
      notes.append("cells are separated by \(name)")
    }
  }

  /// Reads the heads as what they mean among these columns, and says which are not known.
  ///
  /// - Throws: `FileFormatFailure` when one that is required is missing.
  ///
  /// - Parameter besides: columns that are for whoever reads the sheet alone.
  package mutating func expect(
    _ columns: [(name: String, required: Bool)], besides: [String] = []
  ) throws(FileFormatFailure) {
    header = try header.resolved(for: columns.map(\.name) + besides, map: reading.map)
    let names = header.names
    let missing = columns.filter { $0.required && !names.contains($0.name) }.map(\.name)
    let known = Set(columns.map(\.name) + besides + [Self.reasonColumn])
    let open = zip(header.cells, names).filter { !$0.1.isEmpty && !known.contains($0.1) }
    if let first = missing.first {
      throw FileFormatFailure(lacks(missing) + hint(first, open.map(\.0)))
    }
    for (cell, name) in zip(header.cells, names) where known.contains(name) {
      guard isOfPeople, !Self.isObvious(cell, name) else { continue }
      notes.append("the column \"\(cell.trimmed)\" was read as \(name)")
    }
    for (cell, name) in open {
      let near = NearestNames.of(name, among: columns.map(\.name).filter { !names.contains($0) })
      let shown = isOfPeople ? cell.trimmed : name
      notes.append(
        "the column \(shown) is not known and was left out"
          + (near.first.map { ": did you mean \($0)? Then say --map '\(shown)=\($0)'" } ?? ""))
    }
  }

  /// Whether nobody needs to be told that this head was read as that column.
  private static func isObvious(_ head: String, _ column: String) -> Bool {
    ColumnNames.squeezed(head) == column.replacing("_", with: "")
  }

  private func lacks(_ missing: [String]) -> String {
    missing.count == 1
      ? "The column \(missing[0]) is missing."
      : "The columns \(missing.joined(separator: ", ")) are missing."
  }

  /// What may have been meant by a head, for who cannot see it.
  private func hint(_ column: String, _ heads: [String]) -> String {
    if let nearHead {
      return " Line \(nearHead.line) looks like the head"
        + (nearHead.missing.isEmpty ? "" : ", but for \(nearHead.missing.joined(separator: ", "))")
        + ": the head must be there whole, and may have a title above it."
    }
    guard isOfPeople, !heads.isEmpty else { return "" }
    let bare = column.replacing("_", with: "")
    let near = heads.filter { head in
      let name = ColumnNames.squeezed(head)
      guard !name.isEmpty else { return false }
      return !NearestNames.of(name, among: [bare]).isEmpty
        || ColumnNames.usual.contains {
          $0.value.contains(column) && !NearestNames.of(name, among: [$0.key]).isEmpty
        }
    }
    guard let meant = near.first?.trimmed else {
      let all = heads.prefix(20).map { "\"\($0.trimmed)\"" }.joined(separator: ", ")
      return " Is it one of \(all)? Then say --map 'HEAD=\(column)'."
    }
    return " Did you mean \"\(meant)\"? Then say --map '\(meant)=\(column)'."
  }

  /// The kind of sheet that the columns are of.
  package mutating func recogniseKind() throws(FileFormatFailure) -> SheetKind {
    let missing = SheetKind.allCases.map { kind in
      let columns = kind.columns.map(\.name)
      let names = ColumnNames.resolved(header.cells, for: columns, map: reading.map)
      return (
        kind: kind, missing: kind.missing(in: names), known: Set(columns).intersection(names).count
      )
    }
    // sure: there are kinds
    let nearest = missing.min { ($0.missing.count, -$0.known) < ($1.missing.count, -$1.known) }!
    guard nearest.missing.isEmpty || nearest.known >= 2 || nearHead != nil else {
      throw FileFormatFailure(
        "The columns \(header.cells.map(\.trimmed).joined(separator: ", ")) are none that are known: "
          + "see `ujuzi template completions`, `officers` or `credentials`.")
    }
    try expect(nearest.kind.columns)
    return nearest.kind
  }

  package var bytesRead: Int { csv.bytesRead }
  package var heldMax: Int { csv.heldMax }

  package mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return csv.takeNotes() + notes
  }

  package mutating func next() throws -> SheetRow? {
    while let row = try ahead.popFirst() ?? csv.next() {
      guard isOfPeople, Self.isTotal(row) else {
        return SheetRow(row, under: header, reading.order)
      }
      notes.append("line \(row.line) is a total and was left out")
    }
    return nil
  }

  /// A line under a table that sums it up: a word for a total, and no more than two other cells.
  private static func isTotal(_ row: CSVRow) -> Bool {
    guard row.problem == nil, let first = row.cells.first(where: { !$0.trimmed.isEmpty }),
      first.utf8.count <= 40
    else { return false }
    let word = first.trimmed.plainLetters.prefix { $0.isLetter }
    guard ["total", "totals", "totaux", "jumla", "sum", "grand"].contains(word) else {
      return false
    }
    return row.cells.count { !$0.trimmed.isEmpty } <= 3
  }

  /// The row as it goes into the file of rejected rows, without an earlier reason.
  package func spelled(_ row: SheetRow) -> String {
    let kept = zip(header.cells, row.cells).filter { $0.0 != Self.reasonColumn }.map(\.1)
    return CSV.line(kept, delimiter: delimiter)
  }

  /// How days are written, as the file of rejected rows says it of the sheet that they are from: by
  /// themselves they may show the other.
  package var orderSaid: DayOrder? {
    remarks.lazy.compactMap { remark in
      remark.hasPrefix(Self.orderRemark)
        ? DayOrder(rawValue: String(remark.dropFirst(Self.orderRemark.count))) : nil
    }.first
  }

  private static let orderRemark = "days: "

  /// The head of the file of rejected rows, and before it what the reader must be told again.
  package var rejectedHead: String {
    let head = CSV.line(
      header.cells.filter { $0 != Self.reasonColumn } + [Self.reasonColumn], delimiter: delimiter)
    let order = reading.order == .dayFirst ? "" : "# \(Self.orderRemark)\(reading.order.rawValue)\n"
    return order + (",;\t".contains(delimiter) ? "" : "sep=\(delimiter)\n") + head
  }
}
