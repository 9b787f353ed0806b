import Foundation
import Testing
import Wire

/// The byte vectors of `Protos/vectors/`, as clients in other languages replay them.
struct Vectors<Row: Decodable> {
  let rows: [Row]

  init(_ name: String, file: String = #filePath) throws {
    let root = URL(fileURLWithPath: file).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Protos/vectors/\(name).json"))
    rows = try JSONDecoder().decode([Row].self, from: data)
  }
}

struct FrameRow: Decodable {
  struct Frame: Decodable, Equatable {
    var type: String
    var flags: UInt8
    var call: UInt32
    var argument: UInt32
    var metadata: String
    var payload: String
  }

  var name: String
  var bytes: String
  var frames: [Frame]
}

struct RefusedRow: Decodable {
  var name: String
  var bytes: String
  var error: String
  var preface: Bool?
}

struct SessionRow: Decodable {
  struct Transition: Decodable {
    var bytes: String
    var does: String
  }

  var name: String
  var steps: [Transition]
}

enum Hex {
  static func bytes(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    precondition(digits.count.isMultiple(of: 2))
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
  }

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// Cuts bytes as they come, as a connection does.
struct Receiver {
  var kept: [UInt8] = []
  var frames: [FrameRow.Frame] = []
  var limits = Limits()

  mutating func receive(_ bytes: some Sequence<UInt8>) throws(FrameError) {
    kept += bytes
    while case .frame(let header) = try FrameDecoder.cut(kept, limits: limits) {
      let end = FrameHeader.length + header.payloadLength
      let payload = kept[FrameHeader.length..<end]
      frames.append(
        FrameRow.Frame(
          type: header.type.name, flags: header.flags, call: header.call,
          argument: header.argument, metadata: Hex.text(payload.prefix(header.metadataLength)),
          payload: Hex.text(payload.dropFirst(header.metadataLength))))
      kept.removeFirst(end)
    }
  }
}

/// SplitMix64: every random choice of a test comes from its seed.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

// A span of bytes may be viewed as bytes: the compiler only knows it to be unsafe in general.
extension FrameDecoder {
  static func cut(_ bytes: [UInt8], limits: Limits) throws(FrameError) -> Cut {
    try unsafe cut(bytes.span.bytes, limits: limits)
  }

  static func preface(_ bytes: [UInt8]) throws(FrameError) -> Bool {
    try unsafe preface(bytes.span.bytes)
  }
}
