/// What a principal may be: each role opens the methods that name it in `services.proto`.
package enum Role: String, CaseIterable, Hashable, Sendable {
  /// Records events, and asks what a registrar asks.
  case registrar
  /// Asks of officers and their credentials.
  case agency
  /// Reads the log and what explains it.
  case auditor
}

/// Some of the roles, in one byte: whether a call may be made is one operation of two words.
package struct Roles: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package init(_ role: Role) {
    switch role {
    case .registrar: rawValue = 1
    case .agency: rawValue = 2
    case .auditor: rawValue = 4
    }
  }

  /// From words separated by spaces, as the schema spells a method's roles; nil when a word is
  /// no role.
  package init?(words: String) {
    self = []
    for word in words.split(separator: " ") {
      guard let role = Role(rawValue: String(word)) else { return nil }
      insert(Roles(role))
    }
  }

  package static let every = Roles(Role.allCases.map { Roles($0) })

  /// In the order in which the roles are declared.
  package var names: [String] {
    Role.allCases.filter { contains(Roles($0)) }.map(\.rawValue)
  }
}
