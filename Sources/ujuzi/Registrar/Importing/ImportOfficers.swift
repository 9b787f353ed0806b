import ArgumentParser
import Registry

struct ImportOfficers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "officers",
    abstract: "Officers and postings from an extract of a personnel system: only what changed.",
    discussion: """
      Example: ujuzi import officers extract.csv --source hr

      Columns as `ujuzi template officers` shows them. Whoever is not known by the personnel
      number is registered; another posting than the registry has for that day is recorded on the
      row's day, as `posted`, or as `promoted` where the column change says promotion (and as
      `posted` too where the row has another organisation or county); a day in separated_on is
      recorded as `separated`. Rows that say what is known record nothing. Rows that contradict each
      other (one number, however it is spelled, one day, two postings) are all left out. A name that
      has no word in common with the registered one is a note, and is not recorded. Where `category` is
      empty, the category that is known stays.
      """)

  @Option(help: "The system that the extract comes from.") var source = Identifier("hr")!
  @Option(help: "The scheme of the personnel numbers.") var scheme = Identifier("pn")!
  @OptionGroup var sheet: SheetOptions
  @OptionGroup var given: FileOptions

  func run() async throws {
    try await given.read { input, client, report in
      let run = try SheetImporter(
        input, client, report,
        ResentRows(client, given.options, dryRun: given.dryRun, alike: false),
        system: source, scheme: scheme, dryRun: given.dryRun, options: sheet, kind: .officers)
      try await run.run(atomic: false)
    }
  }
}
