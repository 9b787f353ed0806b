import Messages
import Projections
import Registry
import RegistryStorage
import Vault

extension ExceptionFinder {
  /// Officers whose personal data cannot be opened though it was never erased, a line each.
  ///
  /// - Returns: how many were examined, and where to go on; nil after the last.
  func keys(
    after officer: Identifier?, in vault: Vault, into lines: inout [ExceptionLine]
  ) throws -> (examined: Int, next: Identifier?) {
    let officers = try readModel.views.sealed(
      after: officer, limit: ExceptionsQuery.streamsMax, readModel.snapshot)
    for (officer, first) in officers where first < position {
      let stored = try readModel.stored(first)
      // A key that opens what was sealed first is the one that everything was sealed with.
      var trouble: VaultFailure?
      do {
        _ = try vault.personal(of: stored, in: readModel.log, arena: readModel.arena)
        trouble = vault.trouble(of: officer)
      } catch let failure as VaultFailure {
        trouble = failure
      }
      guard let trouble else { continue }
      lines.append(line(.keyDamaged, stored.event, officer, trouble.sentence))
    }
    return (
      officers.count, officers.count == ExceptionsQuery.streamsMax ? officers.last?.officer : nil
    )
  }
}
