/// What a file that begins with a brace is, as its beginning shows.
enum JSONShape: Equatable {
  /// One value a line.
  case lines
  /// Values that each stand over several lines, one after another; often there is one.
  case objects
  /// An answer of a store: within an object, also a deeper one, a list named `statements`. Its first
  /// value begins at the index; whether what comes before it says that there are more pages.
  case page(first: Int, more: Bool)

  /// Bytes by which it is judged.
  static let judgedLength = 64 << 10
  /// Objects within objects that are looked into.
  private static let depthMax = 4

  static let moreNote =
    "the file is one page of several: its `more` names the next, which is not in it"

  /// Members by which a statement or a proposal is told from what it is wrapped in.
  private static let ownMembers: Set<String> = [
    "actor", "verb", "object", "timestamp", "stored", "authority", "event_id", "stream",
    "effective", "proposal",
  ]

  /// Names that stores and exports give to their list, in the outermost object.
  private static let listNames: Set<String> = ["data", "results", "items", "records"]

  init(_ bytes: ArraySlice<UInt8>) {
    let judged = bytes.prefix(Self.judgedLength)
    var reader = Tokens(judged)
    var (depth, more): (Int, Bool) = (0, false)
    var key: String?
    scan: while let token = reader.next() {
      switch token {
      case .open(let isList):
        if isList {
          if key == "statements" || depth == 1 && Self.listNames.contains(key ?? "") {
            self = .page(first: reader.at, more: more)
            return
          }
          // A list of another name is none of statements.
          guard reader.skip() else { break scan }
        } else {
          depth += 1
          if depth > Self.depthMax { break scan }
        }
        key = nil
      case .close:
        depth -= 1
        if depth <= 0 { break scan }
        key = nil
      case .text(let text):
        if reader.isKey {
          if depth == 1, Self.ownMembers.contains(text) { break scan }
          key = text
        } else {
          if key == "more", !text.isEmpty { more = true }
          key = nil
        }
      }
    }
    self = Self.standsOverLines(judged) ? .objects : .lines
  }

  /// Whether the first value goes on below its first line as written by hand or by a program that
  /// indents: a line of a file that has one value a line, and was cut, is followed by another value.
  private static func standsOverLines(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let end = bytes.firstIndex(of: 0x0A) else { return false }
    var (depth, quoted, at) = (0, false, bytes.startIndex)
    while at < end {
      let byte = bytes[at]
      if quoted {
        if byte == UInt8(ascii: "\\") {
          at += 1
        } else if byte == UInt8(ascii: "\"") {
          quoted = false
        }
      } else if byte == UInt8(ascii: "\"") {
        quoted = true
      } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        depth += 1
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        depth -= 1
      }
      at += 1
    }
    guard depth > 0, !quoted else { return false }
    let next = bytes[end...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
  }

  /// Whether an answer's end, after its list, names another page.
  static func saysMore(_ bytes: ArraySlice<UInt8>) -> Bool {
    var reader = Tokens(bytes.prefix(judgedLength))
    var key: String?
    while let token = reader.next() {
      guard case .text(let text) = token else { continue }
      if reader.isKey {
        key = text
      } else if key == "more" {
        return !text.isEmpty
      }
    }
    return false
  }
}

/// Brackets and texts of JSON; numbers and words are passed over.
private struct Tokens {
  enum Token {
    case open(isList: Bool)
    case close
    case text(String)
  }

  private let bytes: ArraySlice<UInt8>
  private(set) var at: Int

  init(_ bytes: ArraySlice<UInt8>) { (self.bytes, at) = (bytes, bytes.startIndex) }

  /// Whether a colon follows.
  var isKey: Bool {
    bytes[at...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: ":")
  }

  mutating func next() -> Token? {
    while at < bytes.endIndex {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "{"): return .open(isList: false)
      case UInt8(ascii: "["): return .open(isList: true)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): return .close
      case UInt8(ascii: "\""):
        let start = at
        while at < bytes.endIndex, bytes[at] != UInt8(ascii: "\"") {
          at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < bytes.endIndex else { return nil }
        at += 1
        return .text(String(decoding: bytes[start..<(at - 1)], as: UTF8.self))
      default: break
      }
    }
    return nil
  }

  /// Passes over what an open bracket began; false where the bytes end before.
  mutating func skip() -> Bool {
    var depth = 1
    while depth > 0 {
      switch next() {
      case .open: depth += 1
      case .close: depth -= 1
      case .text: break
      case nil: return false
      }
    }
    return true
  }
}
