import ArgumentParser
import Failures
import Foundation
import Logging
import NIOPosix
import Recording
import Registry
import RegistryStorage
import UjuziClient
import Vault

/// Makes registries for measurements and loads a server with them: what `Tools/bench` runs beside
/// the program. It is built with the package and is no product.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Bench", abstract: "Make and load registries for measurements.",
    subcommands: [
      BenchData.self, BenchSend.self, BenchPeople.self, BenchAsk.self, BenchHostile.self,
      BenchWatch.self,
    ])
}

/// Why a measurement cannot be made.
struct CLIError: ExplainedError {
  var sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

enum Output {
  static func line(_ text: String) { print(text) }
}

/// Where the server is.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server's address, HOST:PORT.")
  var server = "127.0.0.1:7601"
  @Flag(help: "Print JSON for a program.")
  var json = false

  /// A client that is connected.
  func connect() async throws -> RegistryClient {
    let parts = server.split(separator: ":")
    guard parts.count == 2, let port = Int(parts[1]) else {
      throw CLIError("--server is HOST:PORT, not \(server).")
    }
    var options = RegistryClient.Options()
    options.name = "bench"
    let client = RegistryClient(
      [.init(host: String(parts[0]), port: port)], options,
      group: MultiThreadedEventLoopGroup.singleton)
    _ = try await client.connection()
    return client
  }
}

enum RegistryOpener {
  /// A registry that is begun in a folder, with a master key beside it.
  static func store(data: String, mapSizeGiB: Int) throws -> RegistryStore {
    let keyPath = data + ".key"
    if !FileManager.default.fileExists(atPath: keyPath) { try MasterKey.create(at: keyPath) }
    var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    var options = RegistryStore.Options(folder: data, masterKey: try MasterKey(at: keyPath))
    options.mapSizeBytes = mapSizeGiB << 30
    return try RegistryStore(options, logger: logger)
  }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension SkillLevel {
  /// FRAMEWORK/CODE or FRAMEWORK/CODE>=LEVEL.
  init(argument: String) throws {
    let halves = argument.components(separatedBy: ">=")
    let path = halves[0].split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2, path.count == 2, let framework = Identifier(path[0]),
      let code = Identifier(path[1]), let level = UInt32(halves.count == 2 ? halves[1] : "1")
    else { throw CLIError("\(argument) is no skill: write FRAMEWORK/CODE>=LEVEL.") }
    self.init(framework: framework, skill: code, level: level)
  }
}
