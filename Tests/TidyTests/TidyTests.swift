import Foundation
import Testing

/// The house's own rules, checked on its files.
struct TidyTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What each target may import of ours. An import only points down.
  static let imports: [String: Set<String>] = [
    "Locking": [], "Failures": [], "Files": ["Failures", "Locking"],
    "Registry": ["Failures"], "LMDB": ["CLMDB", "Failures", "Locking"], "Wire": ["Failures"],
    "JSON": ["Failures"], "Access": ["Failures", "JSON"],
    "EventLog": ["Failures", "Files", "JSON", "LMDB", "Registry"],
    "Messages": ["CMessages", "Failures", "JSON", "Registry"],
    "Vault": ["Failures", "Files", "Locking", "Registry"],
    "Projections": [
      "EventLog", "Failures", "Files", "JSON", "LMDB", "Locking", "Messages", "Registry",
    ],
    "Imports": ["Failures", "JSON", "Messages", "Registry"],
    "RegistryStorage": [
      "EventLog", "Failures", "Files", "LMDB", "Locking", "Messages", "Projections", "Registry",
      "Vault",
    ],
    "Recording": [
      "EventLog", "Failures", "Files", "LMDB", "Locking", "Messages", "Projections", "Registry",
      "RegistryStorage", "Vault",
    ],
    "Queries": [
      "EventLog", "Failures", "LMDB", "Locking", "Messages", "Projections", "Registry",
      "RegistryStorage", "Vault",
    ],
    "Server": [
      "Access", "Failures", "Files", "JSON", "Locking", "Messages", "Queries", "Recording",
      "RegistryStorage",
      "Registry", "Wire",
    ],
    "UjuziClient": ["Failures", "Locking", "Messages", "Registry", "Wire"],
    "ujuzi": [
      "Access", "EventLog", "Failures", "Files", "Imports", "JSON", "LMDB", "Locking", "Messages",
      "Projections",
      "Queries", "Recording", "RegistryStorage",
      "Registry", "Server", "UjuziClient", "Vault", "Wire",
    ],
  ]

  static let ours = Set(imports.keys).union(["CLMDB", "CMessages"])

  static func swiftFiles(under folder: String) -> [(path: String, text: String)] {
    let base = root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
    return (all?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.compactMap {
      guard let text = try? String(contentsOf: $0, encoding: .utf8) else { return nil }
      return ($0.path.replacingOccurrences(of: base.path + "/", with: ""), text)
    }
  }

  @Test(arguments: imports.keys.sorted())
  func `A target imports only what stands below it`(target: String) throws {
    let files = Self.swiftFiles(under: "Sources/" + target)
    #expect(!files.isEmpty)
    for (path, text) in files {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        guard let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1,
          Self.ours.contains(words[at + 1])
        else { continue }
        #expect(Self.imports[target]!.contains(words[at + 1]), "\(target)/\(path): \(line)")
      }
    }
  }

  @Test func `No written file is longer than its story`() {
    for (path, text) in Self.swiftFiles(under: "Sources") + Self.swiftFiles(under: "Tests")
    where !path.contains("Generated/") {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines <= 420, "\(path) has \(lines) lines")
    }
  }

  @Test func `Nothing is left to be done later`() {
    let words = ["FIX" + "ME", "TO" + "DO", "XX" + "X"]
    for (path, text) in Self.swiftFiles(under: "Sources") + Self.swiftFiles(under: "Tests") {
      for word in words { #expect(!text.contains(word), "\(path) has \(word)") }
    }
  }

  @Test func `Locks come from one door, so that a sanitizer's build sees every one of them`() {
    for folder in ["Sources", "Tests"] {
      for (path, text) in Self.swiftFiles(under: folder) where !path.hasPrefix("Locking/") {
        #expect(!text.contains("import Synchro" + "nization"), "\(folder)/\(path)")
      }
    }
  }

  @Test func `Threads come from one door, and files are reached through one`() {
    let threads = [
      "Thread {", "Thread.sleep", "usleep(", "NSCondition", "NSLock", "DispatchSemaphore",
      "NIOThreadPool",
    ]
    let files = ["FileManager", "FileHandle", "Data(contentsOf:", "String(contentsOfFile:"]
    for (path, text) in Self.swiftFiles(under: "Sources") {
      let words = path.hasPrefix("Locking/") ? files : threads + files
      for line in text.split(separator: "\n") where !line.contains("//") {
        for word in words { #expect(!line.contains(word), "\(path): \(line)") }
      }
    }
  }

  /// Thrown and caught within one function: what ends a loop, not what somebody is told.
  static let controlFlow: Set<String> = ["Forgotten", "NothingToKeep"]

  @Test func `Every error explains itself and keeps its cause`() {
    for (path, text) in Self.swiftFiles(under: "Sources") where !path.contains("Generated/") {
      for match in text.matches(of: /(?:struct|enum|class) (\w+): (?:Swift\.)?Error\b/)
      where !Self.controlFlow.contains(String(match.output.1))
        && path != "Messages/Coding/DecodeFailure.swift"
      {
        Issue.record("\(path): \(match.output.1) adopts Error: let it adopt ExplainedError")
      }
    }
  }

  @Test func `JSON is read and written in one way`() {
    for (path, text) in Self.swiftFiles(under: "Sources") where !path.hasPrefix("JSON/") {
      for word in ["JSONDecoder", "JSONEncoder", "JSONSerialization"] {
        #expect(!text.contains(word), "\(path) has \(word): take JSONText or JSONReader")
      }
    }
  }

  @Test func `Pointers stay where they are allowed`() {
    // Of Locking it is pthread's lock and condition, which stay at an address.
    for target in Self.imports.keys where !["LMDB", "Locking", "Messages"].contains(target) {
      for (path, text) in Self.swiftFiles(under: "Sources/" + target) {
        #expect(!text.contains("UnsafeMutablePointer"), "\(target)/\(path)")
        #expect(!text.contains("UnsafePointer"), "\(target)/\(path)")
      }
    }
  }
}
