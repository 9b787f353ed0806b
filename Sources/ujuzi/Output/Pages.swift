import Foundation
import Messages
import UjuziClient

/// An answer that comes in pages, some of which only say how far the server is.
protocol PagedAnswer: Message {
  var progress: Messages.Progress? { get }
  /// It says nothing but how far the server is.
  var isOnlyProgress: Bool { get }
}

extension ServerOptions {
  /// Asks for pages until there are no more, or the body has enough and gives false. With `--json`
  /// each page is a line and the body is not asked.
  func pages<Q: Message, A: PagedAnswer>(
    _ method: Method, _ question: Q, _ answer: A.Type, _ take: (A) throws -> Bool
  ) async throws {
    let client = try await connect()
    var shown = false
    func clear() {
      if shown { Output.note("\r\u{1B}[K") }
      shown = false
    }
    for try await bytes in client.stream(method.rawValue, Codec.encode(question)) {
      let page = try Codec.decode(A.self, from: bytes)
      if page.isOnlyProgress {
        if let progress = page.progress, progress.of > 0, Output.isTerminal {
          let percent = min(100, progress.done * 100 / progress.of)
          Output.note("\r\(percent) % looked at")
          shown = true
        }
        continue
      }
      clear()
      if json {
        Output.line(try JSONMapping.text(of: method.messages.reply, bytes).text)
      } else if try !take(page) {
        break
      }
    }
    clear()
    await client.close()
  }
}

extension CompliancePage: PagedAnswer {
  var isOnlyProgress: Bool { progress != nil }
}

extension ComplianceOfficersPage: PagedAnswer {
  var isOnlyProgress: Bool { officers.isEmpty && !resumeAfter.isEmpty }
}

extension FindOfficersPage: PagedAnswer {
  var isOnlyProgress: Bool { officers.isEmpty && !resumeAfter.isEmpty }
}

extension GapPage: PagedAnswer {
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
