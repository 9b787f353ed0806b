/// Names of people as two sources write them.
package enum PersonName {
  /// Whether two names have a word in common, without regard to case, accents and order. A name
  /// without a word of two letters has nothing that could be compared, and is taken for the same.
  package static func haveWordInCommon(_ a: String, _ b: String) -> Bool {
    let (a, b) = (words(a), words(b))
    return a.isEmpty || b.isEmpty || !a.isDisjoint(with: b)
  }

  /// An apostrophe stands within a name, so that Ng'ang'a is one word.
  private static func words(_ name: String) -> Set<String> {
    let plain = name.plainLetters.filter { !"'\u{2018}\u{2019}\u{2BC}`".contains($0) }
    return Set(plain.split { !$0.isLetter }.filter { $0.count >= 2 }.map(String.init))
      .subtracting(titles)
  }

  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "miss", "dr", "prof", "eng", "hon", "mme", "mlle", "bw", "bi", "rev",
  ]
}
