import Registry
import Testing

@testable import Messages

/// What a number may be where it is taken in, and that what is read back is never refused for it.
@Suite struct BoundTests {
  /// Everything that is sent to a registry or, of the connection's own frames, to a client.
  static let sent: [String] = {
    var names = Set(Method.allCases.map(\.messages.request))
    names.formUnion(["Hello", "HelloOk", "HelloNo", "Metadata", "Status", "GoAway"])
    // A proposal is carried as bytes; what is kept around it comes back to clients.
    names.formUnion(["Proposal", "Recorded", "Personal"])
    return names.sorted()
  }()

  /// The messages that one holds, itself too.
  static func within(_ name: String, _ seen: inout Set<String>) throws {
    guard seen.insert(name).inserted else { return }
    for field in try MessageLayout.named(name).fields {
      if case .message(let inner) = field.value { try within(inner, &seen) }
      if case .nested(let inner) = field.rule.kind { try within(inner, &seen) }
    }
  }

  @Test func `Every number that is sent has a bound, or is a day`() throws {
    var reached: Set<String> = []
    for name in Self.sent { try Self.within(name, &reached) }
    var numbers = 0
    for name in reached.sorted() {
      for field in try MessageLayout.named(name).fields {
        guard case .number = field.value, field.rule.kind != .day else { continue }
        numbers += 1
        #expect(field.rule.max != nil, "\(name).\(field.name) has no (max)")
      }
    }
    // Of every kind of event too, or the walk saw nothing.
    #expect(reached.contains("Count") && reached.contains("CourseEvent"))
    #expect(numbers > 80)
  }

  @Test(arguments: [UInt64(10_000_000_001), 1 << 63, .max])
  func `A count of more people than there are is refused, and read back`(count: UInt64) throws {
    let bytes = Codec.encode(Count.exactly(count))
    let refused = try #require(
      refusal { _ = try Codec.decode(Count.self, from: bytes, limits: .standard) })
    #expect(refused.problem == .outOfRange && refused.path == "exactly", "\(refused)")
    #expect(try Codec.decode(Count.self, from: bytes, limits: .stored) == .exactly(count))
  }

  @Test func `What the public speaks of is taken`() throws {
    // Everybody on earth, and more than any agreement speaks of.
    for count in [0, 1, 8_300_000_000, 10_000_000_000] as [UInt64] {
      let bytes = Codec.encode(Count.about(count))
      #expect(try Codec.decode(Count.self, from: bytes, limits: .standard) == .about(count))
    }
  }

  @Test func `A version that no stream can have is refused with its place`() throws {
    let request = RecordRequest(items: [
      RecordItem(proposal: [1], expected: .atVersion(3)),
      RecordItem(proposal: [1], expected: .atVersion(.max)),
    ])
    let bytes = Codec.encode(request)
    let refused = refusal {
      _ = try Codec.decode(RecordRequest.self, from: bytes, limits: .standard)
    }
    #expect(refused?.problem == .outOfRange && refused?.path == "items[1].at_version")
  }

  @Test func `Texts and lists over their limits are read back`() throws {
    let personal = Personal(
      name: String(repeating: "n", count: 300),
      contacts: Array(repeating: String(repeating: "c", count: 201), count: 9))
    let bytes = Codec.encode(personal)
    #expect(
      refusal { _ = try Codec.decode(Personal.self, from: bytes, limits: .standard) } != nil)
    #expect(try Codec.decode(Personal.self, from: bytes, limits: .stored) == personal)
  }
}
