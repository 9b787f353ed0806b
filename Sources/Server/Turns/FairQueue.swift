import DequeModule

/// A fair queue (round robin): over principals, within a principal over its connections, within a
/// connection in arrival order. So nobody waits for more than one item of each other principal,
/// however much others have queued.
struct FairQueue<Work> {
  typealias Connection = ObjectIdentifier

  /// Of one principal.
  private struct Line {
    /// Those that have something waiting, the next first.
    var connections: Deque<Connection> = []
    var waiting: [Connection: Deque<Work>] = [:]

    mutating func append(_ work: Work, of connection: Connection) {
      if waiting[connection] == nil { connections.append(connection) }
      waiting[connection, default: []].append(work)
    }
  }

  /// Those who have something waiting, the next first.
  private var principals: Deque<String> = []
  private var lines: [String: Line] = [:]
  private(set) var count = 0

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
      precondition(isEmpty, "who stands in line has something waiting")
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
    return work
  }
}
