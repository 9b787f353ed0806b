import ArgumentParser
import Messages
import Registry

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "An officer's own complete record as one JSON document.",
    discussion: """
      Example: ujuzi export pn:2022-000001 > record.json

      Personal data, the profile of today, and every event of every stream, standing or not, with
      who recorded it and why; records that were merged into it are among them.
      """)

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let who: OfficerRecordRequest.Who
    switch officer {
    case .identifier(let value): who = .identifier(value)
    case .officer(let id): who = .officer(id)
    }
    let client = try await options.connect()
    var document = RecordDocument()
    var isFound = false
    let pages = client.stream(
      Method.officerRecord.rawValue, Codec.encode(OfficerRecordRequest(who: who)))
    for try await bytes in pages {
      let page = try Codec.decode(OfficerRecordPage.self, from: bytes)
      if page.officer != nil { isFound = true }
      guard isFound else { break }
      for line in try document.add(page) { Output.line(line) }
    }
    await client.close()
    guard isFound else { throw CLIError.noSuch("There is no officer \(officer.text).") }
    Output.line(document.end)
  }
}
