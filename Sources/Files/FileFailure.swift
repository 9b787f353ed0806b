import Failures
import Glibc

/// Why a file or folder could not be read, written or made.
public struct FileFailure: ExplainedError, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// There is no such file: the only kind that means "none yet".
    case absent
    case exists
    case permission
    /// The disk or the quota is full.
    case full
    case other
  }

  /// The errno of the call that failed.
  public var code: Int32
  /// What could not be done, such as "The file data/vault/officers cannot be read".
  public var what: String

  public init(_ code: Int32, _ what: String) {
    (self.code, self.what) = (code, what)
  }

  public var kind: Kind {
    switch code {
    case ENOENT: .absent
    case EEXIST: .exists
    case EACCES, EPERM, EROFS: .permission
    case ENOSPC, EDQUOT: .full
    default: .other
    }
  }

  /// Whether the same thing may succeed later without anything else being done.
  public var mayRetry: Bool { kind == .full }

  public var cause: Cause? { Cause(SystemError(code)) }

  public var reason: String {
    switch kind {
    case .absent: "there is no such file or folder"
    case .exists: "it is there already"
    case .permission: "permission denied"
    case .full: "the disk is full"
    case .other: unsafe String(cString: strerror(code))
    }
  }

  public var sentence: String {
    switch kind {
    case .permission:
      "\(what): permission denied. Give it to the user who runs this, or name another."
    case .full: "\(what): the disk is full. Make room and try again."
    case .absent, .exists, .other: "\(what): \(reason)."
    }
  }
}
