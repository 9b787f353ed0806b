/// What is fed with bytes that nobody vouches for, and must hold whatever they are.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Frames are cut, and spelled again as they were.
  case frames
  /// A server's connection, driven by a client and a server that do as the bytes say.
  case connection
  /// The validator, protobuf-c, the conversions: packed messages.
  case messages
  /// JSON texts, and messages in their JSON form.
  case json
  /// Spreadsheets of every kind that is read.
  case sheets
  /// xAPI statements.
  case statements
  /// Events as JSON Lines.
  case events
  /// Population rules in words.
  case rules
  /// Proposals are recorded, and every question is asked.
  case registry
  /// Stored rows and events are changed, read, and asked about.
  case stored

  /// Inputs of a round in the suite: those that open a registry each take their time.
  public var roundInputs: Int {
    switch self {
    case .registry, .stored: 40
    default: 500
    }
  }

  /// Bytes of an input, at most: what is longer finds nothing that is shorter does not.
  public static let lengthMax = 4096

  /// - Throws: `Violation` when what must hold does not; stops the process where the code does.
  public func run(_ input: [UInt8]) throws {
    let bytes = Array(input.prefix(Self.lengthMax))
    switch self {
    case .frames: try FrameFuzz.run(bytes)
    case .connection: try ConnectionFuzz.run(bytes)
    case .messages: try MessageFuzz.run(bytes)
    case .json: try JSONFuzz.run(bytes)
    case .sheets: try SheetFuzz.run(bytes)
    case .statements: try StatementFuzz.run(bytes)
    case .events: try EventFuzz.run(bytes)
    case .rules: try RuleFuzz.run(bytes)
    case .registry: try RegistryFuzz.run(bytes)
    case .stored: try StoredFuzz.run(bytes)
    }
  }
}

/// Something that must hold and does not.
public struct Violation: Error, CustomStringConvertible {
  public var description: String
}

func hold(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(Violation) {
  guard condition else { throw Violation(description: sentence()) }
}
