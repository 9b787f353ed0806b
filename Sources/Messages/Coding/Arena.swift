import CMessages
import Registry

/// A byte-budgeted bump allocator: what protobuf-c unpacks into, and what is packed from.
///
/// One arena belongs to one thread; everything in it lives until `reset`. The budget binds what
/// others send: over it protobuf-c gets no memory, and the unpacking is refused. What we pack
/// ourselves may spill over it, since an answer of ours must never stop the process.
public final class Arena {
  /// What protobuf-c is handed: a pointer to this is its `allocator_data`.
  struct Bump {
    var base: UnsafeMutableRawPointer
    var used: Int
    var capacity: Int
    /// The latest block beyond the budget; each begins with the address of the one before.
    var spill: UnsafeMutableRawPointer?
  }

  /// Bytes.
  public static let budgetDefault = 16 << 20
  private static let alignment = 16

  private let bump: UnsafeMutablePointer<Bump>
  let allocator: UnsafeMutablePointer<ProtobufCAllocator>

  /// - Parameter budget: bytes. Pages are touched only as they are used.
  public init(budget: Int = Arena.budgetDefault) {
    precondition(budget >= 0)
    bump = .allocate(capacity: 1)
    bump.initialize(
      to: Bump(
        base: .allocate(byteCount: budget, alignment: Arena.alignment), used: 0, capacity: budget,
        spill: nil))
    allocator = .allocate(capacity: 1)
    allocator.initialize(
      to: ProtobufCAllocator(
        alloc: { data, size in
          Arena.take(data!.assumingMemoryBound(to: Bump.self), size)
        },
        free: { _, _ in },
        allocator_data: UnsafeMutableRawPointer(bump)))
  }

  // Memory only: nobody can see when it goes, and nothing that lives in it is ever handed out.
  deinit {
    giveBack(0, nil)
    bump.pointee.base.deallocate()
    bump.deallocate()
    allocator.deallocate()
  }

  @inline(__always)
  private static func take(
    _ bump: UnsafeMutablePointer<Bump>, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    // Compared before it is rounded: a size near Int.max must not overflow.
    guard size >= 0, size <= bump.pointee.capacity - bump.pointee.used else { return nil }
    let rounded = (size + alignment - 1) & ~(alignment - 1)
    guard rounded <= bump.pointee.capacity - bump.pointee.used else { return nil }
    let pointer = bump.pointee.base + bump.pointee.used
    bump.pointee.used += rounded
    return pointer
  }

  private func giveBack(_ used: Int, _ spill: UnsafeMutableRawPointer?) {
    bump.pointee.used = used
    while let block = bump.pointee.spill, block != spill {
      bump.pointee.spill = block.load(as: UnsafeMutableRawPointer?.self)
      block.deallocate()
    }
  }

  /// Gives everything back, as after each frame.
  public func reset() { giveBack(0, nil) }

  /// Bytes of the budget that are left.
  var free: Int { bump.pointee.capacity - bump.pointee.used }

  /// Bytes of the budget in use.
  public var used: Int { bump.pointee.used }

  /// Runs the body and gives back what it took, so that calls may nest.
  @inline(__always)
  func scoped<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    let (used, spill) = (bump.pointee.used, bump.pointee.spill)
    defer { giveBack(used, spill) }
    return try body()
  }

  private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    if let pointer = Arena.take(bump, size) { return pointer }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: Arena.alignment + size, alignment: Arena.alignment)
    block.storeBytes(of: bump.pointee.spill, as: UnsafeMutableRawPointer?.self)
    bump.pointee.spill = block
    return block + Arena.alignment
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

  public func bytes(_ id: Identifier) -> ProtobufCBinaryData {
    id.withBytes { name in
      let data = allocate(name.byteCount).assumingMemoryBound(to: UInt8.self)
      name.withUnsafeBytes { _ = memcpy(data, $0.baseAddress!, $0.count) }
      return ProtobufCBinaryData(len: name.byteCount, data: data)
    }
  }

  public func bytes(_ stream: StreamID) -> ProtobufCBinaryData {
    var kind = stream.kind.rawValue
    return stream.key.withBytes { key in
      kind.withUTF8 { kind in
        let data = allocate(kind.count + 1 + key.byteCount).assumingMemoryBound(to: UInt8.self)
        memcpy(data, kind.baseAddress!, kind.count)
        data[kind.count] = UInt8(ascii: "/")
        key.withUnsafeBytes { _ = memcpy(data + kind.count + 1, $0.baseAddress!, $0.count) }
        return ProtobufCBinaryData(len: kind.count + 1 + key.byteCount, data: data)
      }
    }
  }

  public func bytes(_ id: EventID) -> ProtobufCBinaryData {
    let data = allocate(16)
    data.storeBytes(of: id.high.bigEndian, as: UInt64.self)
    data.storeBytes(of: id.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    return ProtobufCBinaryData(len: 16, data: data.assumingMemoryBound(to: UInt8.self))
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

  public func list<T, E>(
    _ values: KeyedList<T>, _ store: (T) -> UnsafeMutablePointer<E>
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<E>?>? {
    list(Array(values), store)
  }

  /// Lists of messages and strings are lists of pointers that may be nil.
  public func list<T, E>(
    _ values: [T], _ store: (T) -> UnsafeMutablePointer<E>
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<E>?>? {
    list(values) { value -> UnsafeMutablePointer<E>? in store(value) }
  }
}
