import Foundation
import NIOPosix
import UjuziClient

enum Address {
  static func parse(_ text: String) throws -> ServerAddress {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65535).contains(port)
    else { throw CLIError("\(text) is no address: give HOST:PORT, such as 127.0.0.1:7601.") }
    let host = text[..<colon].trimmingCharacters(in: ["[", "]"])
    return ServerAddress(host: host, port: port)
  }
}
