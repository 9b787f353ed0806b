import Algorithms
import Imports
import Messages
import Registry
import UjuziClient
import Wire

/// Registry lookups for a sheet's rows: batched over many rows, each asked once.
final class RowLookups {
  private let client: RegistryClient
  private let kind: SheetKind
  private let scheme: Identifier
  private let source: Source
  /// Whose a personnel number is on a day.
  private var officers = BoundedCache<Question, Identifier>(countMax: 32_000)
  /// Of a sheet of officers: whom an earlier row registers under a number.
  private var registered = BoundedCache<String, Identifier>(countMax: 32_000)
  /// Of a sheet of officers: the records as they are now.
  private var states = BoundedCache<Identifier, Officer>(countMax: 32_000)
  private var cohorts: [Identifier: Cohort?] = [:]
  /// The marks that the cohorts' courses ask for.
  private var passMarks: [Identifier: UInt32] = [:]
  /// Whether there is an organisation of that code.
  private var organisations: [Identifier: Bool] = [:]
  /// To whom numbers are registered by name, as far as a sheet has names to compare.
  private var names = BoundedCache<Identifier, String>(countMax: 32_000)
  /// Who may not read names compares none.
  private var comparesNames = true

  /// By a number that nobody has, the one with zeros before it that somebody has.
  private var padded: [String: String] = [:]
  private var zerosAsked = 0
  private let asksZeros: Bool
  /// Numbers that are looked for with zeros: where none of so many has any, the file has lost none.
  private static let zerosAskedMax = 200
  /// Digits of the longest number that is looked for so.
  private static let paddedLengthMax = 10

  /// A number may be one officer's on one day and another's on the next.
  private struct Question: Hashable {
    var number: String
    /// Nil: today.
    var day: Day?
  }

  /// Rows whose questions are asked together.
  static let rowsAtOnce = 256

  /// - Parameter asksZeros: numbers that nobody has are looked for with zeros before them.
  init(
    _ client: RegistryClient, _ kind: SheetKind, scheme: Identifier, source: Source,
    asksZeros: Bool
  ) {
    self.asksZeros = asksZeros
    self.client = client
    self.kind = kind
    self.scheme = scheme
    self.source = source
  }

  /// Asks what the rows need and is not known yet.
  func prepare(_ rows: [SheetRow]) async throws {
    var asked: [(question: Question, row: SheetRow)] = []
    var seen: Set<Question> = []
    for row in rows {
      // A value that no identifier may have is left for the row's own rejection.
      if let question = question(row), question.number.utf8.count <= 64,
        registered[question.number] == nil, officers[question] == nil,
        seen.insert(question).inserted
      {
        asked.append((question, row))
      }
    }
    if kind == .officers {
      try await findRecords(asked)
      try await findStates(Set(rows.compactMap(officer)))
    } else {
      try await find(asked.map(\.question))
      try await findNames(asked)
    }
    try await findPadded(asked.map(\.question).filter { officers[$0] == nil })
    if kind == .completions { try await findCohorts(of: rows) }
    try await findOrganisations(of: rows)
  }

  private func question(_ row: SheetRow) -> Question? {
    row["personnel_no"].map { Question(number: $0, day: kind.day(of: row)) }
  }

  private func officer(_ row: SheetRow) -> Identifier? {
    question(row).flatMap { officers[$0] ?? registered[$0.number] }
  }

  private func request(_ question: Question) -> [UInt8] {
    Codec.encode(
      ResolveOfficerRequest(
        identifier: SchemeValue(scheme: scheme, value: question.number), on: question.day))
  }

  private func resolve(_ questions: [Question]) async throws -> [Identifier?] {
    let asked = questions.map { client.send(Method.resolveOfficer.rawValue, request($0)) }
    var found: [Identifier?] = []
    for reply in asked {
      found.append(try await reply.decoded(as: ResolveOfficerReply.self).officer)
    }
    return found
  }

  private func find(_ questions: [Question]) async throws {
    for (question, officer) in zip(questions, try await resolve(questions)) {
      officers[question] = officer
    }
  }

  /// The records that rows of officers are of. An extract says what is so now, or was at the end,
  /// and a posting may have begun before the number was given: where nobody had it on the row's day,
  /// it is whose it is on the last day that the row speaks of.
  private func findRecords(_ asked: [(question: Question, row: SheetRow)]) async throws {
    var known: [(asked: Question, found: Question)] = []
    var left: [(asked: Question, later: Question)] = []
    for ((question, row), officer) in zip(asked, try await resolve(asked.map(\.question))) {
      if officer != nil {
        known.append((question, question))
      } else {
        left.append((question, Question(number: question.number, day: row.lastDay)))
      }
    }
    for ((question, later), officer) in zip(left, try await resolve(left.map(\.later)))
    where officer != nil {
      known.append((question, later))
    }
    // Of a record that was merged, it is that one and not the survivor's.
    let people = known.map { client.send(Method.findPerson.rawValue, request($0.found)) }
    for ((question, _), reply) in zip(known, people) {
      let person = try await reply.decoded(as: FindPersonReply.self)
      officers[question] = person.officer
      if let officer = person.officer { names[officer] = person.personal?.name }
    }
  }

  private func findStates(_ records: Set<Identifier>) async throws {
    let asked = records.filter { states[$0] == nil }.map { officer in
      (
        officer,
        client.send(
          Method.getStream.rawValue,
          Codec.encode(GetStreamRequest(stream: StreamID(.officer, officer))))
      )
    }
    for (officer, reply) in asked {
      if case .officer(let state)? = try await reply.decoded(as: GetStreamReply.self).state {
        states[officer] = state
      }
    }
  }

