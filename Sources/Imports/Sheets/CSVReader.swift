import Registry

/// One row of a CSV file.
package struct CSVRow: Hashable, Sendable {
  /// The line on which the row begins, from 1.
  package var line: Int
  package var cells: [String]
  /// Why this is no row that could be read; the cells are then what could be made of it.
  package var problem: Rejection?
}

/// CSV by RFC 4180, a row at a time, with the delimiter that the first line uses.
///
/// Ours, because each row must keep its line number, because no row may cost more memory than a
/// row may have, and because what is wrong with a row, a quotation mark that is never closed
/// included, must cost that row only. Lines before the first row that begin with # are remarks.
package struct CSVReader {
  /// Bytes of one cell.
  package static let cellLengthMax = 10_000
  /// Bytes of one row.
  package static let rowLengthMax = 256 << 10

  package private(set) var delimiter: Character = ","
  package private(set) var remarks: [String] = []
  /// The most bytes held at once so far.
  package private(set) var heldMax = 0
  /// Bytes of the file that have become rows.
  package private(set) var bytesRead = 0

  private var source: TextDecoder
  private var buffer: [UInt8] = []
  private var at = 0
  private var line = 1
  private var ended = false
  private var separator = UInt8(ascii: ",")
  private var begun = false

  /// Whether a first line that begins with # is a head all the same.
  private let isHead: (String) -> Bool

  package init(_ source: TextDecoder) { self.init(source) { _ in false } }

  init(_ source: TextDecoder, isHead: @escaping (String) -> Bool) {
    (self.source, self.isHead) = (source, isHead)
  }

  package mutating func takeNotes() -> [String] { source.takeNotes() }

  /// The next row that is not blank; nil at the end.
  package mutating func next() throws -> CSVRow? {
    if !begun { try begin() }
    while true {
      let row: CSVRow
      switch scan() {
      case .more:
        try fill()
        continue
      case .end: return nil
      case .row(let cells, let next, let lines):
        row = decoded(cells, line: line, problem: nil)
        advance(to: next, lines: lines)
      case .bad(let cells, let next, let sentence):
        row = decoded(cells, line: line, problem: Rejection(.malformed, sentence))
        advance(to: next, lines: 1)
      case .skip:
        row = CSVRow(
          line: line, cells: [],
          problem: Rejection(
            .malformed, "The row has more than \(Self.rowLengthMax) bytes: is this a CSV file?"))
        try skipLine()
      }
      if row.problem != nil || !row.cells.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
        return row
      }
    }
  }

  private mutating func begin() throws {
    begun = true
    while let end = try firstLine(), at < end.last, buffer[at] == UInt8(ascii: "#") {
      // A head may begin with #: as a mark of its own, or as the name of a running number.
      if isHead(String(decoding: buffer[at..<end.last], as: UTF8.self)) { break }
      let text = String(decoding: buffer[(at + 1)..<end.last], as: UTF8.self)
      if remarks.count < 100 { remarks.append(text.trimmed) }
      advance(to: end.next, lines: 1)
    }
    if let end = try firstLine(), let said = Self.said(buffer[at..<end.last]) {
      separator = said
      advance(to: end.next, lines: 1)
    } else {
      try chooseSeparator()
    }
    delimiter = Character(Unicode.Scalar(separator))
  }

  /// The line at which the reading is; nil where it does not end within what a row may have.
  private mutating func firstLine() throws -> (last: Int, next: Int)? {
    while true {
      if let end = lineEnd(from: at) { return end }
      if ended || buffer.count - at > Self.rowLengthMax { return nil }
      try fill()
    }
  }

  /// Excel's own way to say what separates cells: a first line `sep=;`.
  private static func said(_ line: ArraySlice<UInt8>) -> UInt8? {
    let bare = line.filter { $0 != UInt8(ascii: "\"") }
    guard bare.count == 5, String(decoding: bare, as: UTF8.self).lowercased().hasPrefix("sep="),
      let last = bare.last, last < 0x80, last != 0x20
    else { return nil }
    return last
  }

  /// By the first line that has any: a title above the head may have none.
  private mutating func chooseSeparator() throws {
    var start = at
    for _ in 0..<20 {
      while lineEnd(from: start) == nil, !ended, buffer.count - start <= Self.rowLengthMax {
        let before = at
        try fill()
        start -= before - at
      }
      let end = lineEnd(from: start)
      let line = buffer[start..<(end?.last ?? buffer.count)]
      let counts = Self.separators.map { separator in line.count { $0 == separator } }
      if let most = counts.max(), most > 0 {
        // sure: it is one of them
        separator = Self.separators[counts.firstIndex(of: most)!]
        return
      }
      guard let end else { return }
      start = end.next
    }
  }

  private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  private mutating func fill() throws {
    if at > 0 {
      buffer.removeFirst(at)
      at = 0
    }
    if let chunk = try source.next() { buffer += chunk } else { ended = true }
    heldMax = max(heldMax, buffer.count)
  }

  private mutating func advance(to next: Int, lines: Int) {
    bytesRead += next - at
    at = next
    line += lines
  }

  /// Where the line that holds a byte ends, and where the next begins.
  private func lineEnd(from start: Int) -> (last: Int, next: Int)? {
    var end = start
    while end < buffer.count, buffer[end] != 0x0A, buffer[end] != 0x0D { end += 1 }
    guard end < buffer.count else { return nil }
    guard buffer[end] == 0x0D else { return (end, end + 1) }
    // A carriage return at the end of what is there may be half of a line's end.
    guard end + 1 < buffer.count || ended else { return nil }
    return (end, end + 1 < buffer.count && buffer[end + 1] == 0x0A ? end + 2 : end + 1)
  }

  private enum Scanned {
    case more, end
    case row([ArraySlice<UInt8>], next: Int, lines: Int)
    /// The first line alone is given up.
    case bad([ArraySlice<UInt8>], next: Int, String)
    /// The line is longer than a row may be.
    case skip
  }

  /// Reads a row from where the last one ended; from anew when more bytes came.
  private func scan() -> Scanned {
    if at == buffer.count { return ended ? .end : .more }
    var cells: [ArraySlice<UInt8>] = []
    var (now, lines) = (at, 0)
    while true {
      var start = now
      var own: [UInt8]?
      var quoted = false
      if now < buffer.count, buffer[now] == UInt8(ascii: "\"") {
        (own, quoted, now) = ([], true, now + 1)
        start = now
      }
      cell: while true {
        if now - start > Self.cellLengthMax || now - at > Self.rowLengthMax {
          return tooLong(cells, start..<now, own, quoted: own != nil)
        }
        guard now < buffer.count else {
          guard ended else { return .more }
          if quoted { return tooLong(cells, start..<now, own, quoted: true, isCut: true) }
          cells.append(own.map { $0[...] } ?? buffer[start..<now])
          return .row(cells, next: now, lines: lines)
        }
        let byte = buffer[now]
        if quoted {
          if byte == UInt8(ascii: "\"") {
            guard now + 1 < buffer.count || ended else { return .more }
            if now + 1 < buffer.count, buffer[now + 1] == byte {
              own?.append(byte)
              now += 2
            } else {
              quoted = false
              now += 1
            }
            continue
          }
          if byte == 0x0A || byte == 0x0D {
            guard let end = lineEnd(from: now) else { return .more }
            own?.append(contentsOf: buffer[now..<end.next])
            now = end.next
            lines += 1
            continue
          }
          own?.append(byte)
          now += 1
        } else if byte == separator {
          cells.append(own.map { $0[...] } ?? buffer[start..<now])
          now += 1
          break cell
        } else if byte == 0x0A || byte == 0x0D {
          guard let end = lineEnd(from: now) else { return .more }
          cells.append(own.map { $0[...] } ?? buffer[start..<now])
          return .row(cells, next: end.next, lines: lines + 1)
        } else {
          own?.append(byte)
          now += 1
        }
      }
    }
  }

  /// A cell that does not end: only the line on which its row begins is given up, since what
  /// follows may be rows that a missing quotation mark has swallowed.
  private func tooLong(
    _ cells: [ArraySlice<UInt8>], _ cell: Range<Int>, _ own: [UInt8]?, quoted: Bool,
    isCut: Bool = false
  ) -> Scanned {
    guard let end = lineEnd(from: at) else {
      guard isCut else { return .skip }
      return .bad(
        cells + [own.map { $0[...] } ?? buffer[cell]], next: buffer.count,
        "The file ends in the middle of this row.")
    }
    // What a cell holds of its first line.
    let first = buffer[min(cell.lowerBound, end.last)..<end.last]
    return .bad(
      cells + [first], next: end.next,
      isCut
        ? "The file ends in a cell that begins on this line: is a quotation mark missing there?"
        : "A cell that begins on line \(line) has more than \(Self.cellLengthMax) bytes: is a "
          + "quotation mark missing there?")
  }

  private mutating func skipLine() throws {
    while true {
      if let end = lineEnd(from: at) { return advance(to: end.next, lines: 1) }
      bytesRead += buffer.count - at
      buffer = []
      at = 0
      if ended { return }
      try fill()
    }
  }

  private func decoded(
    _ cells: [ArraySlice<UInt8>], line: Int, problem: Rejection?
  ) -> CSVRow {
    var row = CSVRow(line: line, cells: [], problem: problem)
    row.cells.reserveCapacity(cells.count)
    for cell in cells {
      do throws(Rejection) {
        row.cells.append(try TextDecoder.text(cell, source.encoding))
      } catch {
        row.problem = row.problem ?? error
        row.cells.append(String(decoding: cell.filter { $0 >= 0x20 }, as: UTF8.self))
      }
    }
    return row
  }
}

/// A CSV file that is small enough to be had whole.
package struct CSV: Sendable {
  package var rows: [CSVRow] = []

  /// - Throws: `FileFormatFailure` for a row that cannot be read.
  package init(_ bytes: [UInt8]) throws {
    var reader = CSVReader(TextDecoder(bytes))
    while let row = try reader.next() {
      if let problem = row.problem {
        throw FileFormatFailure("Line \(row.line): \(problem.sentence)")
      }
      rows.append(row)
    }
  }

  /// A row spelled again, quoted where it must be.
  package static func line(_ cells: [String], delimiter: Character = ",") -> String {
    cells.map { cell in
      let mustQuote =
        cell.contains(delimiter) || cell.contains("\"") || cell.contains(where: \.isNewline)
      return mustQuote ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }.joined(separator: String(delimiter))
  }
}
