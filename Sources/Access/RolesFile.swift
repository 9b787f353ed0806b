import Failures
import JSON

/// Why a roles file is not taken.
package struct RolesFileError: ExplainedError, Hashable, Sendable {
  /// From 1.
  package var line: Int
  /// What is wrong there, without the line.
  package var what: String
  /// Where it is no JSON.
  package var cause: Cause?

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
    var reader = try RolesReader(bytes)
    self = try reader.file()
  }
}

/// Takes as much of JSON as a roles file has: objects, lists and strings.
private struct RolesReader {
  private var json: JSONReader

  init(_ bytes: [UInt8]) throws(RolesFileError) {
    do { json = try JSONReader(bytes, lengthMax: Grants.fileLengthMax) } catch {
      throw RolesFileError(
        line: 1,
        what: "the file has \(bytes.count) bytes; at most \(Grants.fileLengthMax) are read.",
        cause: Cause(error))
    }
  }

  mutating func file() throws(RolesFileError) -> Grants {
    var grants: Grants?
    try expect("{", "the file is one object")
    if !json.take("}") {
      repeat {
        let key = try string("a key")
        guard key == "principals" else {
          throw wrong("the key \(quoted(key)) is not known: there is only \"principals\".")
        }
        guard grants == nil else { throw wrong("\"principals\" is there twice.") }
        try expect(":", "a key is followed by its value")
        grants = Grants(try principals())
      } while json.take(",")
      try expect("}", "the object ends, or goes on after a comma")
    }
    guard json.isAtEnd() else { throw wrong("something follows the end of the object.") }
    guard let grants else { throw wrong("the key \"principals\" is missing.") }
    return grants
  }

  private mutating func principals() throws(RolesFileError) -> [Principal: Roles] {
    var all: [Principal: Roles] = [:]
    try expect("{", "\"principals\" is an object of URIs and their lists of roles")
    if json.take("}") { return all }
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
    } while json.take(",")
    try expect("}", "the object ends, or goes on after a comma")
    return all
  }

  private mutating func roles(of principal: String) throws(RolesFileError) -> Roles {
    var roles: Roles = []
    try expect("[", "the roles of \(quoted(principal)) are a list")
    if json.take("]") {
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
    } while json.take(",")
    try expect("]", "the list ends, or goes on after a comma")
    return roles
  }

  private mutating func expect(
    _ mark: Unicode.Scalar, _ rule: String
  ) throws(RolesFileError) {
    guard json.take(mark) else { throw wrong("\(mark) is missing: \(rule).") }
  }

  private mutating func string(_ what: String) throws(RolesFileError) -> String {
    let text: String?
    do { text = try json.string() } catch { throw Self.wrong(error) }
    guard let text else { throw wrong("\(what) is a string, in quotation marks.") }
    return text
  }

  private static func wrong(_ failure: JSONFailure) -> RolesFileError {
    let what =
      switch failure.kind {
      case .cut: "a string is not closed."
      case .controlCharacter: "a string is not closed on its line."
      case .notUTF8: "a string is not UTF-8."
      case .escape: "a string has a wrong escape: \(failure.what)."
      case .unexpected, .duplicate, .tooDeep, .tooLong: "\(failure.what)."
      }
    return RolesFileError(line: failure.place.line, what: what, cause: Cause(failure))
  }

  private func quoted(_ text: String) -> String {
    let plain = text.unicodeScalars.prefix(Principal.lengthMax).map {
      $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0)
    }
    return "\"\(String(plain))\""
  }

  private func wrong(_ what: String) -> RolesFileError {
    RolesFileError(line: json.place.line, what: what)
  }
}
