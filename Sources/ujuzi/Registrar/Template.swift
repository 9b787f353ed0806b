import ArgumentParser
import Imports

struct Template: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The columns of a spreadsheet that `record` or `import` reads, with an example row.",
    discussion: "Example: ujuzi template completions > completions.csv")

  @Argument(
    help: "completions, officers, credentials, identities, activities, framework or crosswalks.")
  var kind: String

  func run() throws {
    guard let template = SheetKind(rawValue: kind)?.template ?? MapTemplate.named(kind) else {
      throw CLIError.noSuch(
        "template", kind,
        among: ["completions", "officers", "credentials"] + MapTemplate.all.map(\.name))
    }
    Output.text(template)
  }
}
