import Crypto
import EventLog
import Foundation
import Registry
import Testing

/// The digest of the events covers each byte of them, and nothing of how they are kept.
struct EventDigestTests {
  private func log(_ batches: [[LogEntry]]) throws -> (digests: [[UInt8]], folder: String) {
    let folder = NSTemporaryDirectory() + "ujuzi-digest-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let log = try EventLog.begin(
      in: folder,
      LogIdentity(id: .init(repeating: 7, count: 16), vaultID: .init(repeating: 8, count: 16)),
      mapSizeBytes: 1 << 28)
    for batch in batches { try log.append(batch) }
    let reader = try log.makeReader()
    let digests = try (0...log.end).map { try reader.digest(to: $0) }
    reader.end()
    log.close()
    try FileManager.default.removeItem(atPath: folder)
    return (digests, folder)
  }

  private func entry(_ text: String, sealed: [UInt8] = []) -> LogEntry {
    LogEntry(event: Array(text.utf8), sealed: sealed)
  }

  @Test func `It is the SHA-256 of the events' SHA-256, at every position`() throws {
    let words = (0..<40).map { "event \($0) by urn:example:\($0 % 3)" }
    let found = try log([words.map { entry($0) }]).digests
    for end in 0...words.count {
      var all = SHA256()
      for word in words[..<end] { all.update(data: Array(SHA256.hash(data: Data(word.utf8)))) }
      #expect(found[end] == Array(all.finalize()), "\(end)")
    }
    #expect(Set(found).count == words.count + 1)
  }

  @Test func `The same events that came in other batches, with other sealed bytes, give the same`()
    throws
  {
    let words = (0..<9).map { entry("event \($0)") }
    let once = try log([words]).digests
    #expect(try log(words.map { [$0] }).digests == once)
    let sealed = words.map { LogEntry(event: $0.event, sealed: [1]) }
    #expect(try log([sealed]).digests == once)
  }

  @Test func `Another actor or source of one event is another digest from there on`() throws {
    var words = (0..<9).map { "event \($0) by urn:example:registrar, source hr" }
    let before = try log([words.map { entry($0) }]).digests
    words[4] = words[4].replacingOccurrences(of: "registrar", with: "registrat")
    let actor = try log([words.map { entry($0) }]).digests
    #expect(actor[...4] == before[...4])
    for end in 5...9 { #expect(actor[end] != before[end]) }
    // Two that change places.
    words = (0..<9).map { "event \($0)" }
    let order = try log([words.map { entry($0) }]).digests
    words.swapAt(2, 3)
    #expect(try log([words.map { entry($0) }]).digests[4] != order[4])
  }
}
