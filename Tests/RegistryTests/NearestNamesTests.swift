import Testing

@testable import Registry

struct NearestNamesTests {
  private static let rows: [(name: String, known: [String], near: [String])] = [
    ("clod", ["cloud", "crypto", "cad"], ["cloud"]),
    ("itc", ["ict", "digcomp-2.2"], ["ict"]),
    ("ICT", ["ict"], ["ict"]),
    ("moitc", ["moh", "moict", "moe"], ["moict"]),
    ("heta", ["nc4", "ksg"], []),
    // The nearest first, then by name; no more than three.
    ("c1", ["c4", "c2", "c3", "c11", "d1x"], ["c11", "c2", "c3"]),
    ("cy-2", ["cy-2-2", "cl-2-1", "cy-2-1"], ["cy-2-1", "cy-2-2"]),
    ("", ["a", "abc"], ["a"]),
    ("x", [], []),
  ]

  @Test(arguments: rows)
  func `What may be meant is near in letters`(
    row: (name: String, known: [String], near: [String])
  ) {
    #expect(NearestNames.of(row.name, among: row.known) == row.near, "\(row)")
  }

  @Test func `A sentence names what may be meant`() {
    func sentence(_ name: String, _ known: [String]) -> String {
      NearestNames.sentence(noSuch: "skill", name, in: "the framework ict", among: known)
    }
    #expect(sentence("x", []) == "There is no skill x in the framework ict.")
    #expect(
      sentence("clod", ["cloud"])
        == "There is no skill clod in the framework ict; did you mean cloud?")
    #expect(
      sentence("c1", ["c2", "c3", "c4"])
        == "There is no skill c1 in the framework ict; did you mean c2, c3 or c4?")
  }

  /// The distance by its definition, as far as the words are short.
  private static func slow(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
    guard let x = a.last, let y = b.last else { return max(a.count, b.count) }
    var least = min(
      slow(a.dropLast(), b) + 1, slow(a, b.dropLast()) + 1,
      slow(a.dropLast(), b.dropLast()) + (x == y ? 0 : 1))
    if a.count > 1, b.count > 1, a.dropLast().last == y, b.dropLast().last == x {
      least = min(least, slow(a.dropLast(2), b.dropLast(2)) + 1)
    }
    return least
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `The distance is the least number of edits, where it is small enough`(seed: UInt64) {
    var random = Seeded(seed)
    func word() -> [UInt8] {
      (0..<Int.random(in: 0...5, using: &random)).map { _ in .random(in: 97...99, using: &random) }
    }
    let (a, b) = (word(), word())
    let right = Self.slow(a[...], b[...])
    for most in 0...5 {
      #expect(
        NearestNames.distance(a, b, atMost: most) == (right <= most ? right : nil),
        "\(a) \(b) \(most)")
    }
  }
}
