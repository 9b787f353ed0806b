import Crypto
import Foundation

enum Digest {
  /// Of a file of any size, read a piece at a time.
  static func sha256(file path: String) throws -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Trouble("\(path) cannot be read: is it there, and may you read it?")
    }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
    } catch {
      throw Trouble("\(path) cannot be read: \(error.localizedDescription)")
    }
    return Array(hash.finalize())
  }
}
