import ArgumentParser
import Foundation
import Messages
import NIOPosix
import UjuziClient

/// Who asks, for a server that speaks TLS.
struct TLSOptions: ParsableArguments {
  @Option(
    name: .customLong("tls-roots"), help: "The authorities of servers, PEM (UJUZI_TLS_ROOTS).")
  var roots = ProcessInfo.processInfo.environment["UJUZI_TLS_ROOTS"] ?? ""
  @Option(
    name: .customLong("tls-certificate"), help: "Your certificate, PEM (UJUZI_TLS_CERTIFICATE).")
  var certificate = ProcessInfo.processInfo.environment["UJUZI_TLS_CERTIFICATE"] ?? ""
  @Option(name: .customLong("tls-key"), help: "Its key, PEM (UJUZI_TLS_KEY).")
  var key = ProcessInfo.processInfo.environment["UJUZI_TLS_KEY"] ?? ""

  func files() throws -> ClientTLS? {
    let given = [roots, certificate, key]
    if given.allSatisfy(\.isEmpty) { return nil }
    guard !given.contains("") else {
      throw CLIError(
        "--tls-roots, --tls-certificate and --tls-key (or UJUZI_TLS_ROOTS, UJUZI_TLS_CERTIFICATE "
          + "and UJUZI_TLS_KEY) go together: give all three.")
    }
    return ClientTLS(roots: roots, certificate: certificate, key: key)
  }
}
