import Messages
import Registry

/// One value of a file of JSON.
package struct JSONItem: Sendable {
  /// The line on which it begins, from 1.
  package var line: Int
  /// As it stands in the file.
  package var text: String
  /// The file ends with it, without a line's end or the list's.
  package var isLast = false
  /// Why it is none that could be read.
  package var problem: Rejection?
}

/// The values of a JSON Lines file, of a list, of objects that stand over several lines, or of a list
/// named `statements` within an object (`JSONShape`), one at a time.
///
/// Only quotation marks and brackets are looked at here: what is wrong within a value costs that
/// value, and what never ends costs the lines up to the next that begins as it did.
package struct JSONSplitter {
  /// Bytes of one value.
  package static let itemLengthMax = 1 << 20

  /// The most bytes held at once so far.
  package private(set) var heldMax = 0
  package private(set) var bytesRead = 0

  private enum Shape { case lines, list, objects, done }

  private var source: TextDecoder
  private var buffer: [UInt8] = []
  private var at = 0
  private var line = 1
  /// The spaces that the line begins with up to here; nil after something else.
  private var indent: Int? = 0
  private var ended = false
  private var shape: Shape?
  /// What lines end with: a carriage return alone in files of old programs.
  private var lineEnd: UInt8 = 0x0A
  private let remarksAllowed: Bool
  /// Bytes of one value in this file.
  private let lengthMax: Int
  /// Whether all values stand on one line, so that their numbers tell them apart and not their
  /// lines.
  package private(set) var isOnOneLine = false
  /// Whether there is a list, which may be empty.
  package var isList: Bool { listed }
  private var listed = false
  private var count = 0
  private var notes: [String] = []

  /// - Parameter remarks: lines that begin with # are none.
  package init(_ source: TextDecoder, remarks: Bool, lengthMax: Int = itemLengthMax) {
    self.source = source
    remarksAllowed = remarks
    self.lengthMax = min(lengthMax, Self.itemLengthMax)
  }

  package mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return source.takeNotes() + notes
  }

  package mutating func next() throws -> JSONItem? {
    if shape == nil { try begin() }
    while true {
      switch shape {
      case .lines:
        guard let item = try nextLine() else { return nil }
        let begins = item.text.first { !$0.isWhitespace }
        if begins == nil && item.problem == nil || remarksAllowed && begins == "#" { continue }
        return item
      case .list, .objects:
        guard var item = try nextOfList() else { return nil }
        count += 1
        if isOnOneLine { item.line = count }
        return item
      case .done, nil: return nil
      }
    }
  }

  // MARK: bytes

  private mutating func fill() throws {
    if at > 0 {
      buffer.removeFirst(at)
      at = 0
    }
    if let chunk = try source.next() { buffer += chunk } else { ended = true }
    heldMax = max(heldMax, buffer.count)
  }

  /// Leaves bytes behind, and counts their lines.
  private mutating func pass(to next: Int) {
    for byte in buffer[at..<next] {
      if byte == lineEnd {
        line += 1
        indent = 0
      } else {
        indent = byte == 0x20 || byte == 0x09 ? indent.map { $0 + 1 } : nil
      }
    }
    bytesRead += next - at
    at = next
  }

  /// The next byte that is no space; nil at the end of the file.
  private mutating func peek() throws -> UInt8? {
    while true {
      var next = at
      while next < buffer.count, Self.isSpace(buffer[next]) { next += 1 }
      pass(to: next)
      if at < buffer.count { return buffer[at] }
      if ended { return nil }
      try fill()
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private mutating func begin() throws {
    switch try peek() {
    case UInt8(ascii: "["): try beginList(at + 1)
    case UInt8(ascii: "{"):
      while buffer.count - at < JSONShape.judgedLength, !ended { try fill() }
      switch JSONShape(buffer[at...]) {
      case .page(let first, let more):
        if more { notes.append(JSONShape.moreNote) }
        try beginList(first)
      case .objects: shape = .objects
      case .lines: try beginLines()
      }
    default: try beginLines()
    }
  }

  private mutating func beginLines() throws {
    shape = .lines
    while buffer.count - at < JSONShape.judgedLength, !ended { try fill() }
    // No value of a line has one within it, so that the first says how all end.
    guard let first = buffer[at...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }),
      buffer[first] == 0x0D, first + 1 < buffer.count, buffer[first + 1] != 0x0A
    else { return }
    lineEnd = 0x0D
    notes.append("lines end with a carriage return alone")
  }

  private mutating func beginList(_ first: Int) throws {
    pass(to: first)
    (shape, listed) = (.list, true)
    while buffer.count - at < JSONShape.judgedLength, !ended { try fill() }
    // A line's end further on may be that of the file.
    let judged = buffer[at...].prefix(JSONShape.judgedLength)
    let last = judged.lastIndex { !Self.isSpace($0) } ?? judged.startIndex
    isOnOneLine = !judged[..<last].contains(0x0A)
  }

  // MARK: lines

  private mutating func nextLine() throws -> JSONItem? {
    var look = at
    while true {
      while look < buffer.count, buffer[look] != lineEnd { look += 1 }
      if look < buffer.count || ended { break }
      guard look - at <= lengthMax else { return try tooLongLine() }
      let held = look - at
      try fill()
      look = at + held
    }
    if at == buffer.count { return nil }
    if look - at > lengthMax { return try tooLongLine() }
    let isLast = look == buffer.count
    var end = look
    if end > at, buffer[end - 1] == 0x0D { end -= 1 }
    let item = item(at..<end, line: line, isLast: isLast)
    pass(to: isLast ? look : look + 1)
    return item
  }

  private mutating func tooLongLine() throws -> JSONItem {
    let item = JSONItem(line: line, text: "", problem: tooLong)
    while true {
      if let end = buffer[at...].firstIndex(of: lineEnd) {
        pass(to: end + 1)
        return item
      }
      pass(to: buffer.count)
      if ended { return item }
      try fill()
    }
  }

  private var tooLong: Rejection {
    Rejection(.malformed, "The value has more than \(lengthMax) bytes.")
  }

  private func item(_ range: Range<Int>, line: Int, isLast: Bool = false) -> JSONItem {
    do throws(Rejection) {
      return JSONItem(
        line: line, text: try TextDecoder.text(buffer[range], source.encoding), isLast: isLast)
    } catch {
      let text = String(decoding: buffer[range].filter { $0 >= 0x20 }, as: UTF8.self)
      return JSONItem(line: line, text: text, isLast: isLast, problem: error)
    }
  }

  // MARK: a list

  private mutating func nextOfList() throws -> JSONItem? {
    while true {
      guard let byte = try peek() else {
        defer { shape = .done }
        if shape == .objects { return nil }
        return JSONItem(
          line: line, text: "", isLast: true,
          problem: Rejection(.malformed, "The file ends in the middle of the list."))
      }
      if byte == UInt8(ascii: "]"), shape == .list {
        shape = .done
        while buffer.count - at < JSONShape.judgedLength, !ended { try fill() }
        if JSONShape.saysMore(buffer[at...]) { notes.append(JSONShape.moreNote) }
        return nil
      }
      if byte == UInt8(ascii: ",") {
        pass(to: at + 1)
        continue
      }
      break
    }
    let began = line
    let indent = indent
    var (now, depth, quoted) = (at, 0, false)
    while true {
      guard now < buffer.count else {
        guard !ended else { break }
        let held = now - at
        if held > lengthMax { break }
        try fill()
        now = at + held
        continue
      }
      if now - at > lengthMax { break }
      let byte = buffer[now]
      if quoted {
        // No text runs over a line's end: one that does was never closed.
        if byte == 0x0A { break }
        if byte == UInt8(ascii: "\\") {
          now += 2
          continue
        }
        if byte == UInt8(ascii: "\"") { quoted = false }
      } else if byte == UInt8(ascii: "\"") {
        quoted = true
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        depth += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        // One that closes nothing is a value of its own, and none.
        if depth == 0 { return whole(to: max(now, at + 1), began) }
        depth -= 1
        if depth == 0 { return whole(to: now + 1, began) }
      } else if byte == UInt8(ascii: ","), depth == 0 {
        return whole(to: now, began)
      }
      now += 1
    }
    return try broken(began, indent, now)
  }

  private mutating func whole(to end: Int, _ began: Int) -> JSONItem {
    let item = item(at..<end, line: began)
    pass(to: end)
    return item
  }

  /// Gives up a value that does not end, and goes on at the next line that begins as it did.
  private mutating func broken(_ began: Int, _ indent: Int?, _ reached: Int) throws -> JSONItem {
    let atEnd = ended && reached >= buffer.count
    let isLong = min(reached, buffer.count) - at > lengthMax
    var item = JSONItem(line: began, text: "", isLast: atEnd)
    let firstEnd = buffer[at...].firstIndex(of: 0x0A) ?? min(buffer.count, at + 10_000)
    item.text = String(decoding: buffer[at..<firstEnd].filter { $0 >= 0x20 }, as: UTF8.self)
    item.problem =
      isLong
      ? tooLong
      : Rejection(
        .malformed,
        atEnd
          ? "The file ends in the middle of this value."
          : "A text that begins in this value does not end on its line.")
    while true {
      guard let end = buffer[at...].firstIndex(of: 0x0A) else {
        pass(to: buffer.count)
        if ended {
          shape = .done
          return item
        }
        try fill()
        continue
      }
      pass(to: end + 1)
      while buffer.count - at < 4096, !ended { try fill() }
      var next = at
      while next < buffer.count, buffer[next] == 0x20 || buffer[next] == 0x09 { next += 1 }
      if next < buffer.count, buffer[next] == UInt8(ascii: "{"), next - at <= indent ?? .max {
        return item
      }
    }
  }
}
