import Foundation
import Testing

/// Errors are put into words by `sentence`, not by how Swift prints them: what clients are told
/// would be a dump otherwise.
struct ErrorWordsTests {
  /// The layers whose sentences reach clients. Lines that stop the process or go to the server's log
  /// alone are named.
  private static let layers = [
    "Registry", "Messages", "Projections", "RegistryStorage", "Recording", "Queries", "Server",
    "Vault", "EventLog",
  ]
  private static let ofTheServersLog = [
    "Server/Admission/HandshakeHandler.swift", "Server/Admission/Endpoint.swift",
  ]

  @Test func `No error is printed as Swift prints it where a client may read it`() throws {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    let sources = root.appendingPathComponent("Sources")
    var looked = 0
    for layer in Self.layers {
      let folder = sources.appendingPathComponent(layer)
      let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
      for name in names ?? [] where name.hasSuffix(".swift") {
        let place = "\(layer)/\(name)"
        if Self.ofTheServersLog.contains(place) { continue }
        looked += 1
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
        for (at, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.contains("preconditionFailure") {
          let printed = [
            #"\(error)"#, #"\(failure)"#, #"\(refusal)"#, #"\(cause)"#, "describing: error",
            "error.localizedDescription",
          ].filter { line.contains($0) }
          #expect(printed.isEmpty, "\(place):\(at + 1): \(line)")
        }
      }
    }
    #expect(looked > 150)
  }
}
