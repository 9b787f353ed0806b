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
  private let file: File
  private let isTemporary: Bool

  /// Bytes of one reading.
  private static let chunk = 256 << 10

  /// - Parameter given: a path, or - for standard input.
  init(_ given: String) throws {
    name = given == "-" ? "-" : (given as NSString).lastPathComponent
    let source = given == "-" ? File.standardInput : try File(given)
    if given != "-" {
      let status = try source.status()
      // A folder can be opened, and not read.
      guard !status.isFolder else {
        source.close()
        throw CLIError("\(given) cannot be read: is it a file?")
      }
      if status.isRegular {
        (path, size, file, isTemporary) = (given, status.byteCount, source, false)
        return
      }
    }
    defer { source.close() }
    (path, isTemporary) = (NSTemporaryDirectory() + "ujuzi-input-" + UUID().uuidString, true)
    // For this user alone, since it may name people.
    do { file = try File(making: path) } catch {
      throw CLIError("What comes in cannot be kept at \(path) while it is read: \(error.reason).")
    }
    var size = 0
    while case let bytes = try source.readNext(Self.chunk), !bytes.isEmpty {
      try file.append(bytes)
      size += bytes.count
    }
    self.size = size
  }

  /// The file from its beginning.
  func text() -> TextDecoder { TextDecoder(reading()) }

  private func reading() -> TextDecoder.Read {
    var offset = 0
    return { [file] in
      let bytes = try file.read(at: offset, count: Self.chunk)
      offset += bytes.count
      return bytes
    }
  }

  /// All of it, when it is no longer than that.
  func whole(max: Int) throws -> [UInt8] {
    guard size <= max else { throw CLIError("\(name) has more than \(max) bytes.") }
    var all: [UInt8] = []
    let read = reading()
    while case let bytes = try read(), !bytes.isEmpty { all += bytes }
    return all
  }

  func sha256() throws -> [UInt8] {
    var hash = SHA256()
    let read = reading()
    while case let bytes = try read(), !bytes.isEmpty { hash.update(data: bytes) }
    return Array(hash.finalize())
  }

  /// The first byte of the text that is no space; of UTF-16 as well.
  func firstByte() throws -> UInt8? {
    var text = text()
    while let bytes = try text.next() {
      if let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
        return first
      }
    }
    return nil
  }

  /// Whether a path leads to the file that is read.
  func isAt(_ other: String) -> Bool {
    guard let there = File.Figures(of: other), let here = File.Figures(of: path) else {
      return false
    }
    // Two file systems may have one number each: then size and times tell them apart.
    return there == here
  }

  /// Removes what was kept of standard input.
  func close() {
    file.close()
    if isTemporary { try? File.removeTree(path) }
  }
}
