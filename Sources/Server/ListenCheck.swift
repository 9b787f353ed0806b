import NIOCore
import NIOPosix

extension UjuziServer {
  /// Whether a server could listen: the address is one, nobody else listens there, and the TLS files
  /// are whole. For a start that must not make anything before it knows.
  ///
  /// - Throws: `ListenFailure`.
  public static func check(
    host: String, port: Int, tls: ServerTLS?, clock: @Sendable () -> Int64 = WallClock.now
  ) async throws {
    let address = try Self.address(host, port, isPlain: tls == nil)
    if let tls { _ = try TransportSecurity(tls, logger: .init(label: "check"), now: clock()) }
    do {
      let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(to: address).get()
      try await channel.close()
    } catch {
      throw ListenFailure(sentence: Self.cannotListen(host, port, error))
    }
  }

  static func address(
    _ host: String, _ port: Int, isPlain: Bool
  ) throws(ListenFailure) -> SocketAddress {
    guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
      throw ListenFailure(sentence: "\(host) is no address.")
    }
    guard !isPlain || address.isLoopback else {
      throw ListenFailure(
        sentence: "\(host) is not a loopback address: without TLS only 127.0.0.1 or ::1 may be "
          + "listened on.")
    }
    return address
  }

  static func cannotListen(_ host: String, _ port: Int, _ error: any Error) -> String {
    "\(host):\(port) cannot be listened on: \(error). Is another server there?"
  }
}
