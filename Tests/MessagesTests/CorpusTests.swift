import Foundation
import Testing

@testable import Messages

/// Bytes that once did harm, or would have: MESSAGE.PROBLEM.what.hex, replayed for ever.
@Suite struct CorpusTests {
  private static let files: [URL] = {
    let folder = Bundle.module.resourceURL!.appending(path: "Corpus")
    let all = try! FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return all.filter { $0.pathExtension == "hex" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }()

  @Test func `The corpus is there`() { #expect(Self.files.count >= 10) }

  @Test(arguments: files) func `A message of the corpus is refused as it should be`(file: URL)
    throws
  {
    let parts = file.lastPathComponent.split(separator: ".").map(String.init)
    let type = try #require(Schema.messages.first { $0.name == parts[0] })
    let problem = try #require(DecodeFailure.Problem(rawValue: parts[1]))
    let bytes = hex(try String(contentsOf: file, encoding: .utf8))
    let refused = try #require(refusal { try MessageValidatorTests.decode(type, bytes) })
    #expect(refused.problem == problem, "\(refused)")
  }
}
