import EventLog
import LMDB
import Vault

/// An error of the stores in a sentence, for a log line or for another sentence.
package enum ErrorSentence {
  /// An error in a sentence.
  package static func of(_ error: any Error) -> String {
    switch error {
    case let failure as StoreFailure: failure.sentence
    case let failure as LogFailure: failure.sentence
    case let failure as FolderFailure: failure.sentence
    case let failure as VaultFailure: failure.sentence
    default: "\(error)"
    }
  }
}
