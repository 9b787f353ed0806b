import Crypto
import Foundation

/// Digests of what the program makes of a golden history, committed under the revision of the
/// program that made it so: what changes while the revision stays is found.
///
/// A line is `revision: name digest`. Lines of older revisions stay.
public struct GoldenDigests {
  /// What may have changed, in words: "rows", "verdicts".
  let what: String
  /// The declaration that says the revision.
  let moves: String
  /// The tests that hold the file.
  let suite: String
  let path: String

  public init(_ what: String, moves: String, suite: String) {
    (self.what, self.moves, self.suite) = (what, moves, suite)
    path =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Golden/\(what).txt").path
  }

  /// The SHA-256 of lines, in hexadecimal.
  public static func digest(_ lines: some Sequence<[UInt8]>) -> String {
    var hash = SHA256()
    for line in lines {
      // The length before each, so that no two lists of lines give the same bytes.
      hash.update(data: Array("\(line.count) ".utf8))
      hash.update(data: line)
    }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// What is to be done where the digests are not those of the revision; nil where they are.
  ///
  /// With `UJUZI_GOLDEN=write` in the environment, those of a revision that the file does not have
  /// are written.
  public func complaint(_ digests: [(name: String, digest: String)], of revision: String) throws
    -> String?
  {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let write = "UJUZI_GOLDEN=write swift test --filter \(suite)"
    let known = text.split(separator: "\n").filter { $0.hasPrefix(revision + ": ") }
    guard !known.isEmpty else {
      guard ProcessInfo.processInfo.environment["UJUZI_GOLDEN"] == "write" else {
        return "Tests/Golden/\(what).txt has no \(what) of \"\(revision)\": write them with "
          + "`\(write)`."
      }
      let lines = digests.map { "\(revision): \($0.name) \($0.digest)\n" }
      try (text + lines.joined()).write(toFile: path, atomically: true, encoding: .utf8)
      return nil
    }
    let now = digests.map { "\(revision): \($0.name) \($0.digest)" }
    let others = Set(known.map(String.init)).symmetricDifference(now)
      .map { $0.dropFirst(revision.count + 2).prefix { $0 != " " } }
    guard !others.isEmpty else { return nil }
    return "The \(what) of \(Set(others).sorted().joined(separator: ", ")) are others than "
      + "\"\(revision)\" gave: raise \(moves), then write the new ones with `\(write)`. Where only "
      + "the golden history is another, take the lines of this revision out of "
      + "Tests/Golden/\(what).txt first."
  }
}
