import Files

/// A file beside an input that is written a line at a time, and is of that run alone: one of an
/// earlier run gives way, but what somebody has edited since is kept under another name.
final class LineFile {
  let path: String
  private let what: String
  private let file: File
  private var pending: [UInt8] = []

  /// Names that are tried for what is kept.
  private static let keptMax = 10_000

  /// - Parameter what: the subject of the sentence that says that it cannot be written.
  init(_ path: String, what: String, first: String?) throws {
    (self.path, self.what) = (path, what)
    try Self.clear(path, what: what)
    do { file = try File(emptying: path, mode: 0o666) } catch {
      throw Self.failure(what, path, error)
    }
    if let first { try write(first) }
  }

  /// Takes away what an earlier run wrote there.
  ///
  /// - Parameter keeping: what was edited since, or is anybody else's, is moved to `PATH.1` or the
  ///   next name that is free, which is told; otherwise it stays.
  static func clear(_ path: String, what: String, keeping: Bool = true) throws {
    do {
      // A terminal, a pipe or /dev/null is written to as it is.
      guard try File.isThere(path), try File.status(of: path).isRegular else { return }
      if File.isMarked(path) { return try File.remove(path) }
      guard keeping else { return }
      for number in 1...Self.keptMax {
        let kept = "\(path).\(number)"
        guard try !File.isThere(kept) else { continue }
        try File.move(path, to: kept)
        return Output.error("note: \(path) was edited since it was written: it is kept as \(kept)")
      }
    } catch {
      throw failure(what, path, error)
    }
    throw CLIError(
      "\(path).1 to \(path).\(keptMax) are there: put them away, or name another file.")
  }

  func write(_ line: String) throws {
    pending += line.utf8
    pending.append(0x0A)
    if pending.count > 32 << 10 { try flush() }
  }

  func close() throws {
    try flush()
    file.mark()
    file.close()
  }

  private func flush() throws {
    do { try file.append(pending) } catch { throw Self.failure(what, path, error) }
    pending = []
  }

  private static func failure(_ what: String, _ path: String, _ why: FileFailure) -> CLIError {
    CLIError("\(what) could not be written to \(path): \(why.reason). Name another file.")
  }
}
