/// Why a file cannot be read as what it should be.
public struct FileProblem: Error, Hashable, Sendable {
  public var sentence: String
  public init(_ sentence: String) { self.sentence = sentence }
}

/// A text file as people have them: the encoding is told from the bytes, and said.
public struct TextFile: Sendable {
  public var text: String
  /// What was met and dealt with, for the person who sent the file.
  public var notes: [String]

  public init(_ bytes: [UInt8]) throws(FileProblem) {
    var notes: [String] = []
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      let little = bytes[0] == 0xFF
      let units = stride(from: 2, to: bytes.count - 1, by: 2).map { at in
        little
          ? UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
          : UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw FileProblem("The file begins as UTF-16 and is not: save it as UTF-8.")
      }
      (self.text, self.notes) = (text, ["the file is UTF-16"])
      return
    }
    var content = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      content = bytes.dropFirst(3)
      notes.append("the file begins with a byte-order mark")
    }
    if let text = String(validating: content, as: UTF8.self) {
      (self.text, self.notes) = (text, notes)
      return
    }
    var text = ""
    for (at, byte) in content.enumerated() {
      guard let scalar = Self.windows1252(byte) else {
        throw FileProblem(
          "The file is neither UTF-8 nor Windows-1252 (byte \(at + 1) is \(byte)): save it as "
            + "UTF-8.")
      }
      text.unicodeScalars.append(scalar)
    }
    notes.append("the file is not UTF-8 and was read as Windows-1252")
    (self.text, self.notes) = (text, notes)
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
