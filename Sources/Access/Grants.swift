/// Which principal has which roles. Whoever is not named has none.
package struct Grants: Hashable, Sendable {
  private let roles: [Principal: Roles]

  /// Nobody may do anything.
  package static let none = Grants([:])

  package init(_ roles: [Principal: Roles]) {
    precondition(roles.values.allSatisfy { !$0.isEmpty }, "a principal without roles is not named")
    self.roles = roles
  }

  package var count: Int { roles.count }

  /// Empty for a principal that is not named.
  package func roles(of principal: Principal) -> Roles { roles[principal] ?? [] }

  /// Whether the principal may call a method that is for these roles.
  package func allow(_ principal: Principal, a method: Roles) -> Bool {
    !roles(of: principal).isDisjoint(with: method)
  }
}
