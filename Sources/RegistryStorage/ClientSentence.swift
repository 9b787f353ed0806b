import Failures

/// What clients are told of the machine's failures: what went wrong and with which part, but not
/// where that part lies on the server, nor how an error prints that has no words of its own.
package enum ClientSentence {
  /// Of any error.
  package static func of(_ error: any Error) -> String {
    guard let error = error as? any ExplainedError else {
      return "something failed that there are no words for (\(type(of: error)))."
    }
    return withoutPaths(error.sentence)
  }

  /// The folders and files of a registry: what is kept of a path begins with the last of these.
  private static let parts: Set<Substring> = [
    "log", "log.next", "log.format-1", "log.readable", "vault", "views", "views.mark",
    "views.current", "profiles", "beginning", "lock",
  ]

  /// A sentence, with what is left of each absolute path in it: the part of the registry that it
  /// leads to, or the name that it ends with.
  package static func withoutPaths(_ sentence: String) -> String {
    var (words, path): (String, String?) = ("", nil)
    var before: Character = " "
    func isEnd(_ character: Character) -> Bool {
      character.isWhitespace || ",;:()[]\"'`".contains(character)
    }
    for character in sentence {
      defer { before = character }
      if path != nil, !isEnd(character) {
        path?.append(character)
      } else if let whole = path {
        words += shortened(whole)
        words.append(character)
        path = nil
      } else if character == "/", isEnd(before) || before == "=" {
        path = "/"
      } else {
        words.append(character)
      }
    }
    return words + (path.map(shortened) ?? "")
  }

  private static func shortened(_ path: String) -> String {
    // The end of the sentence, and not of a name.
    let stop = path.hasSuffix(".") ? "." : ""
    let names = path.dropLast(stop.count).split(separator: "/")
    guard !names.isEmpty else { return path }
    let from = names.lastIndex { parts.contains($0) } ?? names.count - 1
    return names[from...].joined(separator: "/") + stop
  }
}
