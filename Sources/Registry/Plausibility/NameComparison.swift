import Foundation

/// Whether two names may be one person's: of a row of a sheet, and of the officer whose number the
/// row has.
///
/// Names are written in any order, with initials, in capitals and without marks, and people take
/// other surnames; so one word in common is enough, and only names without any are another's.
public enum NameComparison {
  /// - Returns: false where no word of one is a word of the other, once both are folded. True where
  ///   either has no word: nothing then says that they are two people's.
  public static func mayBeSame(_ one: String, _ other: String) -> Bool {
    let (mine, theirs) = (words(one), words(other))
    return mine.isEmpty || theirs.isEmpty || !mine.isDisjoint(with: theirs)
  }

  /// The words of two letters or more, without marks and case; an apostrophe stands within a word
  /// (Ng'ang'a), and everything else between two.
  private static func words(_ name: String) -> Set<String> {
    let folded = name.precomposedStringWithCompatibilityMapping.folding(
      options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    var words: Set<String> = []
    var word = ""
    func end() {
      if word.count > 1, !titles.contains(word) { words.insert(word) }
      word = ""
    }
    for character in folded {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else if !"'’ʼ‘`".contains(character) {
        end()
      }
    }
    end()
    return words
  }

  /// What stands before names and is nobody's.
  private static let titles: Set<String> = [
    "mr", "mrs", "ms", "miss", "dr", "prof", "eng", "hon", "rev", "bw", "bi", "mme", "mlle", "col",
    "capt",
  ]
}
