import Foundation
import Testing

/// How it is held that no bytes of a client, a file or a disk stop the process, as far as the text of
/// the code can tell: what traps stands out, is rare, and says why it cannot.
///
/// - `!` takes a value only of a literal, of a buffer that is not empty (`baseAddress!`, in the two
///   targets with pointers), of `combined!` (AES-GCM with its own nonce), or with `// sure: why`.
/// - `try!`, `as!` and `unowned` are nowhere.
/// - `preconditionFailure` and `fatalError` say in words which bug of ours they stand for, and no
///   target gets more of them than it had.
/// - A conversion to a narrower number says `exactly`, `clamping` or `truncatingIfNeeded`, or is of
///   what fits at sight (a byte, a count of what is in memory, a raw value), or says `// fits: why`.
///
/// What the text cannot tell, sums and subscripts, the fuzzers `registry` and `stored` look for: any
/// proposal and any stored row, then every question. Bounds of numbers stand in the schema, and
/// `BoundTests` holds that each has one.
@Suite struct TrapTests {
  /// Lines of our own code with strings emptied and comments cut, each with its comment.
  static func lines(
    _ body: (_ place: String, _ target: String, _ code: String, _ comment: String) -> Void
  ) {
    // Regular expressions are slow: only lines with a letter of theirs are looked at by them.
    let words = ["!", "Int8(", "Int16(", "Int32(", "Failure(", "fatalError(", "unowned"]
    for (path, text) in TidyTests.swiftFiles(under: "Sources")
    where !path.contains("Generated/") {
      let target = String(path.prefix { $0 != "/" })
      var above = ""
      for (at, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let isWanted = words.contains { line.utf8.firstRange(of: $0.utf8) != nil }
        let isComment = line.utf8.first { $0 != 0x20 } == 0x2F
        guard isWanted || isComment else {
          above = ""
          continue
        }
        let (code, comment) = isComment ? ("", String(line)) : parts(of: String(line))
        body("\(path):\(at + 1)", target, code, comment + above)
        above = code.allSatisfy(\.isWhitespace) ? comment : ""
      }
    }
  }

  static func parts(of line: String) -> (code: String, comment: String) {
    let code = line.replacing(/"(\\\([^"]*\)|\\.|[^"\\])*"/, with: "\"\"")
    guard let comment = code.firstRange(of: "//") else { return (code, "") }
    return (String(code[..<comment.lowerBound]), String(code[comment.lowerBound...]))
  }

  /// What is unwrapped by force and needs a reason.
  static func unwraps(_ code: String, isBridging: Bool) -> Bool {
    var rest = code.replacing(
      /(Identifier|Day|EventID|StreamID|PrincipalArgument)\((yyyymmdd: [0-9_]+|argument: ""|"")\)!/,
      with: "")
    rest.replace("combined!", with: "")
    if isBridging { rest.replace(/(baseAddress|data)!/, with: "") }
    // An implicitly unwrapped type is one too.
    return rest.contains(/[\w\)\]"?]!(?![=\w])/)
  }

  static func narrows(_ code: String) -> Bool {
    code.contains(
      /\b(UInt8|UInt16|UInt32|Int8|Int16|Int32)\((?!truncatingIfNeeded:|clamping:|exactly:|ascii:|bitPattern:|bigEndian|littleEndian|"|\d|\w*\.?bigEndian\(|\w*\[\w*( \+ \d)?\]\)|[\w.?]*([cC]ount|[rR]awValue)( \?\? \d)?( [-+*\/] \d)?\)|[\w.]*\.count \+|[\w.]*(byte|digit|first|flags|score|text|levels)\)|byte - |MDB_|FALLOC_|PROTOBUF_|Self\.|min\(|max\(|text|trainings|\w*[dD]igits|parts|halves|rest\.prefix|\$1\)|\)|$)/
    )
  }

  @Test func `What is unwrapped by force says why it is there`() {
    Self.lines { place, target, code, comment in
      guard Self.unwraps(code, isBridging: target == "LMDB" || target == "Messages") else { return }
      #expect(comment.contains("sure: "), "\(place): \(code)")
    }
  }

  @Test func `Nothing is tried or cast by force`() {
    Self.lines { place, _, code, _ in
      #expect(!code.contains(/\b(try!|as!|unowned)/), "\(place): \(code)")
    }
  }

  /// By target: the most there may be. One less is welcome; one more wants a look at this table.
  static let failures = [
    "Server": 6, "Messages": 5, "Queries": 3, "LMDB": 3, "Registry": 2, "EventLog": 1,
    "Projections": 2,
  ]

  @Test func `A bug of ours that stops the process says which one`() {
    var found: [String: Int] = [:]
    Self.lines { place, target, code, _ in
      #expect(!code.contains(/(preconditionFailure|fatalError)\(\)/), "\(place): \(code)")
      if code.contains(/\b(preconditionFailure|fatalError)\(/) { found[target, default: 0] += 1 }
    }
    for (target, count) in found {
      #expect(count <= Self.failures[target] ?? 0, "\(target) has \(count)")
    }
  }

  @Test func `A number that is made narrower says how`() {
    Self.lines { place, target, code, comment in
      // A slot's numbers are counted by the file's length.
      guard target != "Vault", Self.narrows(code) else { return }
      #expect(comment.contains("fits: "), "\(place): \(code)")
    }
  }

  @Test func `The rules see what they are for`() {
    let wrong = [
      "  return places[key]!", "  guard let x = f()!.x else {", "let a: Int! = nil", "b = c!",
    ]
    for line in wrong {
      #expect(Self.unwraps(Self.parts(of: line).code, isBridging: true), "\(line)")
    }
    let right = [
      #"let a = Identifier("final")!"#, "if a != b {", "if !a { }", #"print("yes!")"#, "a // b!",
      "Day(yyyymmdd: 2024_01_01)!",
    ]
    for line in right {
      #expect(!Self.unwraps(Self.parts(of: line).code, isBridging: false), "\(line)")
    }
    #expect(Self.unwraps("p.baseAddress!", isBridging: false))
    for line in ["UInt32(seconds)", "UInt8(a + b)", "Int32(x.y)"] { #expect(Self.narrows(line)) }
    for line in ["UInt32(clamping: x)", "UInt8(id.byteCount)", "UInt8(ascii: \"a\")"] {
      #expect(!Self.narrows(line), "\(line)")
    }
  }
}
