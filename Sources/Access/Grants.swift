/// Which principal has which roles. Whoever is not named has none.
public struct Grants: Hashable, Sendable {
  private let roles: [Principal: Roles]

  /// Nobody may do anything.
  public static let none = Grants([:])

  public init(_ roles: [Principal: Roles]) {
    precondition(roles.values.allSatisfy { !$0.isEmpty }, "a principal without roles is not named")
    self.roles = roles
  }

  public var count: Int { roles.count }

  /// Empty for a principal that is not named.
  public func roles(of principal: Principal) -> Roles { roles[principal] ?? [] }

  /// Whether the principal may call a method that is for these roles.
  public func allow(_ principal: Principal, a method: Roles) -> Bool {
    !roles(of: principal).isDisjoint(with: method)
  }
}
