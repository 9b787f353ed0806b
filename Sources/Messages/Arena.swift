import CMessages

/// A byte-budgeted bump allocator: what protobuf-c unpacks into, and what is packed from.
///
/// One arena belongs to one thread; everything in it lives until `reset`. Over its budget it gives
/// no memory, and the unpacking is refused.
public final class Arena {
  /// What protobuf-c is handed: a pointer to this is its `allocator_data`.
  struct Bump {
    var base: UnsafeMutableRawPointer
    var used: Int
    var capacity: Int
  }

  public static let budgetDefault = 16 << 20

  private let bump: UnsafeMutablePointer<Bump>
  let allocator: UnsafeMutablePointer<ProtobufCAllocator>

  /// - Parameter budget: bytes. Pages are touched only as they are used.
  public init(budget: Int = Arena.budgetDefault) {
    bump = .allocate(capacity: 1)
    bump.initialize(
      to: Bump(
        base: .allocate(byteCount: budget, alignment: 16), used: 0, capacity: budget))
    allocator = .allocate(capacity: 1)
    allocator.initialize(
      to: ProtobufCAllocator(
        alloc: { data, size in
          Arena.take(data!.assumingMemoryBound(to: Bump.self), size)
        },
        free: { _, _ in },
        allocator_data: UnsafeMutableRawPointer(bump)))
  }

  deinit {
    bump.pointee.base.deallocate()
    bump.deallocate()
    allocator.deallocate()
  }

  @inline(__always)
  private static func take(
    _ bump: UnsafeMutablePointer<Bump>, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    let rounded = (size + 15) & ~15
    guard size >= 0, rounded >= size, bump.pointee.used + rounded <= bump.pointee.capacity else {
      return nil
    }
    let pointer = bump.pointee.base + bump.pointee.used
    bump.pointee.used += rounded
    return pointer
  }

  public func reset() { bump.pointee.used = 0 }

  /// Bytes in use.
  public var used: Int { bump.pointee.used }

  /// Runs the body and gives back what it took, so that calls may nest.
  @inline(__always)
  func scoped<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    let mark = bump.pointee.used
    defer { bump.pointee.used = mark }
    return try body()
  }

  // What we pack ourselves is bounded by what we hold, so that a full arena is a bug.
  private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    guard let pointer = Arena.take(bump, size) else {
      preconditionFailure("a message of our own exceeds the arena's budget")
    }
    return pointer
  }

  public func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
    let data = allocate(bytes.count).assumingMemoryBound(to: UInt8.self)
    bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { data.initialize(from: base, count: source.count) }
    }
    return ProtobufCBinaryData(len: bytes.count, data: data)
  }

  public func bytes(_ text: String) -> ProtobufCBinaryData {
    var text = text
    return text.withUTF8 { source in
      let data = allocate(source.count).assumingMemoryBound(to: UInt8.self)
      if let base = source.baseAddress { data.initialize(from: base, count: source.count) }
      return ProtobufCBinaryData(len: source.count, data: data)
    }
  }

  public func string(_ text: String) -> UnsafeMutablePointer<CChar> {
    var text = text
    return text.withUTF8 { source in
      let data = allocate(source.count + 1).assumingMemoryBound(to: CChar.self)
      for (at, byte) in source.enumerated() { data[at] = CChar(bitPattern: byte) }
      data[source.count] = 0
      return data
    }
  }

  public func message<M: Message>(_ message: M) -> UnsafeMutablePointer<M.C> {
    let c = allocate(MemoryLayout<M.C>.size).bindMemory(to: M.C.self, capacity: 1)
    memset(c, 0, MemoryLayout<M.C>.size)
    message.store(into: &c.pointee, self)
    return c
  }

  public func list<T, E>(_ values: [T], _ store: (T) -> E) -> UnsafeMutablePointer<E>? {
    guard !values.isEmpty else { return nil }
    let list = allocate(values.count * MemoryLayout<E>.stride)
      .bindMemory(to: E.self, capacity: values.count)
    for (at, value) in values.enumerated() { (list + at).initialize(to: store(value)) }
    return list
  }

  /// Lists of messages and strings are lists of pointers that may be nil.
  public func list<T, E>(
    _ values: [T], _ store: (T) -> UnsafeMutablePointer<E>
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<E>?>? {
    list(values) { value -> UnsafeMutablePointer<E>? in store(value) }
  }
}
