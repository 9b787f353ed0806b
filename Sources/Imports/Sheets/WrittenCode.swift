import Registry

/// Codes as people write them: offices, positions, counties and the like.
///
/// One thing must not get a second code because somebody wrote it otherwise. So what is no code as it
/// stands becomes one by its words alone (`Murang'a` is muranga, `Tharaka - Nithi` is tharaka-nithi,
/// `IT/IS` is it-is), and what the registry has already keeps the registry's spelling.
package enum WrittenCode {
  /// The code that a cell stands for; nil where it stands for none.
  static func identifier(_ text: String, in column: String) -> Identifier? {
    var text = text
    if column == "county" { text = county(text) }
    if let id = Identifier(text) {
      // Grades differ by case in some services, and what other columns name may have been recorded
      // with capitals: the registry decides there.
      return lowered.contains(column) ? Identifier(text.lowercased()) : id
    }
    let joined = text.lowercased().replacing(" ", with: "-")
    if !joined.contains("--") || !free.contains(column), let id = Identifier(joined) { return id }
    return free.contains(column) ? Identifier(words(text).joined(separator: "-")) : nil
  }

  /// Columns that people fill in by words; what has a code in the registry must be
  /// spelled as there, but for capitals.
  private static let free: Set<String> = [
    "organisation", "position", "cadre", "grade", "county", "award", "separation", "reason",
  ]

  private static let lowered: Set<String> = ["position", "cadre", "county"]

  /// How two spellings of one code compare.
  package static func key(_ text: String, in column: String = "") -> String {
    words(column == "county" ? county(text) : text).joined()
  }

  /// `Nairobi City County` is Nairobi: a county is not told from another by what it is called.
  private static func county(_ text: String) -> String {
    var name = text
    for ending in [" county", " city", "-county", "-city"]
    where name.count > ending.count && name.lowercased().hasSuffix(ending) {
      name = String(name.dropLast(ending.count)).trimmed
    }
    for beginning in ["county of ", "kaunti ya "] where name.lowercased().hasPrefix(beginning) {
      name = String(name.dropFirst(beginning.count)).trimmed
    }
    return name.isEmpty ? text : name
  }

  /// The letters and digits of a text, word by word; `&` is the word for it, and an apostrophe
  /// stands within a word.
  private static func words(_ text: String) -> [String] {
    var (words, word) = ([String](), "")
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for scalar in text.plainLetters.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": word.unicodeScalars.append(scalar)
      case "'", "\u{2018}", "\u{2019}", "\u{2BC}", "`", "\u{B4}": break
      case "&":
        end()
        words.append("and")
      default: end()
      }
    }
    end()
    return words
  }
}

extension Posting {
  /// With each code as the other spells it, where the two differ in their spelling alone.
  func spelled(as known: Posting) -> Posting {
    func same(_ a: Identifier?, _ b: Identifier?, _ column: String) -> Identifier? {
      guard let a, let b, a != b,
        WrittenCode.key(a.text, in: column) == WrittenCode.key(b.text, in: column)
      else { return a }
      return b
    }
    var posting = self
    posting.organisation = same(organisation, known.organisation, "") ?? organisation
    posting.position = same(position, known.position, "")
    posting.cadre = same(cadre, known.cadre, "")
    posting.grade = same(grade, known.grade, "")
    posting.county = same(county, known.county, "county")
    return posting
  }
}
