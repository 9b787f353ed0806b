import DequeModule

/// A fair queue (round robin): over principals, within a principal over its connections, within a
/// connection in arrival order. So nobody waits for more than one item of each other principal,
/// however much others have queued.
struct FairQueue<Work> {
  typealias Connection = ObjectIdentifier

  /// Of one principal.
  struct Line {
    /// Those that have something waiting, the next first.
    var connections: Deque<Connection> = []
    var waiting: [Connection: Deque<Work>] = [:]

    mutating func append(_ work: Work, of connection: Connection) {
      if waiting[connection] == nil { connections.append(connection) }
      waiting[connection, default: []].append(work)
    }
  }

  /// Those who have something waiting, the next first.
  var principals: Deque<String> = []
  var lines: [String: Line] = [:]
  var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ work: Work, of connection: Connection, _ principal: String) {
    count += 1
    if lines[principal] == nil {
      principals.append(principal)
      lines[principal] = Line()
    }
    lines[principal]?.append(work, of: connection)
  }

  mutating func popFirst() -> Work? {
    guard let principal = principals.popFirst(),
      let connection = lines[principal]?.connections.popFirst(),
      let work = lines[principal]?.waiting[connection]?.popFirst()
    else {
      precondition(isEmpty, Invariant.everyLineHasItsTurn.rawValue)
      return nil
    }
    count -= 1
    if lines[principal]?.waiting[connection]?.isEmpty ?? true {
      lines[principal]?.waiting[connection] = nil
    } else {
      lines[principal]?.connections.append(connection)
    }
    if lines[principal]?.connections.isEmpty ?? true {
      lines[principal] = nil
    } else {
      principals.append(principal)
    }
    // With nothing left there is nothing to look at.
    assert(!isEmpty || violations().isEmpty, "\(violations())")
    return work
  }
}
