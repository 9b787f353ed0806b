import Crypto
import Files
import Foundation

enum Digest {
  /// Of a file of any size, read a piece at a time.
  static func sha256(file path: String) throws -> [UInt8] {
    var hash = SHA256()
    let file = try File(path)
    defer { file.close() }
    try file.forEachPiece(1 << 20) { hash.update(data: $1) }
    return Array(hash.finalize())
  }
}
