import ArgumentParser
import Foundation
import Messages
import NIOPosix
import Registry
import UjuziClient

/// Where the server is, and how answers are printed.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server's address, HOST:PORT.")
  var server = ProcessInfo.processInfo.environment["UJUZI_SERVER"] ?? "127.0.0.1:7601"

  @Flag(help: "Print JSON for a program.")
  var json = false

  func connect() async throws -> UjuziClient {
    let (host, port) = try Address.parse(server)
    return try await UjuziClient.connect(
      host: host, port: port, name: "ujuzi", group: MultiThreadedEventLoopGroup.singleton)
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

enum Address {
  static func parse(_ text: String) throws -> (host: String, port: Int) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { throw Trouble("\(text) is no address: give HOST:PORT, such as 127.0.0.1:7601.") }
    let host = text[..<colon].trimmingCharacters(in: ["[", "]"])
    return (host, port)
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

/// An officer as people name one: by the record's id, or by SCHEME:VALUE.
enum WhoArgument {
  case officer(Identifier)
  case identifier(SchemeValue)

  init(_ text: String) throws {
    if let scheme = SchemeArgument(argument: text) {
      self = .identifier(scheme.value)
    } else if let id = Identifier(text) {
      self = .officer(id)
    } else {
      throw Trouble("\(text) is no officer's id and no SCHEME:VALUE.")
    }
  }
}
