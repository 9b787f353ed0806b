import Crypto
import Files
import Foundation
import Imports

/// A file that is read more than once, a chunk at a time; standard input and pipes are kept in a
/// temporary file meanwhile.
final class InputFile {
  let path: String
  /// What is shown and recorded of where it lies.
  let name: String
  let size: Int
  private let isTemporary: Bool

  /// Bytes of one reading.
  private static let chunk = 256 << 10

  /// - Parameter given: a path, or - for standard input.
  init(_ given: String) throws {
    name = given == "-" ? "-" : (given as NSString).lastPathComponent
    // Opened once more, for the reason where it cannot be.
    if given != "-" { try File(given).close() }
    guard let handle = given == "-" ? .standardInput : FileHandle(forReadingAtPath: given) else {
      throw CLIError("\(given) cannot be read: is it there, and may you read it?")
    }
    defer { try? handle.close() }
    if given != "-", let end = try? handle.seekToEnd(), (try? handle.seek(toOffset: 0)) != nil {
      // A folder can be opened, and not read.
      guard (try? handle.read(upToCount: 1)) != nil || end == 0 else {
        throw CLIError("\(given) cannot be read: is it a file?")
      }
      (path, size, isTemporary) = (given, Int(end), false)
      return
    }
    (path, isTemporary) = (NSTemporaryDirectory() + "ujuzi-input-" + UUID().uuidString, true)
    // It may name people.
    let mine: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: mine),
      let out = FileHandle(forWritingAtPath: path)
    else { throw CLIError("What comes in cannot be kept at \(path) while it is read.") }
    var size = 0
    while let data = try handle.read(upToCount: Self.chunk), !data.isEmpty {
      try out.write(contentsOf: data)
      size += data.count
    }
    try out.close()
    self.size = size
  }

  /// The file from its beginning.
  func text() throws -> TextDecoder { TextDecoder(try reading()) }

  private func reading() throws -> TextDecoder.Read {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw CLIError("\(name) cannot be read any more.")
    }
    return { Array(try handle.read(upToCount: Self.chunk) ?? Data()) }
  }

  /// All of it, when it is no longer than that.
  func whole(max: Int) throws -> [UInt8] {
    guard size <= max else { throw CLIError("\(name) has more than \(max) bytes.") }
    var all: [UInt8] = []
    let read = try reading()
    while case let bytes = try read(), !bytes.isEmpty { all += bytes }
    return all
  }

  func sha256() throws -> [UInt8] {
    var hash = SHA256()
    let read = try reading()
    while case let bytes = try read(), !bytes.isEmpty { hash.update(data: bytes) }
    return Array(hash.finalize())
  }

  /// The first byte that is no space and no byte-order mark.
  func firstByte() throws -> UInt8? {
    try reading()().first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
  }

  /// Removes what was kept of standard input.
  func close() {
    if isTemporary { try? FileManager.default.removeItem(atPath: path) }
  }
}
