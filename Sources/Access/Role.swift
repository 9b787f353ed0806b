/// What a principal may be: each role opens the methods that name it in `services.proto`.
public enum Role: String, CaseIterable, Hashable, Sendable {
  /// Records events, and asks what a registrar asks.
  case registrar
  /// Asks of officers and their credentials.
  case agency
  /// Reads the log and what explains it.
  case auditor
}

/// Some of the roles, in one byte: whether a call may be made is one operation of two words.
public struct Roles: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public init(_ role: Role) {
    switch role {
    case .registrar: rawValue = 1
    case .agency: rawValue = 2
    case .auditor: rawValue = 4
    }
  }

  /// From words separated by spaces, as the schema spells a method's roles; nil when a word is
  /// no role.
  public init?(words: String) {
    self = []
    for word in words.split(separator: " ") {
      guard let role = Role(rawValue: String(word)) else { return nil }
      insert(Roles(role))
    }
  }

  public static let every = Roles(Role.allCases.map { Roles($0) })

  /// In the order in which the roles are declared.
  public var names: [String] {
    Role.allCases.filter { contains(Roles($0)) }.map(\.rawValue)
  }
}
