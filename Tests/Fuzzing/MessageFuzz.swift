import JSON
import Messages
import Registry

/// What the validator passes is unpacked, and what is decoded is packed to equal bytes.
enum MessageFuzz {
  /// The first byte of an input chooses one, so a new one goes to the end.
  static let types: [any Message.Type] = [
    Proposal.self, RecordRequest.self, VerifyCredentialRequest.self, Metadata.self, Hello.self,
    Recorded.self, Personal.self, OfficerEvent.self, CredentialEvent.self, MandateEvent.self,
    FrameworkEvent.self, FindOfficersRequest.self, WatchRequest.self, VerifyCredentialReply.self,
    RecordReply.self, Status.self, StreamState.self,
  ]

  static func run(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let type = types[Int(first & 0x7F) % types.count]
    let unknown = first < 0x80 ? UnknownFields.refused : .ignored
    try trip(type, Array(bytes.dropFirst()), unknown)
  }

  /// Enough for what an input may unpack to: `tooLarge` can then only mean that protobuf-c refused
  /// what the validator passed.
  private static let budget = 16 << 20

  private static func trip<M: Message>(
    _ type: M.Type, _ bytes: [UInt8], _ unknown: UnknownFields
  ) throws {
    let arena = Arena(budget: budget)
    let value: M
    do throws(DecodeFailure) {
      value = try Codec.decode(
        type, from: unsafe bytes.span.bytes, arena: arena, unknownFields: unknown)
    } catch {
      try hold(error.problem != .tooLarge, "\(type): \(error)")
      try hold(arena.used == 0, "\(type): the arena kept \(arena.used) bytes")
      return
    }
    let packed = Codec.encode(value, arena: arena)
    let again = try Codec.decode(
      type, from: unsafe packed.span.bytes, arena: arena, unknownFields: .refused)
    try hold(again == value, "\(type): \(again), packed from \(value)")
    try hold(Codec.encode(again, arena: arena) == packed, "\(type): packed otherwise")
    try hold(arena.used == 0, "\(type): the arena kept \(arena.used) bytes")
    if let value = value as? VerifyCredentialRequest {
      if let plain = PointLookup(unsafe bytes.span.bytes) {
        try hold(
          plain.on == value.on?.number ?? 0 && plain.atLeast == value.atLeast, "the hot path")
      }
    }
    if type == Recorded.self { _ = EventHeader(unsafe bytes.span.bytes) }
    try JSONFuzz.again("\(type)", packed)
  }
}

/// A text that is read and written is read as the same; a message's JSON form says the message.
enum JSONFuzz {
  /// What no message of ours may be refused for, whatever its fields hold.
  static let ofForm: Set<DecodeFailure.Problem> = [
    .malformed, .truncated, .unknownField, .duplicate, .wrongType, .tooLarge,
  ]

  static let messages = ["Proposal", "VerifyCredentialRequest", "Personal", "MandateEvent"]

  static func run(_ bytes: [UInt8]) throws {
    guard let json = try? JSONText(bytes) else { return }
    try hold(try JSONText(json.text.utf8) == json, "\(json.text) is read otherwise")
    try hold(try JSONText(json.pretty.utf8) == json, "\(json.pretty) is read otherwise")
    for message in messages {
      guard let packed = try? JSONMapping.bytes(of: message, json) else { continue }
      try again(message, packed)
      let arena = Arena()
      switch message {
      case "Proposal": try taken(Proposal.self, packed, arena)
      case "Personal": try taken(Personal.self, packed, arena)
      case "MandateEvent": try taken(MandateEvent.self, packed, arena)
      default: try taken(VerifyCredentialRequest.self, packed, arena)
      }
    }
  }

  /// Bytes of a message whose JSON form can be told are told the same again.
  static func again(_ message: String, _ packed: [UInt8]) throws {
    guard let told = try? JSONMapping.text(of: message, packed) else { return }
    guard let bytes = try? JSONMapping.bytes(of: message, told) else { return }
    let retold = try JSONMapping.text(of: message, bytes)
    try hold(retold == told, "\(message): \(told.text), then \(retold.text)")
  }

  /// What is packed from JSON is at least a message: only a field's rule may refuse it.
  private static func taken<M: Message>(_ type: M.Type, _ packed: [UInt8], _ arena: Arena) throws {
    do throws(DecodeFailure) {
      _ = try Codec.decode(
        type, from: unsafe packed.span.bytes, arena: arena, unknownFields: .refused)
    } catch {
      try hold(!ofForm.contains(error.problem), "\(type): \(error)")
    }
  }
}
