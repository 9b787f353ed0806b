import ArgumentParser
import Imports
import Messages

struct DuplicatesVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "Officers' records that may be of one person: same name, or same contact.",
    discussion: """
      Example: ujuzi duplicates
               ujuzi duplicates --csv > look-at-these.csv

      Look at them with `ujuzi profile`, then merge with `ujuzi merge`.
      """)

  @Flag(help: "Print CSV, a line an officer.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var groups = 0
    if csv, !options.json { Output.line(CSVOutput.line(["group", "alike", "officer"])) }
    try await options.pages(.duplicates, DuplicatesRequest(), DuplicatesPage.self) { page in
      Output.progress(page.progress)
      for group in page.groups {
        groups += 1
        if csv {
          for officer in group.officers {
            Output.line(CSVOutput.line(["\(groups)", group.alike, officer.text]))
          }
        } else {
          Output.line(
            "same \(group.alike): " + group.officers.map(\.text).joined(separator: "  "))
        }
      }
    }
    if !options.json, !csv { Output.line("\(groups) groups") }
  }
}
