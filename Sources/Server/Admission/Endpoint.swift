import Failures
import Glibc
import Locking
import Logging
import NIOCore

/// An address that is taken for a server before it listens there, and the files with which it will
/// speak TLS, read: what is wrong with either is known before anything else is made.
///
/// A TCP port is held by a socket that is bound and does not listen, so that nobody is kept waiting
/// meanwhile: a client is refused, as before the start. The server's own socket may be bound beside
/// it, since neither listens.
package final class Endpoint: Sendable {
  let address: SocketAddress
  let security: TransportSecurity?
  private let name: String
  private let holding = Mutex<Int32?>(nil)

  /// - Parameter now: seconds since 1970, for certificates that expire.
  /// - Throws: `ListenFailure`: the address must be a loopback address without TLS.
  package init(
    host: String, port: Int, tls: ServerTLS? = nil, logger: Logger, now: Int64 = WallClock.now()
  ) throws(ListenFailure) {
    guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
      throw ListenFailure(sentence: "\(host) is no address.")
    }
    guard tls != nil || address.isLoopback else {
      throw ListenFailure(
        sentence: "\(host) is not a loopback address: without TLS only 127.0.0.1 or ::1 may be "
          + "listened on.")
    }
    self.address = address
    name = "\(host):\(port)"
    var security: TransportSecurity?
    if let tls { security = try TransportSecurity(tls, logger: logger, now: now) }
    self.security = security
    // Of port 0 there is one that is free.
    if port != 0 { try hold() }
  }

  deinit { giveBack() }

  private func hold() throws(ListenFailure) {
    // fits: constants
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let socket = Glibc.socket(
      address.protocol.rawValue, kind, 0)
    guard socket >= 0 else { throw failure(IOError(errnoCode: errno, reason: "socket")) }
    var yes: Int32 = 1
    let length = socklen_t(MemoryLayout<Int32>.size)
    guard unsafe setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, length) == 0,
      unsafe address.withSockAddr({ unsafe bind(socket, $0, socklen_t($1)) }) == 0
    else {
      let why = IOError(errnoCode: errno, reason: "bind")
      close(socket)
      throw failure(why)
    }
    holding.withLock { $0 = socket }
  }

  /// The server listens, or will not.
  func giveBack() {
    if let socket = holding.withLock({ $0.take() }) { close(socket) }
  }

  func failure(_ error: any Error) -> ListenFailure {
    ListenFailure(
      sentence: "\(name) cannot be listened on: \(error). Is another server there?",
      cause: Cause(error))
  }
}

extension SocketAddress {
  var isLoopback: Bool {
    guard let ip = ipAddress else { return false }
    return ip.hasPrefix("127.") || ip == "::1"
  }
}
