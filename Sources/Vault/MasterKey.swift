import Crypto
import Failures
import Files
import Foundation

/// The key that wraps every other; the operator holds it, outside the data folder.
package struct MasterKey: Sendable {
  let key: SymmetricKey

  package init(_ key: SymmetricKey) { self.key = key }

  /// Writes a fresh key as 64 hexadecimal digits into a file of mode 0600 that did not exist. When
  /// this returns it is on the disk; when it throws there is none.
  package static func create(at path: String) throws(VaultFailure) {
    let fresh = SymmetricKey(size: .bits256)
    do {
      try File.make(path, with: Array((fresh.bytes.map(hex).joined() + "\n").utf8))
    } catch {
      throw VaultFailure(
        VaultFailure(error, otherwise: .io).kind,
        "The master key \(path) cannot be made: \(error.reason).", cause: Cause(error))
    }
  }

  /// Reads a key file; one that others may read is refused.
  package init(at path: String) throws(VaultFailure) {
    let content: [UInt8]
    do {
      content = try File.contents(of: path)
    } catch {
      throw VaultFailure(
        VaultFailure(error, otherwise: .io).kind,
        "The master key \(path) cannot be read: \(error.reason).", cause: Cause(error))
    }
    guard let status = try? File.status(of: path), !status.isOthersToo else {
      throw VaultFailure(
        .permission, "The master key \(path) may be read by others: set its mode to 0600.")
    }
    let digits = String(decoding: content, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var bytes: [UInt8] = []
    var at = digits.startIndex
    while let next = digits.index(at, offsetBy: 2, limitedBy: digits.endIndex), at < next {
      guard let byte = UInt8(digits[at..<next], radix: 16) else { break }
      bytes.append(byte)
      at = next
    }
    guard bytes.count == 32, at == digits.endIndex else {
      throw VaultFailure(.io, "The master key \(path) is not 64 hexadecimal digits.")
    }
    key = SymmetricKey(data: bytes)
  }
}

func hex(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

extension SymmetricKey {
  var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
