import ArgumentParser
import Messages

struct ConnectionsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connections", abstract: "Who is connected to the server, and what they do.",
    discussion: "Example: ujuzi connections")

  @OptionGroup var options: ServerOptions

  func run() async throws {
    _ = try await options.ask(.connections, ConnectionsRequest(), ConnectionsReply.self) { reply in
      Output.table(
        [
          "number", "peer", "client", "principal", "age", "silent", "calls", "open", "streams",
          "read", "written", "waiting", "phase",
        ],
        reply.connections.map {
          [
            "\($0.number)", $0.peer, Output.plain($0.client), Output.plain($0.principal),
            Self.time($0.ageMs), Self.time($0.silentMs), "\($0.calls)", "\($0.callsOpen)",
            "\($0.streamsOpen)", Self.size($0.bytesRead), Self.size($0.bytesWritten),
            Self.size($0.bytesWaiting), $0.phase,
          ]
        })
    }
  }

  private static func time(_ ms: UInt64) -> String {
    ms < 10_000 ? "\(ms) ms" : ms < 600_000 ? "\(ms / 1000) s" : "\(ms / 60_000) min"
  }

  private static func size(_ bytes: UInt64) -> String {
    bytes < 10_240 ? "\(bytes) B" : bytes < 10_485_760 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
  }
}
