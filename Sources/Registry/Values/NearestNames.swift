/// What a name may have been meant for, where there is no such thing.
public enum NearestNames {
  /// Names that are told, at most.
  public static let countMax = 3
  /// Names that are looked at, at most: who asks wrongly must not cost much.
  static let lookedAtMax = 20_000

  /// The nearest of the known names, the nearest first: no more than one letter in three differs,
  /// is missing, is too many or stands beside its place.
  public static func of(_ name: String, among known: some Sequence<String>) -> [String] {
    let wanted = Array(name.lowercased().utf8)
    var found: [(distance: Int, name: String)] = []
    for candidate in known.prefix(lookedAtMax) {
      let letters = Array(candidate.lowercased().utf8)
      let most = max(1, max(wanted.count, letters.count) / 3)
      if let distance = distance(wanted, letters, atMost: most) {
        found.append((distance, candidate))
      }
    }
    return found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
      .prefix(countMax).map(\.name)
  }

  /// "There is no skill clod in the framework ict; did you mean cloud?"
  public static func sentence(
    noSuch what: String, _ name: String, in place: String = "", among known: some Sequence<String>
  ) -> String {
    let near = of(name, among: known)
    let missing = "There is no \(what) \(name)" + (place.isEmpty ? "" : " in \(place)")
    guard let last = near.last else { return missing + "." }
    let before = near.dropLast().joined(separator: ", ")
    return missing + "; did you mean " + (before.isEmpty ? last : "\(before) or \(last)") + "?"
  }

  /// The edit distance in which two letters that changed places are one edit (optimal string
  /// alignment); nil where it is more than so many.
  static func distance(_ a: [UInt8], _ b: [UInt8], atMost most: Int) -> Int? {
    guard abs(a.count - b.count) <= most else { return nil }
    var (before, last) = ([Int](), Array(0...b.count))
    for i in 0..<a.count {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      var least = i + 1
      for j in 0..<b.count {
        var edits = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          edits = min(edits, before[j - 1] + 1)
        }
        row.append(edits)
        least = min(least, edits)
      }
      // Two letters that change places reach back over one row.
      guard min(least, last.min() ?? 0) <= most else { return nil }
      (before, last) = (last, row)
    }
    return last[b.count] <= most ? last[b.count] : nil
  }
}
