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
      if shown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      shown = false
    }
    for try await bytes in client.stream(method.rawValue, Codec.encode(question)) {
      let page = try Codec.decode(A.self, from: bytes)
      if page.isOnlyProgress {
        if let progress = page.progress, progress.of > 0, Output.isTerminal {
          let percent = min(100, progress.done * 100 / progress.of)
          FileHandle.standardError.write(Data("\r\(percent) % looked at".utf8))
          shown = true
        }
        continue
      }
      clear()
      if json {
        Output.line(try JSONForm.text(of: method.messages.reply, bytes).text)
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
    token.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  static func token(_ text: String) throws -> [UInt8] {
    let digits = Array(text.utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
    }
    guard digits.count % 2 == 0, bytes.count * 2 == digits.count else {
      throw Trouble("\(text) is no resume token: give what an earlier page printed.")
    }
    return bytes
  }
}
