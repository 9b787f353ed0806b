import ArgumentParser
import X509

struct KeysVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make the certificates with which a server and clients meet.",
    subcommands: [KeysDev.self])
}
