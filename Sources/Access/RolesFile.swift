import Failures

/// Why a roles file is not taken.
package struct RolesFileError: ExplainedError, Hashable, Sendable {
  /// From 1.
  package var line: Int
  /// What is wrong there, without the line.
  package var what: String

  package var sentence: String { "line \(line): \(what)" }
}

extension Grants {
  /// Bytes of a roles file.
  package static let fileLengthMax = 1 << 20

  /// Reads a roles file, which is JSON:
  ///
  ///     {
  ///       "principals": {
  ///         "urn:ujuzi:dev:registrar": ["registrar"],
  ///         "spiffe://ke/audit": ["auditor", "agency"]
  ///       }
  ///     }
  ///
  /// What is not exactly so is refused: a file that is half understood would grant what nobody
  /// meant.
  package init(rolesFile bytes: [UInt8]) throws(RolesFileError) {
    guard bytes.count <= Self.fileLengthMax else {
      throw RolesFileError(
        line: 1, what: "the file has \(bytes.count) bytes; at most \(Self.fileLengthMax) are read.")
    }
    var reader = RolesReader(bytes)
    self = try reader.file()
  }
}

/// Reads as much of JSON (RFC 8259) as a roles file has: objects, lists and strings.
private struct RolesReader {
  private let bytes: [UInt8]
  private var at = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func file() throws(RolesFileError) -> Grants {
    var grants: Grants?
    try expect("{", "the file is one object")
    if !skip("}") {
      repeat {
        let key = try string("a key")
        guard key == "principals" else {
          throw wrong("the key \(quoted(key)) is not known: there is only \"principals\".")
        }
        guard grants == nil else { throw wrong("\"principals\" is there twice.") }
        try expect(":", "a key is followed by its value")
        grants = Grants(try principals())
      } while skip(",")
      try expect("}", "the object ends, or goes on after a comma")
    }
    space()
    guard at == bytes.count else { throw wrong("something follows the end of the object.") }
    guard let grants else { throw wrong("the key \"principals\" is missing.") }
    return grants
  }

  private mutating func principals() throws(RolesFileError) -> [Principal: Roles] {
    var all: [Principal: Roles] = [:]
    try expect("{", "\"principals\" is an object of URIs and their lists of roles")
    if skip("}") { return all }
    repeat {
      let name = try string("a principal")
      guard let principal = Principal(name) else {
        throw wrong(
          "the principal \(quoted(name)) is no URI of at most \(Principal.lengthMax) bytes.")
      }
      guard all[principal] == nil else {
        throw wrong("the principal \(quoted(name)) is there twice.")
      }
      try expect(":", "a principal is followed by its list of roles")
      all[principal] = try roles(of: name)
    } while skip(",")
    try expect("}", "the object ends, or goes on after a comma")
    return all
  }

  private mutating func roles(of principal: String) throws(RolesFileError) -> Roles {
    var roles: Roles = []
    try expect("[", "the roles of \(quoted(principal)) are a list")
    if skip("]") {
      throw wrong("the list of \(quoted(principal)) is empty: leave the principal out instead.")
    }
    repeat {
      let name = try string("a role")
      guard let role = Role(rawValue: name) else {
        throw wrong(
          "the role \(quoted(name)) of \(quoted(principal)) is not known: roles are "
            + "\(Roles.every.names.joined(separator: ", ")).")
      }
      guard !roles.contains(Roles(role)) else {
        throw wrong("the role \(quoted(name)) of \(quoted(principal)) is there twice.")
      }
      roles.insert(Roles(role))
    } while skip(",")
    try expect("]", "the list ends, or goes on after a comma")
    return roles
  }

  // MARK: JSON

  private mutating func space() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) {
      if bytes[at] == 0x0A { line += 1 }
      at += 1
    }
  }

  private mutating func skip(_ mark: Character) -> Bool {
    space()
    guard at < bytes.count, bytes[at] == mark.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ mark: Character, _ rule: String) throws(RolesFileError) {
    guard skip(mark) else { throw wrong("\(mark) is missing: \(rule).") }
  }

  private mutating func string(_ what: String) throws(RolesFileError) -> String {
    guard skip("\"") else { throw wrong("\(what) is a string, in quotation marks.") }
    var text: [UInt8] = []
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] >= 0x20 else { throw wrong("a string is not closed on its line.") }
      if bytes[at] == UInt8(ascii: "\\") {
        at += 1
        text += try escaped()
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    guard at < bytes.count else { throw wrong("a string is not closed.") }
    at += 1
    guard let string = String(validating: text, as: UTF8.self) else {
      throw wrong("a string is not UTF-8.")
    }
    return string
  }

  /// Foundation writes a slash as `\/`; nothing else needs an escape in a URI.
  private mutating func escaped() throws(RolesFileError) -> [UInt8] {
    guard at < bytes.count, "\"\\/".utf8.contains(bytes[at]) else {
      throw wrong("a principal and a role have no such escape.")
    }
    defer { at += 1 }
    return [bytes[at]]
  }

  private func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.prefix(Principal.lengthMax).map {
      $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0)
    }
    return "\"\(String(plain))\""
  }

  private func wrong(_ what: String) -> RolesFileError { RolesFileError(line: line, what: what) }
}
