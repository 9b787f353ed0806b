import Messages
import Registry
import UjuziClient

extension RegistryClient {
  /// What a row of completions records where it is the yearly renewal of a training that was
  /// completed before: a certificate with a number of its own, of a later day, which rests on that
  /// completion. One training in one cohort is completed once.
  ///
  /// - Returns: nil where the row is no renewal.
  func renewal(_ items: [RecordItem]) async throws -> [RecordItem]? {
    let said = try items.map {
      try Codec.decode(Proposal.self, from: $0.proposal, limits: .standard)
    }
    var seat: (stream: StreamID, day: Day)?
    var paper: (proposal: Proposal, terms: CredentialIssued)?
    for proposal in said {
      if case .enrolment(.completed) = proposal.body {
        seat = (proposal.stream, proposal.effective)
      }
      if case .credential(.issued(let terms)) = proposal.body { paper = (proposal, terms) }
    }
    guard let seat, var (proposal, terms) = paper else { return nil }
    let training = send(
      Method.getStream.rawValue, Codec.encode(GetStreamRequest(stream: seat.stream)))
    let certificate = send(
      Method.getStream.rawValue, Codec.encode(GetStreamRequest(stream: proposal.stream)))
    let enrolment = try await training.decoded(as: GetStreamReply.self).state?.enrolment
    let known = try await certificate.decoded(as: GetStreamReply.self).state?.credential
    guard let completion = enrolment?.completion, completion.day < seat.day else { return nil }
    // A certificate that is known is the renewal, sent again; the first one's says another day.
    if let known {
      guard known.terms.holder == terms.holder, known.terms.awardedOn == terms.awardedOn,
        known.terms.validUntil == terms.validUntil
      else { return nil }
      return []
    }
    terms.evidence = [completion.eventID]
    proposal.body = .credential(.issued(terms))
    return [RecordItem(proposal: Codec.encode(proposal))]
  }
}
