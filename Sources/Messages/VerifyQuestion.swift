import CMessages
import Registry

/// A `VerifyCredentialRequest` as the hot path needs it: no string, no array but the key.
public struct VerifyQuestion {
  /// The key of the credential, up to 64 bytes.
  public var credential: InlineKey?
  /// YYYYMMDD; zero: today.
  public var on: UInt32
  public var atLeast: UInt64
  /// It asks for what no stored row answers: a holder, an old position, a number.
  public var needsMore: Bool

  /// - Throws: `Refusal`, as for every message.
  public init(_ bytes: RawSpan, arena: Arena) throws(Refusal) {
    self = try Codec.lend(
      VerifyCredentialRequest.self, from: bytes, arena: arena, unknownFields: .ignored
    ) { (c) throws(Refusal) in VerifyQuestion(c.pointee) }
  }

  private init(_ c: Ujuzi__V1__VerifyCredentialRequest) {
    on = c.on
    atLeast = c.at_least
    let isKey = c.which_case == UJUZI__V1__VERIFY_CREDENTIAL_REQUEST__WHICH_CREDENTIAL
    needsMore = !isKey || c.holder != nil || c.known_case.rawValue != 0
    if isKey, (1...Identifier.lengthMax).contains(c.credential.len) {
      credential = InlineKey(
        UnsafeRawBufferPointer(start: c.credential.data, count: c.credential.len))
    }
  }
}

/// A key of up to 64 bytes without memory of its own.
public struct InlineKey {
  private var storage: InlineArray<64, UInt8>
  public let count: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= 64)
    storage = InlineArray(repeating: 0)
    for at in 0..<bytes.count { storage[at] = bytes[at] }
    count = bytes.count
  }

  /// Lends the key's bytes.
  public func lend<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try body(storage.span.bytes.extracting(first: count))
  }
}
