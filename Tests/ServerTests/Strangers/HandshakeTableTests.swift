import NIOCore
import Testing

@testable import Server

/// Who gives way when too many handshakes have begun.
struct HandshakeTableTests {
  private static func source(_ address: String) throws -> SourceAddress {
    SourceAddress(try SocketAddress(ipAddress: address, port: 7))
  }

  @Test func `An address is IPv4's, or the 64 bits of IPv6 that one line has`() throws {
    let alike: [(String, String, Bool)] = [
      ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
      ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true),
      ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("::ffff:192.0.2.1", "192.0.2.1", true),
      ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false), ("::1", "127.0.0.1", false),
    ]
    for (one, other, are) in alike {
      #expect(try (Self.source(one) == Self.source(other)) == are, "\(one), \(other)")
    }
    #expect(SourceAddress(nil) == .unknown)
  }

  /// A handshake is a letter for its source and a number; * is one that gives way.
  static let rows: [(steps: String, gives: [String])] = [
    ("a1 a2 b1 *", ["a1"]),
    // The most, though another is older.
    ("b1 a1 a2 *", ["a1"]),
    ("b1 a1 a2 * * *", ["a1", "b1", "a2"]),
    // As many: the oldest.
    ("b1 a1 a2 b2 * *", ["b1", "a1"]),
    // Those that are done do not count.
    ("a1 a2 a3 b1 b2 -a1 -a3 *", ["b1"]),
    ("a1 a2 a3 -a1 *", ["a2"]),
    ("a1 -a1 *", ["nobody"]),
    ("*", ["nobody"]),
    ("a1 a2 * -a1 *", ["a1", "a2"]),
    // Each its own: as if there were one source.
    ("a1 b1 c1 d1 * * *", ["a1", "b1", "c1"]),
  ]

  @Test(arguments: rows.indices)
  func `The oldest of the source with the most gives way`(row: Int) {
    let (steps, gives) = Self.rows[row]
    var table = HandshakeTable<String, String>()
    var given: [String] = []
    var left: Set<String> = []
    for step in steps.split(separator: " ").map(String.init) {
      if step == "*" {
        given.append(table.giveWay() ?? "nobody")
        left.remove(given.last!)
      } else if step.hasPrefix("-") {
        table.end(String(step.dropFirst()))
        left.remove(String(step.dropFirst()))
      } else {
        let letter = step.unicodeScalars.first!.value
        table.begin(step, from: .ipv4(letter), step)
        left.insert(step)
      }
    }
    #expect(given == gives, "\(steps)")
    #expect(Set(table.all) == left, "\(steps)")
  }

  /// A handshake that somebody means, and when it would be done.
  private struct Meant {
    var id: Int
    var doneMs: Int
  }

  /// 1,500 a second are begun and abandoned, from one address or some; others shake hands over
  /// lines with a delay of 300 ms, which takes three journeys.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `Slow lines get in beside a flood of handshakes that are abandoned`(seed: UInt64) {
    var random = Seeded(seed)
    let strangers = Int.random(in: 1...20, using: &random)
    var table = HandshakeTable<Int, Int>()
    var (next, done, lost) = (0, 0, 0)
    var meant: [Meant] = []
    var isMeant: Set<Int> = []
    func begin(_ source: UInt32) -> Int {
      if table.count >= 1_000, let gone = table.giveWay(), isMeant.contains(gone) { lost += 1 }
      next += 1
      table.begin(next, from: .ipv4(source), next)
      return next
    }
    for ms in 0..<8_000 {
      for one in meant where one.doneMs == ms {
        table.end(one.id)
        if isMeant.remove(one.id) != nil { done += 1 }
      }
      meant.removeAll { $0.doneMs <= ms }
      for _ in 0..<(ms % 2 == 0 ? 1 : 2) {
        _ = begin(UInt32.random(in: 1...UInt32(strangers), using: &random))
      }
      // Some share an address, as behind one router.
      if Int.random(in: 0..<10, using: &random) == 0 {
        let id = begin(1_000 + UInt32.random(in: 0..<12, using: &random))
        isMeant.insert(id)
        meant.append(Meant(id: id, doneMs: ms + 900))
      }
    }
    #expect(lost == 0 && done > 500, "seed \(seed): \(lost) lost, \(done) done")
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `Of any handshakes in any order the table keeps the right ones`(seed: UInt64) {
    var random = Seeded(seed)
    var table = HandshakeTable<Int, Int>()
    // In the order in which they began.
    var model: [(id: Int, source: UInt32)] = []
    for id in 0..<600 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where !model.isEmpty:
        let at = Int.random(in: 0..<model.count, using: &random)
        table.end(model.remove(at: at).id)
      case 1:
        let counts = Dictionary(grouping: model, by: \.source).mapValues(\.count)
        let most = counts.values.max()
        let oldest = model.firstIndex { counts[$0.source] == most }
        #expect(table.giveWay() == oldest.map { model[$0].id }, "seed \(seed), step \(id)")
        if let oldest { model.remove(at: oldest) }
      default:
        let source = UInt32.random(in: 0..<9, using: &random)
        table.begin(id, from: .ipv4(source), id)
        model.append((id, source))
      }
      #expect(table.count == model.count)
    }
    #expect(Set(table.all) == Set(model.map(\.id)), "seed \(seed)")
  }
}
