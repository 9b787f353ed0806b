import Foundation
import Testing

/// The change map names places that there are; `Tools/change-map` proves that they are the ones.
struct ChangeMapTests {
  @Test func `Each place of the change map is there, and says what finds it`() throws {
    let page = try String(
      contentsOf: TidyTests.root.appendingPathComponent("Sources/ujuzi/ujuzi.docc/ChangeMap.md"),
      encoding: .utf8)
    let rows = page.matches(of: /(?m)^\| `([^`]+)` \| .* \| (\w+) \|$/)
    #expect(rows.count == page.matches(of: /(?m)^\| `/).count && rows.count > 30)
    for row in rows {
      let place = TidyTests.root.appendingPathComponent(String(row.output.1)).path
      #expect(FileManager.default.fileExists(atPath: place), "\(row.output.1) is not there")
      #expect(["compiler", "test", "nothing"].contains(row.output.2), "\(row.output.0)")
    }
  }

  @Test func `Each sample of a change has its section`() throws {
    let page = try String(
      contentsOf: TidyTests.root.appendingPathComponent("Sources/ujuzi/ujuzi.docc/ChangeMap.md"),
      encoding: .utf8)
    let samples = try FileManager.default.contentsOfDirectory(
      atPath: TidyTests.root.appendingPathComponent("Tools/change-map.d").path)
    #expect(!samples.isEmpty)
    for sample in samples {
      #expect(page.contains("`Tools/change-map \(sample)`"), "\(sample) is in no section")
    }
  }
}
