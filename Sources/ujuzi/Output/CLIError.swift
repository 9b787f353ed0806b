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

/// Why a command failed, as one sentence, and with which exit status it ends.
struct CLIError: Error {
  var sentence: String
  var status = ExitStatus.unanswered

  init(_ sentence: String) { self.sentence = sentence }

  /// There is no such thing: an answer, and a negative one.
  static func noSuch(_ sentence: String) -> CLIError {
    var error = CLIError(sentence)
    error.status = .negative
    return error
  }

  /// There is no such thing among those that there are: the nearest are named, or all of a few.
  static func noSuch(_ what: String, _ name: String, among known: [String]) -> CLIError {
    let sentence = NearestNames.sentence(noSuch: what, name, among: known)
    guard known.count <= 20, NearestNames.of(name, among: known).isEmpty else {
      return noSuch(sentence)
    }
    return noSuch("\(sentence) There are \(known.joined(separator: ", ")).")
  }

  /// What is called so.
  ///
  /// - Throws: `CLIError` where nothing is.
  static func named<Value>(
    _ name: String, _ what: String, _ all: [Value], _ spelled: (Value) -> String
  ) throws -> Value {
    guard let found = all.first(where: { spelled($0) == name }) else {
      throw noSuch(what, name, among: all.map(spelled))
    }
    return found
  }

  /// The sentence of an error of ours; nil for errors that others print better.
  init?(of error: any Error) {
    switch error {
    case let error as CallStatus:
      sentence =
        "\(error.message) (\(error.code.name)\(error.field.isEmpty ? "" : ", field \(error.field)"))"
      if error.code == .notFound { status = .negative }
    case let error as Output.WriteFailure: sentence = error.sentence
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
