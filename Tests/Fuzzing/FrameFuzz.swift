import Wire

/// Frames are cut the same whatever has arrived, and spell the bytes that they were read from.
enum FrameFuzz {
  static func run(_ bytes: [UInt8]) throws {
    var limits = Limits()
    limits.frameLengthMax = 1024
    limits.greetingLengthMax = 64
    limits.metadataLengthMax = 128
    if let isWhole = try? FrameDecoder.preface(unsafe bytes.span.bytes) {
      try hold(
        isWhole == bytes.starts(with: Protocol.preface), "a preface that is none, or the reverse")
    }
    var rest = bytes[...]
    while true {
      let now = Array(rest)
      let whole = cut(now, limits)
      for length in 0..<min(now.count, 40) {
        let part = cut(Array(now.prefix(length)), limits)
        try hold(part == .success(.more) || part == whole, "cut at \(length): \(part), \(whole)")
      }
      switch whole {
      case .failure(let error):
        try hold(now.count >= FrameHeader.length, "refused before the header was there")
        try hold(!error.sentence.isEmpty && error.status.rule == error.rule.rawValue, "\(error)")
        return
      case .success(.more):
        try hold(
          now.count < FrameHeader.length + limits.frameLengthMax, "bytes are kept over the limit")
        return
      case .success(.frame(let header)):
        try hold(header.bytes == Array(now.prefix(FrameHeader.length)), "spelled otherwise")
        try hold(header.metadataLength <= header.payloadLength, "metadata past the end")
        rest = rest.dropFirst(FrameHeader.length + header.payloadLength)
      }
    }
  }

  private static func cut(
    _ bytes: [UInt8], _ limits: Limits
  ) -> Result<FrameDecoder.Cut, FrameError> {
    do throws(FrameError) {
      return .success(try FrameDecoder.cut(unsafe bytes.span.bytes, limits: limits))
    } catch { return .failure(error) }
  }
}
