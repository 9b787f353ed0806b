/// Decodes the next frame's boundaries in the bytes that have arrived.
///
/// Stateless: the owner of the bytes calls again with more of them. Both ends of a connection use
/// it, so that there is one reading of the protocol.
public enum FrameDecoder {
  public enum Cut: Hashable, Sendable {
    /// The bytes end before the frame does.
    case more
    /// A whole frame: header and payload are there.
    case frame(FrameHeader)
  }

  /// - Throws: `FrameError` as soon as the header is there, however little of the payload is.
  public static func cut(_ bytes: RawSpan, limits: Limits) throws(FrameError) -> Cut {
    guard bytes.byteCount >= FrameHeader.length else { return .more }
    let header = try FrameHeader(bytes.word(at: 0), bytes.word(at: 8), limits: limits)
    guard bytes.byteCount >= FrameHeader.length + header.payloadLength else { return .more }
    return .frame(header)
  }

  /// Whether the preface is there whole; refused at the first byte that differs.
  public static func preface(_ bytes: RawSpan) throws(FrameError) -> Bool {
    let preface = Protocol.preface
    for index in 0..<min(preface.count, bytes.byteCount) {
      guard bytes.byte(at: index) == preface[index] else { throw .wrongPreface }
    }
    return bytes.byteCount >= preface.count
  }
}

extension RawSpan {
  // The loads check their bounds, and any bits are an integer: what is unsafe about them in
  // general is safe here.
  fileprivate func word(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  fileprivate func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
  }
}
