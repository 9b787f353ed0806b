/// The head lines and an example row of the files that map one thing to another.
package enum MapTemplate {
  package static let all: [(name: String, columns: [String], example: [String])] = [
    (
      "identities", IdentityMap.columns.map(\.name),
      ["https://learn.example.org", "41", "pn:2022-000001", "2022-01-01", "2022-12-31"]
    ),
    (
      "activities", ActivityMap.columns.map(\.name),
      [
        "https://learn.example.org/mod/quiz/view.php?id=71", "cyber-basics", "cyber-2022-1",
        "quiz-1", "unproctored", "60", "", "", "", "",
      ]
    ),
    (
      "framework", FrameworkFile.columns.map(\.name),
      ["cloud", "Cloud computing", "3", "Infrastructure", ""]
    ),
    (
      "crosswalks", CrosswalkFile.columns.map(\.name),
      ["cloud", "broad", "digcomp-2.2", "5.2", "2", "1"]
    ),
  ]

  package static func named(_ name: String) -> String? {
    all.first { $0.name == name }.map {
      CSV.line($0.columns) + "\n" + CSV.line($0.example) + "\n"
    }
  }
}
