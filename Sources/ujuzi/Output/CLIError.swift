import EventLog
import Files
import LMDB
import Messages
import Registry
import RegistryStorage
import Server
import UjuziClient
import Vault
import Wire

/// Why a command failed, as one sentence.
struct CLIError: Error {
  var sentence: String

  init(_ sentence: String) { self.sentence = sentence }

  /// The sentence of an error of ours; nil for errors that others print better.
  init?(of error: any Error) {
    switch error {
    case let error as CallStatus:
      sentence =
        "\(error.message) (\(error.code.name)\(error.field.isEmpty ? "" : ", field \(error.field)"))"
    case let error as ConnectionFailure: sentence = error.sentence
    case let error as ClockFailure: sentence = error.sentence
    case let error as FileFailure: sentence = error.sentence
    case let error as FolderFailure: sentence = error.sentence
    case let error as LogFailure: sentence = error.sentence
    case let error as StoreFailure: sentence = error.sentence
    case let error as VaultFailure: sentence = error.sentence
    case let error as ListenFailure: sentence = error.sentence
    case let error as DecodeFailure: sentence = error.sentence
    case let error as Rejection: sentence = error.sentence
    default: return nil
    }
  }
}
