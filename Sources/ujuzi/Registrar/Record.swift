import ArgumentParser
import Imports
import Messages
import Registry
import UjuziClient
import Wire

struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record events from a file: JSON Lines, or a CSV as a centre's spreadsheet has it.",
    discussion: """
      Example: ujuzi record events.jsonl
               ujuzi record completions.csv --source heta --dry-run
               ujuzi record completions.csv --source heta

      A file may have millions of rows. Sending it again changes nothing that was there. Rejected
      rows are written beside the file, with their reasons, to be mended and sent again. A row of
      a spreadsheet that says otherwise than the registry is rejected with what differs; --update
      shows what correcting it would change, and with --yes corrects it. --atomic
      records all or nothing, in one request: at most 1000 events that together take at most
      4 MiB (what the server says it takes; a file that is more is not sent). --dry-run judges each
      row of a spreadsheet by itself.

      A spreadsheet is looked at as a whole before anything of it is recorded: whether days have the
      day or the month first, whether two heads are exchanged, whether most rows would be refused.
      """)

  @Option(help: "The system that the file comes from.") var source = "file"
  @Option(help: "The scheme of the personnel numbers.") var scheme = Identifier("pn")!
  @Flag(help: "All or nothing: at most 1000 events and 4 MiB.") var atomic = false
  @OptionGroup var changing: UpdateOptions
  @OptionGroup var sheet: SheetOptions
  @OptionGroup var given: FileOptions

  func validate() throws {
    guard !atomic || !changing.update else {
      throw ValidationError("Give --atomic or --update, not both.")
    }
  }

  /// The most events of one call, and so of one atomic file.
  static let itemsMax = 1000

  func run() async throws {
    try await given.read { input, client, report in
      if try input.holdsEvents() {
        guard !changing.update else {
          throw CLIError("--update is for spreadsheets: an event names what it corrects itself.")
        }
        try await EventImporter(input, client, report, dryRun: given.dryRun).run(atomic: atomic)
      } else {
        guard let system = Identifier(source) else {
          throw CLIError("--source \(source) is no code: letters, digits and . _ : @ + ~ - only.")
        }
        let run = try SheetImporter(
          input, client, report,
          changing.resent(client, given, alike: true),
          system: system, scheme: scheme, dryRun: given.dryRun, options: sheet)
        try await run.run(atomic: atomic)
      }
    }
  }
}

extension RegistryClient {
  /// Records all events or none, in one request; what does not fit into one is not sent.
  func recordWhole(_ items: [RecordItem], dryRun: Bool) async throws -> RecordReply {
    let request = RecordRequest(items: items, atomic: true, dryRun: dryRun)
    let length = Codec.encode(request).count
    let lengthMax =
      Int(try await connection().greeting.frameLengthMax) - Protocol.callHeadLength
    guard length <= lengthMax else {
      throw CLIError(
        "--atomic takes at most \(lengthMax) bytes of events, and these \(items.count) take "
          + "\(length): nothing was sent. Split the file, or record it without --atomic.")
    }
    return try await ask(.record, request, RecordReply.self, .init(timeoutMs: 120_000))
  }
}
