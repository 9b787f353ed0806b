import Access
import NIOCore

/// Files that change while the server runs.
extension UjuziServer {
  /// Looks at the TLS files now, as the server does by itself every few seconds.
  ///
  /// What is whole is in force when this returns: certificates for new connections, roles also
  /// for those that are open. What is not is said in the log, and the old stays.
  package func reload() async { await shared.reload() }
}

extension ServerState {
  func reload() async {
    guard let security else { return }
    let look = turns.aside(anyLoop) { [clock] in security.look(now: clock()) }
    guard (try? await look.get()) != nil else { return }
    for one in open {
      // Fails for a connection that is gone.
      try? await one.channel.eventLoop.submit { one.handler.value.authorise() }.get()
    }
  }

  /// - Parameter everyMs: milliseconds from the end of a look to the next.
  func watchFiles(everyMs: Int64) -> RepeatedTask {
    anyLoop.scheduleRepeatedAsyncTask(
      initialDelay: .milliseconds(everyMs), delay: .milliseconds(everyMs)
    ) { [self] _ in
      let done = anyLoop.makePromise(of: Void.self)
      done.completeWithTask { [self] in await reload() }
      return done.futureResult
    }
  }

  /// What the principal may do; of a connection without TLS, everything.
  func roles(of peer: PeerPrincipal) -> Roles {
    guard let security else { return .every }
    return security.grants.roles(of: peer.principal)
  }
}
