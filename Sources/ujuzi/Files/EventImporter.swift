import Imports
import Messages
import Registry
import UjuziClient

/// Imports the events of a JSON file.
struct EventImporter {
  private struct Row {
    var line: Int
    var text: String
    var problem: Rejection?
  }

  private let input: InputFile
  private let client: RegistryClient
  private let report: Report
  private let dryRun: Bool

  init(_ input: InputFile, _ client: RegistryClient, _ report: Report, dryRun: Bool) {
    (self.input, self.client, self.report, self.dryRun) = (input, client, report, dryRun)
  }

  func run(atomic: Bool) async throws {
    var file = EventItems(input.text())
    let report = report
    let recording = RowRecorder<Row>(client, dryRun: dryRun) { row, outcomes in
      if let problem = row.problem {
        try report.rejected(line: row.line, problem.code.rawValue, problem.sentence) { row.text }
      } else {
        try report.add(line: row.line, outcomes) { row.text }
      }
    }
    var all: [(row: Row, item: RecordItem?)] = []
    var isEmpty = true
    while let next = try file.next() {
      isEmpty = false
      report.say(notes: file.takeNotes())
      var row = Row(line: next.line, text: next.text)
      var item: RecordItem?
      switch next.item {
      case .failure(let problem): row.problem = problem
      case .success(let given): item = given
      }
      if atomic {
        all.append((row, item))
        guard all.count <= Record.itemsMax else {
          throw CLIError("--atomic takes at most \(Record.itemsMax) events; the file has more.")
        }
      } else {
        try await recording.add(row, item.map { [$0] } ?? [])
        report.progress(file.bytesRead, of: input.size)
      }
    }
    if isEmpty, !file.isList { throw FileFormatFailure("The file is empty.") }
    try await recording.finish()
    if atomic, !all.isEmpty { try await recordWhole(all) }
  }

  private func recordWhole(_ all: [(row: Row, item: RecordItem?)]) async throws {
    if all.contains(where: { $0.item == nil }) {
      for (row, _) in all {
        try report.rejected(
          line: row.line, row.problem?.code.rawValue ?? "not_recorded",
          row.problem?.sentence ?? "Another line is not whole."
        ) { row.text }
      }
      return
    }
    let reply = try await client.recordWhole(all.compactMap(\.item), dryRun: dryRun)
    let lineOf = { (item: UInt32) in Int(item) < all.count ? all[Int(item)].row.line : nil }
    for ((row, _), outcome) in zip(all, reply.outcomes) {
      try report.add(line: row.line, [outcome], lineOf: lineOf) { row.text }
    }
  }
}