  private func findPadded(_ unknown: [Question]) async throws {
    guard asksZeros else { return }
    let asked = unknown.filter { question in
      let number = question.number
      return number.utf8.count < Self.paddedLengthMax && padded[number] == nil
        && number.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }
    for question in asked where zerosAsked < Self.zerosAskedMax || !padded.isEmpty {
      zerosAsked += 1
      let more = 1...(Self.paddedLengthMax - question.number.utf8.count)
      let numbers = more.map { String(repeating: "0", count: $0) + question.number }
      let found = try await resolve(numbers.map { Question(number: $0, day: question.day) })
      padded[question.number] = zip(numbers, found).first { $0.1 != nil }?.0
    }
  }

  /// Names are compared where the sheet has them: who has another's number in a row has another's
  /// training.
  private func findNames(_ asked: [(question: Question, row: SheetRow)]) async throws {
    guard comparesNames else { return }
    let named = asked.filter { question, row in
      guard row["name"] != nil, let officer = officers[question] else { return false }
      return names[officer] == nil
    }
    let people = named.map { client.send(Method.findPerson.rawValue, request($0.question)) }
    for ((question, _), reply) in zip(named, people) {
      do {
        let person = try await reply.decoded(as: FindPersonReply.self)
        if let officer = officers[question] { names[officer] = person.personal?.name }
      } catch let status as CallStatus where status.code == .permissionDenied {
        guard comparesNames else { continue }
        comparesNames = false
        Output.error("note: names are not compared with the registry's, which is not yours to read")
      }
    }
  }

  /// Codes as the row has them, and in lower case where there are capitals.
  private func spellings(_ id: Identifier) -> [Identifier] {
    let lower = Identifier(id.text.lowercased())
    return lower == id ? [id] : [id] + (lower.map { [$0] } ?? [])
  }

  private func cell(_ row: SheetRow, _ column: String) -> Identifier? {
    (try? row.identifier(column)) ?? nil
  }

  private func state(_ kind: StreamKind, _ id: Identifier) -> PendingReply {
    client.send(
      Method.getStream.rawValue, Codec.encode(GetStreamRequest(stream: StreamID(kind, id))))
  }

  private func findCohorts(of rows: [SheetRow]) async throws {
    let wanted = Set(rows.compactMap { cell($0, "cohort") }.flatMap(spellings))
      .filter { cohorts[$0] == nil }
    let asked = wanted.map { ($0, state(.cohort, $0)) }
    var found: [(Identifier, CohortTerms)] = []
    for (id, reply) in asked {
      let cohort = try await reply.decoded(as: GetStreamReply.self).state?.cohort
      cohorts[id] = .some(cohort)
      if let cohort { found.append((id, cohort.terms)) }
    }
    let courses = found.map { ($0.0, $0.1, state(.course, $0.1.course)) }
    for (id, terms, reply) in courses {
      guard case .course(let course)? = try await reply.decoded(as: GetStreamReply.self).state
      else { continue }
      passMarks[id] = course.editions.first { $0.edition == terms.edition }?.passMark
    }
  }

  /// Only where a code has capitals may it be the registry's in another spelling.
  private func findOrganisations(of rows: [SheetRow]) async throws {
    let column = kind == .officers ? "organisation" : "issuer"
    let wanted = Set(rows.compactMap { cell($0, column) }.map(spellings).filter { $0.count > 1 })
    let asked = Set(wanted.flatMap { $0 }).filter { organisations[$0] == nil }
      .map { ($0, state(.organisation, $0)) }
    for (id, reply) in asked {
      organisations[id] = try await reply.decoded(as: GetStreamReply.self).state != nil
    }
  }

  func context(for row: SheetRow) -> RowContext {
    var context = RowContext(officer: nil, scheme: scheme, source: source)
    context.officer = officer(row)
    context.officerState = context.officer.flatMap { states[$0] }
    if context.officer == nil { context.padded = row["personnel_no"].flatMap { padded[$0] } }
    if kind == .completions, let written = cell(row, "cohort") {
      for id in spellings(written) {
        guard let cohort = cohorts[id] ?? nil else { continue }
        (context.cohort, context.cohortID) = (cohort, id)
        context.passMark = passMarks[id] ?? 0
        break
      }
    }
    if let written = cell(row, kind == .officers ? "organisation" : "issuer") {
      context.organisations[written] = spellings(written).first { organisations[$0] == true }
    }
    return context
  }

  func doubts(about row: SheetRow) -> [RowDoubt] {
    kind.doubts(
      about: row, registered: officer(row).flatMap { names[$0] },
      passMark: context(for: row).passMark)
  }

  /// Takes what a row of officers is about to record for said, for the rows after it.
  func expect(_ proposals: [Proposal], from row: SheetRow) {
    guard kind == .officers, let number = row["personnel_no"], let first = proposals.first
    else { return }
    let officer = first.stream.key
    var state = states[officer].map(StreamState.officer)
    if state == nil { registered[number] = officer }
    for proposal in proposals {
      state = StreamState.evolve(state, by: StreamEvent(proposal, at: .max))
    }
    if case .officer(let evolved)? = state { states[officer] = evolved }
  }

  /// It was not as expected: the next row with this number asks again.
  func forget(_ row: SheetRow) {
    guard let question = question(row) else { return }
    if let officer = officer(row) { states[officer] = nil }
    (officers[question], registered[question.number]) = (nil, nil)
  }
}
