import Imports
import Messages
import Registry
import UjuziClient

/// What is done about statements that were rejected, or whose activity the map does not have.
extension StatementImporter {
  /// Looks again at what was rejected: the same statement may be recorded from another file, the
  /// enrolment may have become known under another key meanwhile, or have begun only after the
  /// statement's day.
  func revise(
    _ rejected: [(row: Row, items: [RecordItem], why: Rejected)]
  ) async throws -> [RowRevision] {
    let meanings = rejected.compactMap(\.row.meaning)
    for meaning in meanings { known.forget(meaning) }
    try await known.prepare(meanings)
    let late = [Rejection.Code.noSuchStream, .illegalTransition, .sourceNeeded].map(\.rawValue)
    var revised = [RowRevision](repeating: .stands, count: rejected.count)
    var reused: [Int] = []
    for (at, (row, items, why)) in rejected.enumerated() {
      if why.code == Rejection.Code.eventIDReused.rawValue {
        reused.append(at)
        continue
      }
      if let better = try await better(row, items, why) {
        revised[at] = better
        continue
      }
      guard let meaning = row.meaning, let context = try? known.context(for: meaning, system),
        var events = try? meaning.proposals(context, implied: context.enrolment == nil)
      else { continue }
      if late.contains(why.code), context.enrolment != nil, meaning.impliesEnrolment {
        events = (try? meaning.proposals(context, implied: true)) ?? events
      }
      let fresh = encoded(events)
      if fresh.map(\.proposal) != items.map(\.proposal) { revised[at] = .again(fresh) }
    }
    let said = try await client.revised(reused.map { rejected[$0].items })
    for (at, revision) in zip(reused, said) { revised[at] = revision }
    return revised
  }

  /// A completion in the place of one that says less, where the platform itself said that; nil: it
  /// is none.
  private func better(
    _ row: Row, _ items: [RecordItem], _ why: Rejected
  ) async throws -> RowRevision? {
    let codes = [Rejection.Code.illegalTransition, .contradictsLater].map(\.rawValue)
    guard codes.contains(why.code), let meaning = row.meaning,
      let before = known.completion(for: meaning)?.said,
      let context = try? known.context(for: meaning, system),
      let events = try? meaning.proposals(context, implied: false)
    else { return nil }
    switch meaning.against(before, events) {
    case .other: return nil
    case .saysNoMore: return .unchanged
    case .better(let corrected):
      let request = FindEventRequest(eventID: before.eventID)
      let found = try await client.send(Method.findEvent.rawValue, Codec.encode(request))
        .decoded(as: FindEventReply.self).event
      guard !found.isEmpty else { return nil }
      let recorded = try Codec.decode(Recorded.self, from: found)
      let source = try Codec.decode(Proposal.self, from: recorded.proposal).source
      guard let source, source.system == system, Statement.id(ofReference: source.reference) != nil
      else { return nil }
      return .again(encoded(corrected))
    }
  }

  /// Of what was forfeited, and stands under no course: by which of the map's cohorts it was issued.
  func settleCohort(of row: inout Row) async throws {
    guard row.leftOut == nil, let meaning = row.meaning, meaning.isOfUnknownCohort else { return }
    var tried: Set<Identifier> = []
    for entry in reader.activities.cohorts.prefix(1000) {
      var guess = meaning
      guess.entry = entry
      try await known.prepare([guess])
      guard let context = try? known.context(for: guess, system),
        let stream = try? guess.proposals(context, implied: false).first?.stream,
        tried.insert(stream.key).inserted
      else { continue }
      if try await isIssued(stream) {
        row.meaning = guess
        return
      }
    }
    row.leftOut = LeftOut(
      .unknownActivity,
      "Nothing that was issued to the officer is known by what is forfeited here: look at "
        + "`ujuzi profile` and revoke it by hand, or give it in the activities map.")
  }

  private func isIssued(_ stream: StreamID) async throws -> Bool {
    if issued.contains(stream.key) { return true }
    let request = GetStreamRequest(stream: stream)
    return try await client.send(Method.getStream.rawValue, Codec.encode(request))
      .decoded(as: GetStreamReply.self).state != nil
  }
}

/// A completion beside one that was said before.
enum CompletionBesideOther {
  /// It says nothing that is not said.
  case saysNoMore
  /// It says more: these are to be recorded, of which the completion corrects the earlier one.
  case better([Proposal])
  /// It says something else, or the same.
  case other
}

extension MappedStatement {
  /// Platforms that follow cmi5 say of one attempt that it was completed and that it was passed, in
  /// either order: what says more counts.
  func against(_ before: Completion, _ events: [Proposal]) -> CompletionBesideOther {
    guard case .enrolment(.completed(let given))? = events.last?.body, let last = events.last,
      last.eventID != before.eventID, !before.standsFor.contains(last.eventID)
    else { return .other }
    let (rank, known) = (given.result.rank, before.result.rank)
    if rank == known, given.score == before.score { return .other }
    if rank <= known, given.score == nil { return .saysNoMore }
    guard rank > known || rank == known && before.score == nil else { return .other }
    var corrected = events
    corrected[corrected.endIndex - 1].corrects = before.eventID
    return .better(corrected)
  }
}

extension CompletionResult {
  /// The higher says more.
  fileprivate var rank: Int {
    switch self {
    case .attended: 0
    case .passed: 1
    case .merit: 2
    case .distinction: 3
    }
  }
}

extension MappedStatement {
  /// Whether what it says follows an enrolment.
  fileprivate var impliesEnrolment: Bool {
    switch act {
    case .attended, .completed, .passed, .failed, .scored, .attempted, .answered, .satisfied,
      .waived:
      true
    case .enrolled, .left, .achieved, .forfeited, .voided: false
    }
  }
}
