import Registry
import Testing

@testable import Messages

@Suite struct ArenaTests {
  @Test func `Too small a budget refuses, whatever it is, and the arena is as before`() throws {
    var random = RandomMessage(seed: 7)
    let bytes = try random.bytes(of: "Proposal")
    var budget = 0
    var isEnough = false
    while !isEnough {
      let arena = Arena(budget: budget)
      let refused = refusal { try MessageValidatorTests.decode(Proposal.self, bytes, arena: arena) }
      #expect(refused == nil || refused?.problem == .tooLarge)
      #expect(arena.used == 0)
      isEnough = refused == nil
      budget += 16
      try #require(budget < 1 << 16)
    }
    #expect(budget > 100)
  }

  /// Otherwise the validator would refuse what there is room for.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `The validator never counts more memory than unpacking takes`(seed: UInt64) throws {
    let arena = Arena()
    var random = RandomMessage(seed: seed)
    for type in Schema.messages {
      func compare<M: Message>(_ type: M.Type) throws {
        let bytes = try random.bytes(of: type.name)
        let taken = try Codec.lend(
          type, from: bytes.span.bytes, arena: arena, unknownFields: .refused
        ) { (_) throws(DecodeFailure) in arena.used }
        _ = try bytes.withUnsafeBytes {
          try MessageValidator.check(
            $0, type.descriptor, unknownFields: .refused, limits: .standard, memoryMax: taken)
        }
      }
      try compare(type)
    }
  }

  @Test func `A message of our own may be larger than the budget`() throws {
    let page = ReadLogPage(
      events: (0..<50).map { [UInt8](repeating: UInt8($0), count: 1000) }, next: 50)
    let arena = Arena(budget: 256)
    for _ in 0..<3 {
      let bytes = Codec.encode(page, arena: arena)
      #expect(try Codec.decode(ReadLogPage.self, from: bytes) == page)
      #expect(arena.used == 0)
    }
    arena.reset()
    #expect(arena.used == 0)
  }

  @Test func `Scopes within scopes give back what each took`() {
    let arena = Arena(budget: 1024)
    arena.scoped {
      _ = arena.bytes([1, 2, 3])
      #expect(arena.used == 16)
      arena.scoped {
        _ = arena.bytes([UInt8](repeating: 0, count: 17))
        #expect(arena.used == 48)
        _ = arena.bytes([UInt8](repeating: 0, count: 5000))
        #expect(arena.used == 48)
      }
      #expect(arena.used == 16)
    }
    #expect(arena.used == 0)
  }

  @Test func `Memory is aligned to 16 bytes, within the budget and beyond`() {
    let arena = Arena(budget: 64)
    for count in [1, 15, 16, 17, 500, 3] {
      let data = arena.bytes([UInt8](repeating: 0, count: count))
      #expect(Int(bitPattern: data.data) % 16 == 0)
    }
  }

  @Test func `A size near the largest is no memory, not an overflow`() {
    let arena = Arena(budget: 64)
    let alloc = arena.allocator.pointee.alloc!
    for size in [Int.max, Int.max - 7, 65, -1] {
      #expect(alloc(arena.allocator.pointee.allocator_data, size) == nil)
    }
    #expect(alloc(arena.allocator.pointee.allocator_data, 64) != nil)
    #expect(alloc(arena.allocator.pointee.allocator_data, 1) == nil)
  }
}
