import Algorithms
import Imports
import Messages
import Registry
import UjuziClient

/// Registry lookups for a sheet's rows: batched over many rows, each asked once.
final class RowLookups {
  private let client: RegistryClient
  private let kind: SheetKind
  private let scheme: Identifier
  private let source: Source
  /// By personnel number. Of a sheet of officers also those whom an earlier row registers.
  private var officers = BoundedCache<String, Known>(countMax: 32_000)
  private var cohorts: [Identifier: Cohort?] = [:]
  /// Numbers that nobody was registered under, among the rows asked for last.
  private var nobody: Set<String> = []

  private struct Known {
    var officer: Identifier
    var state: Officer?
  }

  /// Rows whose questions are asked together.
  static let rowsAtOnce = 256

  init(_ client: RegistryClient, _ kind: SheetKind, scheme: Identifier, source: Source) {
    self.client = client
    self.kind = kind
    self.scheme = scheme
    self.source = source
  }

  /// Asks what the rows need and is not known yet.
  func prepare(_ rows: [SheetRow]) async throws {
    nobody = []
    // A value that no identifier may have is left for the row's own rejection.
    let numbers = rows.compactMap { $0["personnel_no"] }.uniqued()
      .filter { $0.utf8.count <= 64 && officers[$0] == nil }
    let found = try await resolve(numbers)
    for (number, officer) in zip(numbers, found) {
      if let officer {
        officers[number] = Known(officer: officer, state: nil)
      } else {
        nobody.insert(number)
      }
    }
    if kind == .officers { try await findStates(of: numbers.filter { !nobody.contains($0) }) }
    if kind == .completions { try await findCohorts(of: rows) }
  }

  private func request(_ number: String) -> ResolveOfficerRequest {
    ResolveOfficerRequest(identifier: SchemeValue(scheme: scheme, value: number))
  }

  private func resolve(_ numbers: [String]) async throws -> [Identifier?] {
    let asked = numbers.map {
      client.send(Method.resolveOfficer.rawValue, Codec.encode(request($0)))
    }
    var found: [Identifier?] = []
    for reply in asked {
      found.append(try await reply.decoded(as: ResolveOfficerReply.self).officer)
    }
    return found
  }

  private func findStates(of numbers: [String]) async throws {
    let asked = numbers.map {
      client.send(Method.findPerson.rawValue, Codec.encode(request($0)))
    }
    for (number, reply) in zip(numbers, asked) {
      let person = try await reply.decoded(as: FindPersonReply.self)
      officers[number] = person.officer.map { Known(officer: $0, state: person.state) }
    }
  }

  private func findCohorts(of rows: [SheetRow]) async throws {
    var asked: [(Identifier, PendingReply)] = []
    for row in rows {
      guard let text = row["cohort"], let id = Identifier(text), cohorts[id] == nil,
        !asked.contains(where: { $0.0 == id })
      else { continue }
      asked.append(
        (
          id,
          client.send(
            Method.getStream.rawValue,
            Codec.encode(GetStreamRequest(stream: StreamID(.cohort, id))))
        ))
    }
    for (id, reply) in asked {
      cohorts[id] = .some(try await reply.decoded(as: GetStreamReply.self).state?.cohort)
    }
  }

  func context(for row: SheetRow) -> RowContext {
    var context = RowContext(officer: nil, scheme: scheme, source: source)
    if let number = row["personnel_no"], let known = officers[number] {
      (context.officer, context.officerState) = (known.officer, known.state)
    }
    if kind == .completions, let text = row["cohort"], let id = Identifier(text) {
      context.cohort = cohorts[id] ?? nil
    }
    return context
  }

  /// Takes what a row of officers is about to record for said, for the rows after it.
  func expect(_ proposals: [Proposal], from row: SheetRow) {
    guard kind == .officers, let number = row["personnel_no"], let first = proposals.first
    else { return }
    var state = officers[number]?.state.map(StreamState.officer)
    for proposal in proposals {
      state = StreamState.evolve(state, by: StreamEvent(proposal, at: .max))
    }
    guard case .officer(let officer)? = state else { return }
    officers[number] = Known(officer: first.stream.key, state: officer)
  }

  /// It was not as expected: the next row with this number asks again.
  func forget(_ row: SheetRow) {
    if let number = row["personnel_no"] { officers[number] = nil }
  }
}
