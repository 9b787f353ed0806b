/// IRIs as platforms spell them.
package enum ActivityID {
  /// A home page as it is compared: scheme and host in lower case, without the scheme's own port and
  /// without a last slash (RFC 3986, 6.2.2.1 and 6.2.3). Another scheme is another place.
  package static func homePage(_ home: String) -> String {
    guard let mark = home.firstRange(of: "://") else { return home }
    let end = home[mark.upperBound...].firstIndex { "/?#".contains($0) } ?? home.endIndex
    let scheme = home[..<mark.lowerBound].lowercased()
    var host = home[mark.upperBound..<end].lowercased()
    if let at = home[mark.upperBound..<end].lastIndex(of: "@") {
      // Who logs in there is spelled as it is.
      host = home[mark.upperBound..<at] + home[at..<end].lowercased()
    }
    let port = [":80": "http", ":443": "https"].first {
      host.hasSuffix($0.key) && scheme == $0.value
    }
    if let port { host.removeLast(port.key.count) }
    var rest = home[end...]
    while rest.last == "/" { rest.removeLast() }
    return scheme + "://" + host + rest
  }

  /// Without what comes after #: a part of the same page, such as the `#sco` of a SCORM package.
  static func withoutFragment(_ id: String) -> Substring {
    id.utf8.firstIndex(of: UInt8(ascii: "#")).map { id[..<$0] } ?? id[...]
  }
}

/// An activity's id with gaps, as a line of the activities map may have it: `*` stands for anything,
/// also nothing; a name in braces, such as `{code}`, for a part without `/ ? & #`.
struct ActivityPattern: Hashable, Sendable {
  private enum Part: Hashable {
    case text([UInt8])
    case anything
    case named(String)
  }

  private let parts: [Part]
  /// Bytes that an id must have literally: of two patterns the one that says more counts.
  let literal: Int

  /// Nil for an id without gaps.
  init?(_ text: String) {
    var parts: [Part] = []
    var rest = text.utf8[...]
    var plain: [UInt8] = []
    func isLetter(_ byte: UInt8) -> Bool {
      byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
        !rest[..<end].isEmpty, rest[..<end].allSatisfy(isLetter)
      {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = []
        parts.append(.named(String(decoding: rest[..<end], as: UTF8.self)))
        rest = rest[rest.index(after: end)...]
      } else if byte == UInt8(ascii: "*") {
        if !plain.isEmpty { parts.append(.text(plain)) }
        plain = []
        if parts.last != .anything { parts.append(.anything) }
      } else {
        plain.append(byte)
      }
    }
    guard !parts.isEmpty else { return nil }
    if !plain.isEmpty { parts.append(.text(plain)) }
    self.parts = parts
    literal = parts.reduce(0) { if case .text(let bytes) = $1 { $0 + bytes.count } else { $0 } }
  }

  /// What the names stand for in an id that fits.
  func match(_ id: Substring) -> [String: String]? {
    let bytes = Array(id.utf8)
    // Where to go on when what came after the last * does not fit: each * takes as little as it can.
    var (part, at) = (0, 0)
    var again: (part: Int, at: Int, found: [String: String])?
    var found: [String: String] = [:]
    while true {
      if part == parts.count, at == bytes.count { return found }
      var fits = false
      if part < parts.count {
        switch parts[part] {
        case .anything:
          again = (part, at, found)
          (part, fits) = (part + 1, true)
        case .text(let text):
          if bytes[at...].starts(with: text) {
            (part, at, fits) = (part + 1, at + text.count, true)
          }
        case .named(let name):
          var end = at
          while end < bytes.count, !"/?&#".utf8.contains(bytes[end]) { end += 1 }
          // A name ends where the text after it begins.
          if part + 1 < parts.count, case .text(let next) = parts[part + 1] {
            end = (at..<max(at, end)).first { $0 > at && bytes[$0...].starts(with: next) } ?? end
          }
          if end > at {
            found[name] = String(decoding: bytes[at..<end], as: UTF8.self)
            (part, at, fits) = (part + 1, end, true)
          }
        }
      }
      if fits { continue }
      guard let last = again, last.at < bytes.count else { return nil }
      again = (last.part, last.at + 1, last.found)
      (part, at, found) = (last.part + 1, last.at + 1, last.found)
    }
  }
}
