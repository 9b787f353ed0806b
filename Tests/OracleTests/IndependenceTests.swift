import Foundation
import Testing

/// What the oracle may not take from those whom it judges.
struct IndependenceTests {
  static let oracle = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Oracle")

  @Test func `The oracle shares no fold, no rule and no read model with the registry`() throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: Self.oracle, includingPropertiesForKeys: nil)
    #expect(files.count > 5)
    // What the registry folds, decides and answers with; messages and days are words, not rules.
    let taken = [
      "import Projections", "import Queries", "import Recording", "import RegistryStorage",
      "@testable", "evolve", "decide(", "EffectiveHistory", "StreamState", "SkillPolicy",
      "SkillGround", "SharedStreams", "Merges", "IdentifierSpans", ".standing(on:", "isExempted(on",
      ".covers(", ".stands(on:", "mayBeReliedOn(on:", ".includes(", ".subject(of:", "isCited",
      "takesSeat", ".carried(", "eventName",
    ]
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      for word in taken {
        #expect(!text.contains(word), "\(file.lastPathComponent) has \(word)")
      }
    }
  }
}
