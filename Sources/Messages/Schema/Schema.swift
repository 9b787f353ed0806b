/// What is known of the schema at run time.
public enum Schema {
  /// Grows with every change of the schema.
  public static let revision: UInt32 = 3

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
}

/// What a field means beyond its type, as the schema's options say it.
package struct FieldRule: Sendable {
  package enum Kind: Equatable, Sendable {
    /// As the type says; bytes of no kind are shown in hexadecimal.
    case plain
    case day, identifier, stream, eventID, sha256
    /// Bytes that are text by a rule of their own.
    case text
    /// The bytes of a message, kept as they were sent.
    case nested(String)
  }

  package var kind: Kind
  package var required: Bool
  /// Of a number its value, of a string or bytes the length in bytes.
  package var min: Int?
  package var max: Int?
  package var maxItems: Int?

  init(
    _ kind: Kind = .plain, required: Bool = false, min: Int? = nil, max: Int? = nil,
    maxItems: Int? = nil
  ) {
    self.kind = kind
    self.required = required
    self.min = min
    self.max = max
    self.maxItems = maxItems
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
  /// A stream of requests and, beside it, a stream of answers.
  case exchange
}
