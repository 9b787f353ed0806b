import Imports
import Messages
import Registry
import UjuziClient

/// What statements ask of the registry: who an identifier is, what a cohort is, and which
/// enrolments an officer has. Asked for many at once, and each once.
final class EnrolmentLookups {
  /// A number may be one officer's on one day and another's on the next.
  private struct Named: Hashable {
    var name: String
    var day: Day

    init(_ meaning: MappedStatement) { (name, day) = (meaning.officer, meaning.day) }
  }

  private struct Seat {
    var enrolment: Identifier
    var completion: EventID?
    /// How it was completed, as far as that is known.
    var said: Completion?
    /// Whether that is recorded by this import, by an event that is sent already.
    var isOwn = false
    /// Whether this import began it.
    var isNew = false
  }

  private let client: RegistryClient
  /// Whose SCHEME:VALUE is on a day; an officer's id stands for itself.
  private var officers = BoundedCache<Named, Identifier>(countMax: 50_000)
  private var seats = BoundedCache<Identifier, [Identifier: Seat]>(countMax: 32_000)
  private var cohorts: [Identifier: Cohort?] = [:]

  init(_ client: RegistryClient) { self.client = client }

  func prepare(_ meanings: [MappedStatement]) async throws {
    var unknown: Set<Named> = []
    var asked: [(Named, PendingReply)] = []
    for meaning in meanings {
      guard let scheme = SchemeArgument(argument: meaning.officer),
        scheme.value.value.utf8.count <= 64,
        officers[Named(meaning)] == nil, unknown.insert(Named(meaning)).inserted
      else { continue }
      let request = ResolveOfficerRequest(identifier: scheme.value, on: meaning.day)
      asked.append(
        (Named(meaning), client.send(Method.resolveOfficer.rawValue, Codec.encode(request))))
    }
    for (name, reply) in asked {
      if let officer = try await reply.decoded(as: ResolveOfficerReply.self).officer {
        officers[name] = officer
      }
    }
    try await findSeats(Set(meanings.compactMap { officer($0) }))
    try await findCohorts(Set(meanings.map(\.entry.cohort)))
  }

  private func officer(_ meaning: MappedStatement) -> Identifier? {
    meaning.officer.contains(":") ? officers[Named(meaning)] : Identifier(meaning.officer)
  }

  private func findSeats(_ wanted: Set<Identifier>) async throws {
    var asked: [(Identifier, PendingReply)] = []
    for officer in wanted where seats[officer] == nil {
      let request = GetProfileRequest(who: .officer(officer))
      asked.append((officer, client.send(Method.getProfile.rawValue, Codec.encode(request))))
    }
    for (officer, reply) in asked {
      var known: [Identifier: Seat] = [:]
      for line in try await reply.decoded(as: GetProfileReply.self).trainings {
        known[line.cohort] = Seat(
          enrolment: line.enrolment, completion: line.completion?.eventID, said: line.completion)
      }
      seats[officer] = known
    }
  }

  private func findCohorts(_ wanted: Set<Identifier>) async throws {
    var asked: [(Identifier, PendingReply)] = []
    for cohort in wanted where cohorts[cohort] == nil {
      let request = GetStreamRequest(stream: StreamID(.cohort, cohort))
      asked.append((cohort, client.send(Method.getStream.rawValue, Codec.encode(request))))
    }
    for (cohort, reply) in asked {
      cohorts[cohort] = .some(try await reply.decoded(as: GetStreamReply.self).state?.cohort)
    }
  }

  /// - Throws: `LeftOut` when the maps name an officer or a cohort that there is not.
  func context(
    for meaning: MappedStatement, _ system: Identifier
  ) throws(LeftOut) -> StatementContext {
    guard let officer = officer(meaning) else {
      throw LeftOut(
        .unknownActor, "Nobody is registered as \(meaning.officer) on \(meaning.day.text).")
    }
    guard let cohort = cohorts[meaning.entry.cohort] ?? nil else {
      throw LeftOut(
        .contradictoryActivity,
        "There is no cohort \(meaning.entry.cohort.text), which line \(meaning.entry.line) of "
          + "the activities map names: record it first.")
    }
    let seat = seats[officer]?[meaning.entry.cohort]
    return StatementContext(
      officer: officer, cohort: cohort, enrolment: seat?.enrolment, completion: seat?.completion,
      system: system)
  }

  /// The enrolment and the completion that are known of who a statement speaks of.
  func completion(for meaning: MappedStatement) -> (
    enrolment: Identifier, said: Completion, isOwn: Bool
  )? {
    guard let officer = officer(meaning), let seat = seats[officer]?[meaning.entry.cohort],
      let said = seat.said
    else { return nil }
    return (seat.enrolment, said, seat.isOwn)
  }

  /// The enrolment that a statement speaks of, where it was there before the import.
  func earlierEnrolment(for meaning: MappedStatement) -> Identifier? {
    guard let officer = officer(meaning), let seat = seats[officer]?[meaning.entry.cohort],
      !seat.isNew
    else { return nil }
    return seat.enrolment
  }

  /// Takes what is about to be recorded for said, for the statements after it.
  func expect(_ events: [Proposal], of officer: Identifier, in cohort: Identifier) {
    guard var known = seats[officer] else { return }
    for event in events {
      guard case .enrolment(let said) = event.body else { continue }
      var seat = known[cohort] ?? Seat(enrolment: event.stream.key, isNew: true)
      if case .completed(let given) = said, seat.completion == nil || event.corrects != nil {
        seat.completion = event.eventID
        seat.said = Completion(
          eventID: event.eventID, day: event.effective, position: 0, result: given.result,
          score: given.score)
        seat.isOwn = true
      }
      known[cohort] = seat
    }
    seats[officer] = known
  }

  /// It was not as expected: the next statement of the officer asks again.
  func forget(_ meaning: MappedStatement) {
    if let officer = officer(meaning) { seats[officer] = nil }
  }
}
