import Foundation
import Logging
import Projections
import Registry
import Vault

/// Whether every officer of whom something was sealed has a key, or had one that was erased.
///
/// A slot of the vault that is damaged is nobody's loss while that is so: a crash tore it before
/// anything was sealed with its key. Otherwise it costs the names of one officer, and nothing else.
package struct KeyAudit {
  package let views: Views
  package let vault: Vault
  package let logger: Logger

  package init(views: Views, vault: Vault, logger: Logger) {
    (self.views, self.vault, self.logger) = (views, vault, logger)
  }

  /// Officers who are named in a line of the log; all are in `exceptions`.
  private static let namedMax = 10
  private static let slice = 10_000

  /// Looks for officers without a key where the vault has slots that are not as they were written,
  /// or fewer than it must have; notes and names them. A vault that is whole costs nothing.
  package func run() throws {
    let views = self.views
    let mayHaveLost = try views.environment.read { snapshot in
      vault.mayHaveLost(keysOf: try views.sealedCount(snapshot))
    }
    guard mayHaveLost else { return }
    var lost: [Identifier] = []
    var after: Identifier?
    repeat {
      try Task.checkCancellation()
      let officers = try views.environment.read { snapshot in
        try views.sealed(after: after, limit: Self.slice, snapshot)
      }
      lost += officers.map(\.officer).filter { !vault.hasSlot(of: $0) }
      after = officers.count == Self.slice ? officers.last?.officer : nil
    } while after != nil
    vault.note(damaged: lost)
    let slots = vault.damagedSlots
    if !lost.isEmpty {
      logger.error(
        "\(Self.count(lost)) damaged or missing in the vault: what was sealed with it cannot be read until a backup of the vault is put back; the others are served",
        metadata: [
          "officers":
            "\(lost.prefix(Self.namedMax).map(\.text).joined(separator: " "))\(lost.count > Self.namedMax ? " …" : "")",
          "damaged_slots": "\(slots.count)",
        ])
    } else if !slots.isEmpty {
      logger.notice(
        "slots of the vault were torn before anything was sealed with them: no officer needs them",
        metadata: ["slots": "\(slots.count)"])
    }
  }

  /// Opens the keys of the next officers of whom something was sealed, those that are damaged since
  /// they were written among them; notes these.
  ///
  /// - Returns: a sentence for each, and where to go on; nil after the last.
  package func slice(
    after officer: Identifier?, isTimeUp: () -> Bool
  ) throws -> (troubles: [String], next: Identifier?) {
    let views = self.views
    let officers = try views.environment.read { snapshot in
      try views.sealed(after: officer, limit: Self.opened, snapshot).map(\.officer)
    }
    var troubles: [String] = []
    for (at, officer) in officers.enumerated() {
      if vault.trouble(of: officer) != nil {
        // A slot that is being overwritten, to be erased, may have been read in between.
        vault.awaitWrites()
        if let trouble = vault.trouble(of: officer) {
          vault.note(damaged: officer)
          troubles.append(trouble.sentence)
        }
      }
      if isTimeUp(), at + 1 < officers.count { return (troubles, officer) }
    }
    return (troubles, officers.count == Self.opened ? officers.last : nil)
  }

  /// Keys that are opened in one slice, at most.
  private static let opened = 4096

  private static func count(_ officers: [Identifier]) -> String {
    officers.count == 1
      ? "the key of 1 officer is" : "the keys of \(officers.count) officers are each"
  }
}
