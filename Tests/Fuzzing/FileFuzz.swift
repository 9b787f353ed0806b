import Imports
import JSON
import Messages
import Registry

/// Bytes in chunks, as a file is read.
private func chunks(_ bytes: [UInt8], of length: Int) -> TextDecoder {
  var rest = bytes[...]
  return TextDecoder {
    defer { rest = rest.dropFirst(length) }
    return Array(rest.prefix(length))
  }
}

/// What an import proposes is a proposal, and reads as it was meant: only a field's rule may refuse
/// it, such as a name that is too long, which the server tells of the row.
private func taken(_ proposals: [Proposal], _ what: String) throws {
  for proposal in proposals {
    let again: Proposal
    do throws(DecodeFailure) {
      again = try Codec.decode(
        Proposal.self, from: Codec.encode(proposal), unknownFields: .refused, limits: .standard)
    } catch {
      try hold(!JSONFuzz.ofForm.contains(error.problem), "\(what): \(error) of \(proposal)")
      continue
    }
    try hold(again == proposal, "\(what) is read otherwise: \(again)")
  }
}

enum SheetFuzz {
  static func run(_ bytes: [UInt8]) throws {
    let length = 1 + Int(bytes.first ?? 0) % 40
    let rows = try rows(chunks(bytes, of: length), of: bytes.count)
    try hold(
      try Self.rows(TextDecoder(bytes), of: bytes.count) == rows, "rows by chunks of \(length)")
    if let sheet = try? SheetReader(TextDecoder(bytes), for: SheetKind.allCases) {
      try proposals(sheet)
    }
    _ = try? FrameworkFile(bytes)
    _ = try? CrosswalkFile(TextDecoder(bytes), from: Identifier("f")!)
    if var sheet = try? SheetReader(TextDecoder(bytes)) { _ = try? IdentityMap(&sheet) }
    if var sheet = try? SheetReader(TextDecoder(bytes)) { _ = try? ActivityMap(&sheet) }
  }

  private static func rows(_ source: TextDecoder, of count: Int) throws -> [CSVRow] {
    var (reader, rows) = (CSVReader(source), [CSVRow]())
    while let row = try reader.next() {
      try hold(row.line > rows.last?.line ?? 0, "line \(row.line) comes after a later one")
      try hold(row.problem != nil || !row.cells.isEmpty, "a row of nothing")
      rows.append(row)
      try hold(rows.count <= count, "more rows than bytes")
    }
    try hold(try reader.next() == nil, "a row after the last")
    return rows
  }

  private static func proposals(_ sheet: SheetReader) throws {
    var sheet = sheet
    guard let kind = try? sheet.recogniseKind() else { return }
    let system = Source(system: Identifier("heta")!)
    let contexts = [
      RowContext(officer: nil, scheme: Identifier("pn")!, source: system),
      RowContext(
        officer: Identifier("o41")!, cohort: StatementFuzz.cohort, scheme: Identifier("pn")!,
        source: system),
    ]
    var judgement = SheetJudgement(kind, sheet)
    defer {
      _ = try? judgement.check()
      _ = try? judgement.order(said: nil)
    }
    while let row = try sheet.next() {
      _ = sheet.spelled(row)
      judgement.note(row)
      for context in contexts {
        guard let chain = try? kind.proposals(for: row, context) else { continue }
        try taken(chain, "\(kind), line \(row.line)")
      }
    }
  }
}

enum StatementFuzz {
  static let cohort = Cohort(
    status: .planned, since: Since(day: Day("2022-01-01")!),
    terms: CohortTerms(
      course: Identifier("cyber-basics")!, edition: 1, organisation: Identifier("heta")!,
      starts: Day("2022-01-10")!, ends: Day("2022-06-30")!))

  /// The maps of `Tools/samples/xapi`, in short.
  private static let reader: StatementReader = {
    let home = "https://learn.example.org"
    let people = "home_page,account,officer,from,until\n\(home),41,pn:1,,2022-03-31\n\(home),43,o,,"
    let things = """
      activity,course,cohort,assessment,mode,pass_mark,minutes
      \(home)/course/view.php?id=7,cyber-basics,cyber-2022-1,,,,
      \(home)/mod/quiz/view.php?id=71,cyber-basics,cyber-2022-1,quiz-1,unproctored,60,
      \(home)/mod/facetoface/view.php?id=73,cyber-basics,cyber-2022-1,,,,90

      """
    do {
      var (who, what) = (
        try SheetReader(TextDecoder(Array(people.utf8))),
        try SheetReader(TextDecoder(Array(things.utf8)))
      )
      return StatementReader(
        try IdentityMap(&who), try ActivityMap(&what), voided: [], now: 1_700_000_000
      ) { Day(ordinal: Int(($0 + 10_800) / 86_400))! }
    } catch { preconditionFailure("the maps are right: \(error)") }
  }()

  static func run(_ bytes: [UInt8]) throws {
    let length = 1 + Int(bytes.first ?? 0) % 40
    let items = try items(chunks(bytes, of: length), of: bytes.count)
    let whole = try Self.items(TextDecoder(bytes), of: bytes.count)
    try hold(items.map(told) == whole.map(told), "values by chunks of \(length)")
    for item in whole where item.problem == nil {
      guard let json = try? JSONText(item.text.utf8), let statement = try? Statement(json),
        let meaning = try? reader.meaning(of: statement)
      else { continue }
      let context = StatementContext(
        officer: Identifier("o41")!, cohort: cohort, enrolment: nil, completion: nil,
        system: Identifier("moodle")!)
      for implied in [false, true] {
        guard let chain = try? meaning.proposals(context, implied: implied) else { continue }
        try taken(chain, "a statement")
      }
    }
  }

  private static func told(_ item: JSONItem) -> String {
    "\(item.line) \(item.text) \(item.isLast) \(item.problem?.sentence ?? "")"
  }

  private static func items(_ source: TextDecoder, of count: Int) throws -> [JSONItem] {
    var (reader, items) = (JSONSplitter(source, remarks: false), [JSONItem]())
    while let item = try reader.next() {
      items.append(item)
      try hold(items.count <= count + 1, "more values than bytes")
    }
    return items
  }
}

enum EventFuzz {
  static func run(_ bytes: [UInt8]) throws {
    var reader = EventItems(TextDecoder(bytes))
    var count = 0
    while let item = try reader.next() {
      count += 1
      try hold(count <= bytes.count + 1, "more events than bytes")
      guard case .success(let item) = item.item else { continue }
      // As bytes, since that is how they are sent; then in its request.
      let request = RecordRequest(items: [item])
      let again = try Codec.decode(
        RecordRequest.self, from: Codec.encode(request), unknownFields: .refused,
        limits: .standard)
      try hold(again == request, "line \(count) is read otherwise")
    }
  }
}

enum RuleFuzz {
  static func run(_ bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self),
      let rule = try? PopulationRule(words: text)
    else { return }
    try rule.check()
    let again = try PopulationRule(words: rule.words)
    try hold(again == rule, "\(text): \(rule.words)")
    try hold(again.words == rule.words, "\(rule.words) is told otherwise")
    let posting = Posting(
      organisation: Identifier("moict")!, cadre: Identifier("ict")!, grade: Identifier("J")!)
    _ = rule.includes(posting) { $0 == $1 }
  }
}
