import Testing

@testable import Registry

/// Where an organisation stands, once it was merged or split.
struct OrganisationOrderTests {
  private static func stand(
    under parent: Identifier?, into successors: Identifier...
  ) -> Organisation {
    Organisation(
      status: successors.isEmpty ? .active : successors.count == 1 ? .merged : .split,
      since: .test, parent: parent, successors: successors)
  }

  private static func superiors(
    of organisation: Identifier, _ all: [Identifier: Organisation]
  ) -> [Identifier] {
    Organisation.superiors(of: organisation) { all[$0] }
  }

  @Test func `An organisation stands below its parents, the nearest first`() {
    let all: [Identifier: Organisation] = [
      "unit": Self.stand(under: "agency"), "agency": Self.stand(under: "ministry"),
    ]
    #expect(Self.superiors(of: "unit", all) == ["unit", "agency", "ministry"])
    #expect(Self.superiors(of: "nowhere", all) == ["nowhere"])
  }

  @Test func `A merged one stands below the one that it went into, and no more where it was`() {
    let all: [Identifier: Organisation] = [
      "unit": Self.stand(under: "agency"), "agency": Self.stand(under: "ministry", into: "office"),
      "office": Self.stand(under: "cabinet"),
    ]
    #expect(Self.superiors(of: "unit", all) == ["unit", "agency", "office", "cabinet"])
  }

  @Test func `What merged into something below it stands where it stood`() {
    let all: [Identifier: Organisation] = [
      "agency": Self.stand(under: "ministry", into: "unit"), "unit": Self.stand(under: "agency"),
    ]
    #expect(Self.superiors(of: "agency", all) == ["agency", "unit", "ministry"])
    #expect(Self.superiors(of: "unit", all) == ["unit", "agency", "ministry"])
  }

  @Test func `A split one stands below what all of its parts stand below`() {
    var all: [Identifier: Organisation] = [
      "agency": Self.stand(under: "ministry", into: "north", "south"),
      "north": Self.stand(under: "office"), "south": Self.stand(under: "ministry"),
      "office": Self.stand(under: "cabinet"), "ministry": Self.stand(under: "cabinet"),
    ]
    #expect(Self.superiors(of: "agency", all) == ["agency", "cabinet"])
    all["south"] = Self.stand(under: "office")
    #expect(Self.superiors(of: "agency", all) == ["agency", "office", "cabinet"])
    // Into what stands below itself.
    all["north"] = Self.stand(under: "agency")
    all["south"] = Self.stand(under: "agency")
    #expect(Self.superiors(of: "agency", all) == ["agency", "ministry", "cabinet"])
  }

  @Test func `An order that goes round, or splits without end, ends all the same`() {
    let round: [Identifier: Organisation] = [
      "a": Self.stand(under: "b"), "b": Self.stand(under: "a"),
    ]
    #expect(Self.superiors(of: "a", round) == ["a", "b"])
    var splits: [Identifier: Organisation] = [:]
    for at in 0..<60 {
      splits[Identifier("s\(at)")!] = Self.stand(
        under: nil, into: Identifier("s\(at + 1)")!, Identifier("s\(at + 2)")!)
    }
    #expect(Self.superiors(of: "s0", splits).first == "s0")
  }
}
