import CMessages
import Registry

/// The origin of the bytes, which decides what is checked.
public enum Trust: Sendable {
  /// Sent by a peer: every option of the schema is checked.
  case stranger
  /// Accepted before, and read back or answered: form and kinds are checked, since a disk may flip
  /// bits, but not the bounds of numbers, texts and lists. A bound that came later makes nothing
  /// unreadable.
  case stored
}

/// A value that protobuf-c packs and unpacks through its generated struct.
public protocol Message: Hashable, Sendable {
  associatedtype C
  /// protobuf-c's own description, a constant of the generated C code.
  static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> { get }
  /// Takes the value from an unpacked struct, checking what the schema's options say.
  init(_ c: C, _ trust: Trust) throws(DecodeFailure)
  /// Fills the struct; what it points to lives in the arena.
  func store(into c: inout C, _ arena: Arena)
}

/// Encodes and decodes messages: validator, protobuf-c, then the schema's own checks.
public enum Codec {
  /// Other modules meet it generic; what every event passes is specialised here.
  ///
  /// - Throws: `DecodeFailure`, before any memory is taken for what the validator refuses.
  @_specialize(where M == Proposal)
  @_specialize(where M == Recorded)
  @_specialize(where M == StreamState)
  @_specialize(where M == RecordRequest)
  @_specialize(where M == Personal)
  public static func decode<M: Message>(
    _ type: M.Type, from bytes: RawSpan, arena: Arena, unknownFields: UnknownFields,
    limits: MessageValidator.Limits = .standard
  ) throws(DecodeFailure) -> M {
    try lend(type, from: bytes, arena: arena, unknownFields: unknownFields, limits: limits) {
      (c) throws(DecodeFailure) in try M(c.pointee, limits.trust)
    }
  }

  /// Lends the unpacked struct, for a hot path that needs a field or two of it.
  package static func lend<M: Message, R>(
    _ type: M.Type, from bytes: RawSpan, arena: Arena, unknownFields: UnknownFields,
    limits: MessageValidator.Limits = .standard,
    _ body: (UnsafeMutablePointer<M.C>) throws(DecodeFailure) -> R
  ) throws(DecodeFailure) -> R {
    try bytes.withUnsafeBytes { (raw) throws(DecodeFailure) -> R in
      let needed = try MessageValidator.check(
        raw, M.descriptor, unknownFields: unknownFields, limits: limits,
        memoryMax: limits.bindsMemory ? arena.free : .max)
      let arena =
        limits.bindsMemory || needed <= arena.free ? arena : Arena(budget: needed)
      return try arena.scoped { () throws(DecodeFailure) -> R in
        guard
          let message = protobuf_c_message_unpack(
            M.descriptor, arena.allocator, raw.count,
            raw.baseAddress?.assumingMemoryBound(to: UInt8.self))
        else {
          // The validator has passed the bytes, so only the arena's budget can fail here.
          throw DecodeFailure(.tooLarge, "", "unpacks to more than the memory it may take")
        }
        let c = UnsafeMutableRawPointer(message).assumingMemoryBound(to: M.C.self)
        return try body(c)
      }
    }
  }

  /// Appends the packed message.
  @_specialize(where M == Proposal)
  @_specialize(where M == Recorded)
  @_specialize(where M == StreamState)
  @_specialize(where M == RecordReply)
  @_specialize(where M == VerifyCredentialReply)
  public static func encode<M: Message>(_ message: M, into bytes: inout [UInt8], arena: Arena) {
    arena.scoped {
      let c = arena.message(message)
      let base = UnsafeMutableRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self)
      let size = protobuf_c_message_get_packed_size(base)
      let start = bytes.count
      bytes.reserveCapacity(start + size)
      bytes.append(contentsOf: repeatElement(0, count: size))
      bytes.withUnsafeMutableBufferPointer { buffer in
        if size > 0 {
          let packed = protobuf_c_message_pack(base, buffer.baseAddress! + start)
          precondition(packed == size)
        }
      }
    }
  }

  public static func encode<M: Message>(_ message: M, arena: Arena) -> [UInt8] {
    var bytes: [UInt8] = []
    encode(message, into: &bytes, arena: arena)
    return bytes
  }

  /// Bytes of the packed message.
  public static func byteCount<M: Message>(of message: M, arena: Arena) -> Int {
    arena.scoped {
      let c = arena.message(message)
      return protobuf_c_message_get_packed_size(
        UnsafeMutableRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self))
    }
  }

  /// Bytes that an answer of the largest frame may unpack to.
  private static let answerBudget = 128 << 20

  /// For callers without an arena of their own: clients and tests.
  public static func encode<M: Message>(_ message: M) -> [UInt8] {
    encode(message, arena: Arena())
  }

  /// The same for answers, which may be larger than questions and hold what was accepted before.
  public static func decode<M: Message>(
    _ type: M.Type, from bytes: [UInt8], unknownFields: UnknownFields = .ignored,
    limits: MessageValidator.Limits = .answer
  ) throws(DecodeFailure) -> M {
    try decode(
      type, from: bytes.span.bytes, arena: Arena(budget: answerBudget),
      unknownFields: unknownFields, limits: limits)
  }
}
