import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Sources of officers, against plain sets.
struct OfficerSourceTests {
  /// Officers posted in organisations, so that `posted` has rows of each pair.
  private func postings(_ registry: TestRegistry, _ random: inout Seeded) throws
    -> [String: Set<String>]
  {
    var places: [String: Set<String>] = [:]
    for at in 1...20 {
      // Some ids begin with others.
      let key = at % 3 == 0 ? "o1" + String(repeating: "x", count: at) : "o\(at)"
      let first = ["left", "right", "low", "top"].randomElement(using: &random)!
      try registry.given(
        Fixture.proposal(
          "officer/" + key, "2021-01-01",
          .officer(
            .registered(OfficerRegistered(posting: Posting(organisation: id(first))))),
          personal: Personal(name: "Example")))
      places[first, default: []].insert(key)
      for on in ["2021-02-01", "2021-03-01"] where Bool.random(using: &random) {
        let next = ["left", "right", "low", "top"].randomElement(using: &random)!
        let moved = Fixture.proposal(
          "officer/" + key, on,
          .officer(.posted(OfficerPosted(posting: Posting(organisation: id(next))))))
        if try registry.record([moved])[0].position != nil {
          places[next, default: []].insert(key)
        }
      }
    }
    return places
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `Joined sources give what sets give, in order, from any key`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    for key in Crowd.organisations { try registry.given(Fixture.organisation(key)) }
    let places = try postings(registry, &random)
    func rows(_ key: String) -> OfficerSource {
      .rows(.posted, prefix: ViewKey.prefix("organisation/" + key))
    }
    let (left, right, low) = (
      places["left"] ?? [], places["right"] ?? [], places["low"] ?? []
    )
    let cases: [(OfficerSource, Set<String>)] = [
      (rows("left"), left),
      (.anyOf([rows("left"), rows("right"), rows("low")]), left.union(right).union(low)),
      (.allOf([rows("left"), rows("right")]), left.intersection(right)),
      (
        .allOf([.anyOf([rows("left"), rows("low")]), .anyOf([rows("right"), rows("low")])]),
        left.union(low).intersection(right.union(low))
      ),
      (.anyOf([]), []), (rows("nowhere"), []),
    ]
    try registry.session { session in
      for (source, expected) in cases {
        let sorted = expected.sorted()
        for start in ["", "o1", "o5", sorted.last ?? "z"] {
          var found: [String] = []
          try source.lend(session.readModel) { search in
            var from = Array(start.utf8)
            while case .officer(let key) = try search.first(from: from, { false }) {
              found.append(String(decoding: key, as: UTF8.self))
              from = OfficerSource.after(key)
            }
          }
          #expect(found == sorted.filter { $0 >= start }, "from \(start), seed \(seed)")
        }
        for key in ["o1", "o2", "o1xxx", "o17"] {
          #expect(
            try source.contains(Array(key.utf8), session.readModel) == expected.contains(key),
            "\(key), seed \(seed)")
        }
      }
    }
    try registry.end()
  }
}
