import Crypto
import Files
import Foundation
import Imports

/// A file that is read more than once, a chunk at a time; standard input and pipes are kept in a
/// temporary file without a name meanwhile.
final class InputFile {
  /// Where it lies; nil for what is no file with a place of its own.
  let path: String?
  /// What is shown and recorded of where it lies.
  let name: String
  let size: Int
  private var file: File

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
        (path, size, file) = (given, status.byteCount, source)
        return
      }
    }
    defer { source.close() }
    path = nil
    file = try Self.nameless(in: NSTemporaryDirectory(), for: "What comes in")
    var size = 0
    while case let bytes = try source.readNext(Self.chunk), !bytes.isEmpty {
      try file.append(bytes)
      size += bytes.count
    }
    self.size = size
  }

  /// For this user alone and without a name, since it may name people.
  private static func nameless(in folder: String, for what: String) throws -> File {
    let path = (folder as NSString).appendingPathComponent(".ujuzi-" + UUID().uuidString)
    do { return try File(nameless: path) } catch {
      throw CLIError("\(what) cannot be kept in \(folder) while it is read: \(error.reason).")
    }
  }

  /// Keeps the file as it is now, beside it, or in the temporary folder where nothing can be made
  /// there: what is judged as a whole is then what is recorded, whatever becomes of the file.
  func spool() throws {
    guard let path else { return }
    let beside = (path as NSString).deletingLastPathComponent
    let kept =
      try (try? Self.nameless(in: beside.isEmpty ? "." : beside, for: name))
      ?? Self.nameless(in: NSTemporaryDirectory(), for: name)
    let read = reading()
    do {
      while case let bytes = try read(), !bytes.isEmpty { try kept.append(bytes) }
    } catch {
      kept.close()
      throw error
    }
    file.close()
    file = kept
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

  /// Whether it holds events as JSON, by its first line that is no remark; a sheet's head may begin
  /// with # as well. What is empty, or has remarks alone, holds no sheet.
  func holdsEvents() throws -> Bool {
    var text = text()
    var atStart = true
    while let bytes = try text.next() {
      for byte in bytes {
        if byte == 0x0A || byte == 0x0D {
          atStart = true
        } else if atStart, byte != 0x20, byte != 0x09 {
          guard byte == UInt8(ascii: "#") else { return "{[".utf8.contains(byte) }
          atStart = false
        }
      }
    }
    return true
  }

  /// Whether a path leads to the file that is read.
  func isAt(_ other: String) -> Bool {
    guard let path, let there = File.Figures(of: other), let here = File.Figures(of: path) else {
      return false
    }
    // Two file systems may have one number each: then size and times tell them apart.
    return there == here
  }

  func close() { file.close() }
}
