import Failures
import Registry

/// Why a file is not in the format that it should have.
package struct FileFormatFailure: ExplainedError, Hashable, Sendable {
  package var sentence: String
  package var cause: Cause?

  package init(_ sentence: String, cause: Cause? = nil) {
    self.sentence = sentence
    self.cause = cause
  }
}

/// Reads a text file chunk by chunk in an encoding whose ASCII range is ASCII: separators are found
/// before any letter is decoded, so that invalid bytes cost only one row.
///
/// UTF-16 is told by its mark and spelled as UTF-8. Otherwise the first byte that is not ASCII,
/// with those that follow it, decides between UTF-8 and Windows-1252.
package struct TextDecoder {
  package enum Encoding: Sendable { case ascii, utf8, windows1252 }

  /// The next bytes; none at the end of the file.
  package typealias Read = () throws -> [UInt8]

  /// Bytes from the first that is not ASCII on, by which an encoding is told.
  private static let judgedLength = 64 << 10

  package private(set) var encoding = Encoding.ascii
  private let read: Read
  private var begun = false
  private var utf16: UTF16Transcoder?
  private var notes: [String] = []

  package init(_ read: @escaping Read) { self.read = read }

  package init(_ bytes: [UInt8]) {
    var rest: [UInt8]? = bytes
    self.init {
      defer { rest = nil }
      return rest ?? []
    }
  }

  /// What was unusual in the file and was handled since the last call, for the person who sent it.
  package mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  /// The next chunk; nil at the end of the file.
  package mutating func next() throws -> [UInt8]? {
    var chunk = try read()
    if !begun {
      begun = true
      // Some readers give a byte at a time; the mark has three, and what says of which type another
      // format is has more.
      while chunk.count < 200 {
        let more = try read()
        if more.isEmpty { break }
        chunk += more
      }
      if let refusal = OtherFormat.refusal(of: chunk) { throw refusal }
      if chunk.starts(with: [0xFF, 0xFE]) || chunk.starts(with: [0xFE, 0xFF]) {
        utf16 = UTF16Transcoder(isLittle: chunk[0] == 0xFF)
        encoding = .utf8
        notes.append("the file is UTF-16")
        chunk.removeFirst(2)
      } else if chunk.starts(with: [0xEF, 0xBB, 0xBF]) {
        notes.append("the file begins with a byte-order mark")
        // A program that adds one to what has one already makes two.
        while chunk.starts(with: [0xEF, 0xBB, 0xBF]) { chunk.removeFirst(3) }
      }
      if chunk.isEmpty { chunk = try read() }
    }
    if var units = utf16 {
      defer { utf16 = units }
      while !chunk.isEmpty {
        let text = units.spell(chunk)
        if !text.isEmpty { return text }
        chunk = try read()
      }
      let rest = units.end()
      return rest.isEmpty ? nil : rest
    }
    guard !chunk.isEmpty else { return nil }
    if encoding == .ascii { try decide(&chunk) }
    return chunk
  }

  /// Judges the bytes from the first that is not ASCII on, however they come: a pipe's chunks must
  /// not make another text of the same file.
  private mutating func decide(_ chunk: inout [UInt8]) throws {
    guard let first = chunk.firstIndex(where: { $0 >= 0x80 }) else { return }
    var isWhole = false
    while chunk.count - first < Self.judgedLength, !isWhole {
      let more = try read()
      isWhole = more.isEmpty
      chunk += more
    }
    let count = Self.sequences(in: Array(chunk[first...].prefix(Self.judgedLength)))
    // A lead byte at the very end of the file is no letter.
    let bad = count.bad + (count.cut > 0 && isWhole ? 1 : 0)
    encoding = bad > count.good ? .windows1252 : .utf8
    if encoding == .windows1252 {
      notes.append("the file is not UTF-8 and was read as Windows-1252")
    }
  }

  /// UTF-8 letters that are not ASCII, bytes that belong to none, and the bytes of a letter that
  /// the chunk ends within.
  private static func sequences(in bytes: [UInt8]) -> (good: Int, bad: Int, cut: Int) {
    var (good, bad, at) = (0, 0, 0)
    while at < bytes.count {
      let lead = bytes[at]
      if lead < 0x80 {
        at += 1
        continue
      }
      let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
      guard length > 1, lead < 0xF5 else {
        (bad, at) = (bad + 1, at + 1)
        continue
      }
      var end = at + 1
      while end < bytes.count, end < at + length, bytes[end] & 0xC0 == 0x80 { end += 1 }
      if end == bytes.count, end < at + length { return (good, bad, end - at) }
      if end == at + length { good += 1 } else { bad += 1 }
      at = end
    }
    return (good, bad, 0)
  }

  /// The text of a row's or a cell's bytes.
  ///
  /// - Throws: `Rejection` for bytes that are no text, or control characters that no sheet has.
  package static func text(
    _ bytes: ArraySlice<UInt8>, _ encoding: Encoding
  ) throws(Rejection) -> String {
    for byte in bytes where byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D {
      throw Rejection(
        .malformed,
        byte == 0
          ? "A NUL stands in the row: is this a text file?"
          : "A control character (byte \(byte)) stands in the row.")
    }
    if encoding == .windows1252 {
      var text = ""
      for byte in bytes {
        guard let scalar = windows1252(byte) else {
          throw Rejection(
            .malformed,
            "The row is neither UTF-8 nor Windows-1252 (a byte is \(byte)): save the file as "
              + "UTF-8.")
        }
        text.unicodeScalars.append(scalar)
      }
      return text
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Rejection(
        .malformed, "The row is not UTF-8 as the rest of the file is: save it as UTF-8.")
    }
    return text
  }

  /// The bytes 0x80…0x9F of Windows-1252; zero where none is assigned.
  private static let high: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  static func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
    guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
    let code = high[Int(byte - 0x80)]
    return code == 0 ? nil : Unicode.Scalar(code)
  }
}

/// Transcodes UTF-16 to UTF-8; an invalid unit becomes U+FFFD.
private struct UTF16Transcoder {
  let isLittle: Bool
  private var half: UInt8?
  private var lead: UInt16?

  init(isLittle: Bool) { self.isLittle = isLittle }

  mutating func spell(_ bytes: [UInt8]) -> [UInt8] {
    var units: [UInt16] = lead.map { [$0] } ?? []
    lead = nil
    for byte in bytes {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      units.append(
        isLittle ? UInt16(first) | UInt16(byte) << 8 : UInt16(first) << 8 | UInt16(byte))
    }
    if let last = units.last, UTF16.isLeadSurrogate(last) { lead = units.removeLast() }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  mutating func end() -> [UInt8] {
    guard lead != nil || half != nil else { return [] }
    (lead, half) = (nil, nil)
    return Array("\u{FFFD}".utf8)
  }
}
