import NIOCore
import Wire

/// The deadlines that a connection may have.
enum ConnectionDeadline: Int, CaseIterable {
  /// HELLO.
  case handshake
  /// A look at whether the peer is there, and does what it began.
  case watch
  case age
  /// The certificate's end.
  case expiry
  /// The peer does not read its answers.
  case stalled
  /// The first GOAWAY was sent.
  case announced
  /// The second was.
  case drained
  /// Our side is to end, once all is written.
  case leaving
  /// Our side has ended; the peer may still read why.
  case lingering
}

/// The time of each deadline.
struct ConnectionDeadlines {
  private var dues = InlineArray<9, NIODeadline>(repeating: .distantFuture)

  subscript(_ kind: ConnectionDeadline) -> NIODeadline {
    get { dues[kind.rawValue] }
    set { dues[kind.rawValue] = newValue }
  }

  var next: NIODeadline {
    var next = NIODeadline.distantFuture
    for at in dues.indices { next = min(next, dues[at]) }
    return next
  }
}

extension ConnectionHandler: DeadlineOwner {
  func see(to kind: ConnectionDeadline, inMs ms: Int64) {
    let due = NIODeadline.now() + .milliseconds(ms)
    deadlines[kind] = due
    timer?.wake(by: due)
  }

  func ring(at now: NIODeadline) -> NIODeadline {
    for kind in ConnectionDeadline.allCases where deadlines[kind] <= now {
      deadlines[kind] = .distantFuture
      see(to: kind, at: now)
    }
    for call in Array(work.values) where call.deadline <= now {
      // Once, also where the connection has ended meanwhile.
      call.deadline = .distantFuture
      perform(table.step(.deadline(call.id)))
    }
    return work.values.reduce(deadlines.next) { min($0, $1.deadline) }
  }

  private func see(to kind: ConnectionDeadline, at now: NIODeadline) {
    switch kind {
    case .handshake: perform(table.step(.handshakeExpired))
    case .watch: watch(at: now)
    case .age: drain(Self.old)
    case .expiry: authorise()
    case .stalled, .lingering: context?.close(promise: nil)
    case .announced: perform(table.step(.announcementExpired))
    case .drained: endCalls()
    case .leaving: if pendingBytes < bytesLeft { leave() } else { context?.close(promise: nil) }
    }
  }
}
