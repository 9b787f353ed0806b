/// What is known of the schema at run time.
public enum Schema {
  /// Grows with every change of the schema.
  public static let revision: UInt32 = 1

  /// A serialised google.protobuf.FileDescriptorSet.
  public static let descriptorSet: [UInt8] = {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in descriptorSetHex.utf8 {
      let digit = character <= 0x39 ? character - 0x30 : character - 0x57
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }()

  enum FieldKind: Equatable, Sendable {
    case day, text, eventID, bytes
    case nested(String)
  }
}

/// How a call is answered.
public enum MethodShape: String, Sendable {
  /// At once, on the connection's event loop.
  case onLoop = "on_loop"
  /// One answer, computed elsewhere.
  case deferred
  /// A stream of answers.
  case stream
}
