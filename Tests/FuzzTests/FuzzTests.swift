import Foundation
import Fuzzing
import Testing

/// A short round of every fuzzer, from fixed seeds, and everything that was ever found.
///
/// `Tools/fuzz/run` looks on for as long as it is let. What it finds becomes a file in
/// `Corpus/TARGET`, named for what it is.
@Suite struct FuzzTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "Corpus")

  static func corpus(_ target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let base = folder.appending(path: target.rawValue)
    return try FileManager.default.contentsOfDirectory(atPath: base.path).sorted().map {
      ($0, Array(try Data(contentsOf: base.appending(path: $0))))
    }
  }

  @Test(arguments: FuzzTarget.allCases)
  func `What is in the corpus does no harm`(target: FuzzTarget) throws {
    let corpus = try Self.corpus(target)
    #expect(corpus.count >= 5)
    for (name, bytes) in corpus {
      #expect(throws: Never.self, "\(target)/\(name)") { try target.run(bytes) }
    }
  }

  /// In a process of its own: what stops the process is told with its target and seed too.
  @Test(arguments: FuzzTarget.allCases, [1] as [UInt64])
  func `A round from a seed finds nothing`(target: FuzzTarget, seed: UInt64) async {
    await #expect(processExitsWith: .success, "\(target), seed \(seed)") {
      [target = target.rawValue as String, seed = seed as UInt64] in
      let target = try #require(FuzzTarget(rawValue: target))
      var inputs = Mutator(corpus: try FuzzTests.corpus(target).map(\.bytes), seed: seed)
      for _ in 0..<target.roundInputs {
        let input = inputs.next()
        #expect(throws: Never.self, "\(target), seed \(seed): \(Data(input).base64EncodedString())")
        { try target.run(input) }
      }
    }
  }
}
