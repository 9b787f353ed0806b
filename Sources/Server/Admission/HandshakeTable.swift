import DequeModule
import NIOCore

/// Where a stranger comes from, as far as it can be told: who can send from one address can send
/// from all of its /64.
enum SourceAddress: Hashable, Sendable {
  case ipv4(UInt32)
  /// The first 64 bits.
  case ipv6(UInt32, UInt32)
  case unknown

  init(_ address: SocketAddress?) {
    switch address {
    case .v4(let address): self = .ipv4(UInt32(bigEndian: address.address.sin_addr.s_addr))
    case .v6(let address):
      let words = unsafe address.address.sin6_addr.__in6_u.__u6_addr32
      let mapped = words.0 == 0 && words.1 == 0 && words.2 == UInt32(bigEndian: 0xFFFF)
      self =
        mapped
        ? .ipv4(UInt32(bigEndian: words.3))
        : .ipv6(UInt32(bigEndian: words.0), UInt32(bigEndian: words.1))
    case .unixDomainSocket, nil: self = .unknown
    }
  }
}

/// Handshakes that have begun and are not done, by where they come from.
///
/// When there are too many, the oldest of the source that has the most gives way: whoever begins
/// many and ends none takes places from itself, and a handshake over a slow line keeps its own.
struct HandshakeTable<ID: Hashable, Handshake> {
  struct Begun {
    var source: SourceAddress
    /// Counts up: a lower one is older.
    var number: UInt64
    var handshake: Handshake
  }

  struct Source {
    /// Oldest first; those that are done are taken out when they come to the front.
    var ids: Deque<ID> = []
    var count = 0
  }

  /// So many handshakes are looked at, at each change, where assertions are on.
  private static var checkedMax: Int { 64 }

  var begun: [ID: Begun] = [:]
  var sources: [SourceAddress: Source] = [:]
  private var number: UInt64 = 0

  var count: Int { begun.count }
  var all: [Handshake] { begun.values.map(\.handshake) }

  mutating func begin(_ id: ID, from source: SourceAddress, _ handshake: Handshake) {
    precondition(begun[id] == nil, "a handshake begins once")
    number += 1
    begun[id] = Begun(source: source, number: number, handshake: handshake)
    sources[source, default: Source()].ids.append(id)
    sources[source, default: Source()].count += 1
    assert(begun.count > Self.checkedMax || violations().isEmpty, "\(violations())")
  }

  /// Done, or given up; one that is not there is no mistake.
  mutating func end(_ id: ID) {
    guard let source = begun.removeValue(forKey: id)?.source, var known = sources[source] else {
      return
    }
    known.count -= 1
    while let first = known.ids.first, begun[first]?.source != source { known.ids.removeFirst() }
    // Between the front and the back, those that are done are at most as many as those that wait.
    if known.ids.count > 2 * known.count + 8 { known.ids.removeAll { begun[$0] == nil } }
    sources[source] = known.count > 0 ? known : nil
    assert(begun.count > Self.checkedMax || violations().isEmpty, "\(violations())")
  }

  /// Takes out the oldest handshake of the source with the most; among several such sources, of the
  /// one whose oldest is the oldest. Nil when there is none.
  ///
  /// Looks at every source: handshakes are bounded, and each costs more than this.
  mutating func giveWay() -> Handshake? {
    var chosen: (count: Int, number: UInt64, id: ID)?
    for known in sources.values {
      guard known.count >= chosen?.count ?? 0, let oldest = known.ids.first,
        let number = begun[oldest]?.number
      else { continue }
      if let chosen, known.count == chosen.count, chosen.number < number { continue }
      chosen = (known.count, number, oldest)
    }
    guard let id = chosen?.id, let handshake = begun[id]?.handshake else { return nil }
    end(id)
    return handshake
  }
}
