import JSON
import Messages
import UjuziClient

/// A page of an answer some of whose pages only say how far the server is.
protocol ProgressPage: Message {
  var progress: Messages.Progress? { get }
  /// It says nothing but how far the server is.
  var isOnlyProgress: Bool { get }
}

extension ServerOptions {
  /// Asks for a stream, the first or all of its messages, and prints each: as JSON, a line each, or
  /// as the closure has it. A page that is a `ProgressPage` may say how far the server is instead,
  /// which is shown on a terminal and never printed.
  ///
  /// - Parameter cut: leaves of a page what is to be printed, whatever the form; false: nothing.
  // Not optimised: `swiftc -O` (6.3.1) crashes where it splits the coroutine of an async function
  // that is generic and is given closures with inout parameters. Try again with the next compiler.
  @_optimize(none)
  func pages<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, onlyFirst: Bool = false,
    cut: (inout A) -> Bool = { _ in true }, _ take: (A) throws -> Void
  ) async throws {
    let client = try await connect()
    var shown = false
    func clear() {
      if shown { Output.status("\r\u{1B}[K") }
      shown = false
    }
    for try await bytes in client.stream(method.rawValue, Codec.encode(question)) {
      var page = try Codec.decode(A.self, from: bytes)
      if let told = page as? any ProgressPage, told.isOnlyProgress {
        if let progress = told.progress, progress.of > 0, Output.isTerminal {
          let percent = min(100, progress.done * 100 / progress.of)
          Output.status("\r\(percent) % looked at")
          shown = true
        }
        continue
      }
      clear()
      if cut(&page) { try show(page, method, take) }
      if onlyFirst { break }
    }
    clear()
    await client.close()
  }
}

/// At most so many lines of all pages are printed, and all are counted.
struct LineLimit {
  private let max: Int
  private(set) var counted = 0

  init(_ max: Int) { self.max = max }

  /// Leaves of a page's lines those that are printed; false where none are left of some.
  mutating func cut<Line>(_ lines: inout [Line]) -> Bool {
    let had = lines.count
    lines.removeLast(had - min(had, max - min(max, counted)))
    counted += had
    return had == 0 || !lines.isEmpty
  }

  /// What there is besides what was printed, after the last page in JSON.
  func end(json: Bool) {
    guard json, max < .max else { return }
    let numbers = [("counted", counted), ("printed", min(counted, max))]
    Output.line(
      JSONText.object(numbers.map { (name: $0.0, value: .number("\($0.1)")) }).text)
  }
}

extension CompliancePage: ProgressPage {
  var isOnlyProgress: Bool { progress != nil }
}

extension ComplianceOfficersPage: ProgressPage {
  var isOnlyProgress: Bool { officers.isEmpty && !resumeAfter.isEmpty }
}

extension FindOfficersPage: ProgressPage {
  var isOnlyProgress: Bool { officers.isEmpty && !resumeAfter.isEmpty }
}

extension GapPage: ProgressPage {
  var isOnlyProgress: Bool { officers.isEmpty && !resumeAfter.isEmpty }
}

/// A resume token as it is printed and given back.
enum TokenText {
  static func text(_ token: [UInt8]) -> String {
    Hex.text(token)
  }

  static func token(_ text: String) throws -> [UInt8] {
    guard let bytes = Hex.bytes(text) else {
      throw CLIError("\(text) is no resume token: give what an earlier page printed.")
    }
    return bytes
  }
}
