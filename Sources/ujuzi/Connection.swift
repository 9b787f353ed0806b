import ArgumentParser
import Foundation
import Messages
import NIOPosix
import Registry
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
  func connect() async throws -> UjuziClient {
    let client = try client()
    _ = try await client.connection()
    return client
  }

  /// A client that connects at its first call.
  func client() throws -> UjuziClient {
    var options = UjuziClient.Options()
    options.name = "ujuzi"
    options.tls = try tls.files()
    return UjuziClient(
      try server.split(separator: ",").map { try Address.parse(String($0)) }, options,
      group: MultiThreadedEventLoopGroup.singleton)
  }

  /// Asks one question and prints the answer: as JSON, or as the closure has it.
  func ask<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, _ describe: (A) -> String
  ) async throws -> A {
    let client = try await connect()
    let bytes = try await client.call(method.rawValue, Codec.encode(question))
    await client.close()
    let value = try Codec.decode(A.self, from: bytes)
    if json {
      Output.line(try JSONForm.text(of: method.messages.reply, bytes).text)
    } else {
      Output.line(describe(value))
    }
    return value
  }

  /// Prints an answer that was put together from its parts: as JSON, or as the closure has it.
  func show<A: Message>(_ value: A, of method: Method, _ describe: (A) -> String) throws {
    if json {
      let bytes = Codec.encode(value)
      Output.line(try JSONForm.text(of: method.messages.reply, bytes, limits: .stored).text)
    } else {
      Output.line(describe(value))
    }
  }

  /// Asks for a stream and hands on each message.
  func stream<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, _ take: (A) throws -> Void
  ) async throws {
    let client = try await connect()
    for try await bytes in client.stream(method.rawValue, Codec.encode(question)) {
      if json {
        Output.line(try JSONForm.text(of: method.messages.reply, bytes).text)
      } else {
        try take(try Codec.decode(A.self, from: bytes))
      }
    }
    await client.close()
  }
}

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
      throw Trouble(
        "--tls-roots, --tls-certificate and --tls-key (or UJUZI_TLS_ROOTS, UJUZI_TLS_CERTIFICATE "
          + "and UJUZI_TLS_KEY) go together: give all three.")
    }
    return ClientTLS(roots: roots, certificate: certificate, key: key)
  }
}

enum Address {
  static func parse(_ text: String) throws -> ServerAddress {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { throw Trouble("\(text) is no address: give HOST:PORT, such as 127.0.0.1:7601.") }
    let host = text[..<colon].trimmingCharacters(in: ["[", "]"])
    return ServerAddress(host: host, port: port)
  }
}

extension Day: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension StreamID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension EventID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// SCHEME:VALUE, as people write an identifier.
struct SchemeArgument: ExpressibleByArgument {
  var value: SchemeValue

  init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":"),
      let scheme = Identifier(argument[..<colon]), argument.index(after: colon) < argument.endIndex
    else { return nil }
    value = SchemeValue(scheme: scheme, value: String(argument[argument.index(after: colon)...]))
  }
}
