import Failures
import Imports
import JSON
import Messages
import Registry
import UjuziClient
import Wire

/// A list of credentials to verify, as a CSV: each row is asked by itself, and comes back with its
/// own outcome, also one that cannot be asked.
struct VerifyList {
  /// Bytes of a list.
  static let lengthMax = 64 << 20
  /// Rows that are asked in one call.
  private static let askedAtOnce = 1_000

  struct Answer {
    var outcome: VerifyOutcome
    var reply: VerifyCredentialReply?
    /// Why there is none.
    var sentence = ""
  }

  /// Why a row cannot be asked.
  struct RowProblem: ExplainedError {
    var sentence: String
  }

  struct Row {
    var line: Int
    var given: [String]
    /// What the head calls the cells.
    var names: [String]
    var question: Result<VerifyCredentialRequest, RowProblem>

    /// The row as it came, and what was answered.
    func cells(_ answer: Answer) -> String {
      let reply = answer.reply
      let isKnown = reply.map { $0.status != .unknown } ?? false
      return CSVOutput.line(
        given + Array(repeating: "", count: max(0, names.count - given.count)) + [
          answer.outcome.word.rawValue, answer.outcome.causes.joined(separator: " "),
          reply?.status.name, reply?.since?.text, reply?.reason?.text, reply?.holderMatches?.name,
          reply.flatMap { isKnown ? $0.evidenceWithdrawn ? "withdrawn" : "stands" : nil },
          reply?.recognisedBy?.text,
          reply.flatMap { isKnown ? $0.unrecognised ? "yes" : "no" : nil },
          reply?.supersededBy?.text,
          reply.flatMap { isKnown ? $0.holderVoided ? "yes" : "no" : nil }, answer.sentence,
        ])
    }

    func json(_ answer: Answer) throws -> String {
      let asked = zip(names, given).map { (name: $0.0, value: JSONText.string($0.1)) }
      var members: [(name: String, value: JSONText)] = [
        ("line", .number("\(line)")), ("row", .object(asked)),
      ]
      members += answer.outcome.json
      if let reply = answer.reply {
        members += try JSONText.members(of: reply)
      } else {
        members.append(("sentence", .string(answer.sentence)))
      }
      return JSONText.object(members).text
    }
  }

  private let names: [String]
  private let rows: [Row]

  static let columns = [
    "outcome", "causes", "status", "since", "reason", "holder_matches", "evidence",
    "recognised_by", "unrecognised", "superseded_by", "holder_voided", "sentence",
  ]

  var head: String { CSVOutput.line(names + Self.columns) }

  /// - Parameter holder: of every row, where no column has one.
  init(
    _ bytes: [UInt8], on: Day?, atPosition: UInt64?, holder: SchemeValue?
  ) throws {
    var reader = CSVReader(TextDecoder(bytes))
    guard let first = try reader.next() else { throw FileFormatFailure("The list is empty.") }
    if let problem = first.problem { throw FileFormatFailure(problem.sentence) }
    names = first.cells
    let columns = first.cells.map { cell in
      let name = cell.trimmed.lowercased().replacing(" ", with: "_")
      return ["certificate_no": "number", "certificate_number": "number"][name] ?? name
    }
    guard
      columns.contains("credential") || (columns.contains("issuer") && columns.contains("number"))
    else { throw FileFormatFailure("It needs a column credential, or issuer and number.") }
    var rows: [Row] = []
    while let row = try reader.next() {
      rows.append(
        Row(
          line: row.line, given: row.cells, names: names,
          question: Result { () throws(RowProblem) in
            try Self.question(row, columns, on: on, atPosition: atPosition, holder: holder)
          }))
    }
    self.rows = rows
  }

  private static func question(
    _ row: CSVRow, _ columns: [String], on: Day?, atPosition: UInt64?, holder: SchemeValue?
  ) throws(RowProblem) -> VerifyCredentialRequest {
    if let problem = row.problem { throw RowProblem(sentence: problem.sentence) }
    func cell(_ name: String) -> String? {
      guard let at = columns.firstIndex(of: name), at < row.cells.count else { return nil }
      let text = row.cells[at].trimmed
      return text.isEmpty ? nil : text
    }
    func need(_ name: String) throws(RowProblem) -> String {
      guard let text = cell(name) else { throw RowProblem(sentence: "The cell \(name) is empty.") }
      return text
    }
    func identifier(_ name: String, _ text: String) throws(RowProblem) -> Identifier {
      guard let id = Identifier(text) else {
        throw RowProblem(
          sentence: "The cell \(name) is no code: 1 to 64 letters, digits and . _ : @ + ~ -.")
      }
      return id
    }
    let which: VerifyCredentialRequest.Which
    if let id = cell("credential") {
      which = .credential(try identifier("credential", id))
    } else {
      which = .certificate(
        CertificateNumber(
          issuer: try identifier("issuer", need("issuer")), number: try need("number")))
    }
    var question = VerifyCredentialRequest(
      which: which, holder: holder, on: on, atPosition: atPosition)
    if columns.contains("holder") {
      question.holder = nil
      if let text = cell("holder") {
        guard let named = SchemeArgument(argument: text) else {
          throw RowProblem(sentence: "The cell holder is no SCHEME:VALUE.")
        }
        question.holder = named.value
      }
    }
    do {
      // As the server will: a row that it would refuse must not cost the others their answer.
      _ = try Codec.decode(
        VerifyCredentialRequest.self, from: Codec.encode(question), limits: .standard)
    } catch {
      throw RowProblem(sentence: error.sentence)
    }
    return question
  }

  /// Asks for all rows, in their order.
  func ask(
    _ client: RegistryClient, _ take: (Row, Answer) throws -> Void
  ) async throws {
    /// Why nothing more is asked: a server that is not there is not waited for again and again.
    var gone: (any Error)?
    do { _ = try await client.connection() } catch { gone = error }
    for start in stride(from: 0, to: rows.count, by: Self.askedAtOnce) {
      let part = rows[start..<min(start + Self.askedAtOnce, rows.count)]
      let items = part.compactMap { try? $0.question.get() }
      var replies: [VerifyCredentialReply] = []
      if !items.isEmpty, gone == nil {
        do {
          let reply = try await client.ask(
            .verifyCredentials, VerifyCredentialsRequest(items: items), VerifyCredentialsReply.self)
          replies = try reply.items.map { try Codec.decode(VerifyCredentialReply.self, from: $0) }
        } catch {
          try Task.checkCancellation()
          gone = error
        }
      }
      var next = replies[...]
      for row in part { try take(row, answer(row, &next, gone)) }
    }
  }

  private func answer(
    _ row: Row, _ replies: inout ArraySlice<VerifyCredentialReply>, _ gone: (any Error)?
  ) -> Answer {
    if case .failure(let problem) = row.question {
      return Answer(outcome: .malformed, sentence: problem.sentence)
    }
    if let reply = replies.popFirst() { return Answer(outcome: VerifyOutcome(reply), reply: reply) }
    let why = gone ?? CallStatus(.internal, "The server left this row out.")
    return Answer(
      outcome: VerifyOutcome(why), sentence: CLIError(of: why)?.sentence ?? "\(why)")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
