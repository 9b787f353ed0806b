/// Why something cannot be sealed or opened.
public struct VaultFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case wrongMasterKey, noKey, erased, altered, permission, io
  }

  public var kind: Kind
  public var sentence: String

  public init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}
