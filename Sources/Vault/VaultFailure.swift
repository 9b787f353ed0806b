import Failures
import Files

/// Why something cannot be sealed or opened.
package struct VaultFailure: ExplainedError, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case wrongMasterKey
    /// A part of the vault is not there, though the log has events that it must have keys for.
    case missing
    /// An officer has no key: never one, or what was sealed with it needs a key that is lost.
    case noKey
    case erased
    /// A key, or what was sealed with one, is not what was written.
    case altered
    /// One key cannot be read from the disk at the moment.
    case unreadable
    case permission
    /// The disk is full: nothing was kept.
    case full
    /// The disk failed: what was written last may not be there.
    case io
  }

  package var kind: Kind
  package var sentence: String
  package var cause: Cause?

  package init(_ kind: Kind, _ sentence: String, cause: Cause? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.cause = cause
  }

  /// - Parameter otherwise: where it is neither a permission nor a full disk.
  init(_ failure: FileFailure, otherwise: Kind) {
    kind =
      switch failure.kind {
      case .permission: .permission
      case .full: .full
      case .absent, .exists, .other: otherwise
      }
    sentence = failure.sentence
    cause = Cause(failure)
  }

  /// Whether the same thing may succeed later without anything else being done.
  package var mayRetry: Bool { kind == .full }
}
