import ArgumentParser
import Foundation
import Messages
import NIOPosix
import UjuziClient

/// Where the server is, and how answers are printed.
struct ServerOptions: ParsableArguments {
  @Option(
    help: "The server's address, HOST:PORT; several, with commas between them, of one registry.")
  var server = ProcessInfo.processInfo.environment["UJUZI_SERVER"] ?? "127.0.0.1:7601"

  @Flag(help: "Print JSON for a program.")
  var json = false

  @OptionGroup(title: "TLS (all three, or none)") var tls: TLSOptions

  /// A client that is connected: what is wrong with the address or the certificate is said at
  /// once.
  func connect() async throws -> RegistryClient {
    let client = try client()
    _ = try await client.connection()
    return client
  }

  /// A client that connects at its first call.
  func client() throws -> RegistryClient {
    var options = RegistryClient.Options()
    options.name = "ujuzi"
    options.tls = try tls.files()
    return RegistryClient(
      try server.split(separator: ",").map { try Address.parse(String($0)) }, options,
      group: MultiThreadedEventLoopGroup.singleton)
  }

  /// Asks one question and prints the answer: as JSON, or as the closure has it, where it has
  /// something to print.
  func ask<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, _ describe: (A) -> String?
  ) async throws -> A {
    let client = try await connect()
    let bytes = try await client.call(method.rawValue, Codec.encode(question))
    await client.close()
    let value = try Codec.decode(A.self, from: bytes)
    if json {
      Output.line(try JSONMapping.text(of: method.messages.reply, bytes).text)
    } else if let text = describe(value) {
      Output.line(text)
    }
    return value
  }

  /// Prints an answer that was put together from its parts: as JSON, or as the closure has it.
  func show<A: Message>(_ value: A, of method: Method, _ describe: (A) -> String?) throws {
    if json {
      let bytes = Codec.encode(value)
      Output.line(try JSONMapping.text(of: method.messages.reply, bytes, limits: .stored).text)
    } else if let text = describe(value) {
      Output.line(text)
    }
  }

  /// A message of a stream.
  func show<A: Message>(_ page: A, _ method: Method, _ take: (A) throws -> Void) throws {
    guard json else { return try take(page) }
    Output.line(
      try JSONMapping.text(of: method.messages.reply, Codec.encode(page), limits: .stored).text)
  }
}
