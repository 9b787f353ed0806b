import Locking
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// What a server said in its log.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }
  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
  }
}

/// A peer that speaks TLS as a test likes, and nothing inside of it.
struct TLSStranger {
  /// What was agreed in ALPN; nil when the handshake did not come to its end.
  var agreed: String?
  var errors: [String] = []
  var bytes: [UInt8] = []

  private final class Watcher: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let seen = Mutex(TLSStranger())

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else { return }
      seen.withLock { $0.agreed = agreed ?? "nothing" }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      seen.withLock { $0.bytes += Array(buffer.readableBytesView) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      seen.withLock { $0.errors.append("\(error)") }
    }
  }

  /// Connects, shakes hands, and waits until the server closes.
  static func meet(
    port: Int, _ authority: Authority, certificate name: String?,
    _ change: (inout TLSConfiguration) -> Void
  ) async throws -> TLSStranger {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(authority.roots)
    if let name { try authority.present(name, in: &configuration) }
    change(&configuration)
    let context = try NIOSSLContext(configuration: configuration)
    let watcher = Watcher()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls = try NIOSSLClientHandler(context: context, serverHostname: nil)
          try channel.pipeline.syncOperations.addHandlers(tls, watcher)
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    try await channel.closeFuture.get()
    return watcher.seen.withLock { $0 }
  }

  /// A server that shakes hands and says nothing, for as long as the body runs.
  static func serve(
    _ authority: Authority, certificate name: String, _ change: (inout TLSConfiguration) -> Void,
    _ body: (Int) async throws -> Void
  ) async throws {
    let key = try NIOSSLPrivateKey(file: authority.path(name + ".key"), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: [], privateKey: .privateKey(key))
    try authority.present(name, in: &configuration)
    configuration.applicationProtocols = ["ujuzi/1"]
    change(&configuration)
    let context = try NIOSSLContext(configuration: configuration)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let tls = NIOSSLServerHandler(context: context)
          try channel.pipeline.syncOperations.addHandlers(tls, Watcher())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    try await body(channel.localAddress?.port ?? 0)
    try await channel.close()
  }
}

extension Authority {
  fileprivate func present(_ name: String, in configuration: inout TLSConfiguration) throws {
    let chain = try NIOSSLCertificate.fromPEMFile(path(name + ".pem"))
    configuration.certificateChain = chain.map { .certificate($0) }
    configuration.privateKey = .privateKey(
      try NIOSSLPrivateKey(file: path(name + ".key"), format: .pem))
  }
}
