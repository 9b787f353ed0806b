import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A preview tells of those whose answers change, and of nobody else: held against the answers.
struct PreviewedAnswerTests {
  /// Which record a stream of the history is of: its key ends with a number.
  private func owner(of stream: StreamID) -> String? {
    let officers = History.officers
    let number = Int(stream.key.text.filter(\.isNumber)) ?? 0
    switch stream.kind {
    case .officer: return stream.key.text
    case .enrolment, .credential: return officers[number % officers.count]
    case .submission, .skillClaim, .duty: return officers[(number + 1) % officers.count]
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      return nil
    }
  }

  /// All that the registry answers about each record, but for positions.
  private func answers(_ registry: TestRegistry, on day: Day) throws -> [String: String] {
    var answers: [String: String] = [:]
    func add(_ officer: String, _ name: String, _ bytes: [UInt8]) throws {
      let text = try JSONMapping.text(of: name, bytes).text
      answers[officer, default: ""] += text.replacing(#/"(position|as_of)":\d+,?/#, with: "") + "\n"
    }
    for officer in History.officers {
      for into in [nil, id("ict"), id("dig")] as [Identifier?] {
        let reply = try registry.onLoop(
          .getProfile, GetProfileRequest(who: .officer(id(officer)), on: day, into: into),
          GetProfileReply.self)
        try add(officer, "GetProfileReply", Codec.encode(reply))
      }
      for page in try registry.allPages(
        .gap, GapRequest(whose: .officer(id(officer)), on: day), GapPage.self)
      {
        try add(officer, "GapPage", Codec.encode(page))
      }
    }
    for line in try registry.allPages(
      .complianceOfficers, ComplianceOfficersRequest(mandate: id("m1"), on: day),
      ComplianceOfficersPage.self
    ).flatMap(\.officers) {
      try add(line.officer.text, "DutyLine", Codec.encode(line))
    }
    try registry.session { session in
      for kind in StreamKind.allCases where !kind.isShared {
        for (stream, _) in try session.readModel.rows(of: kind, after: nil, limit: 1000) {
          guard let owner = owner(of: stream),
            let state = try session.readModel.state(of: stream, on: day)
          else { continue }
          try add(owner, "StreamState", Codec.encode(state))
          guard kind == .credential else { continue }
          let verified = try registry.verify(stream.key.text, on: day)
          try add(owner, "VerifyCredentialReply", Codec.encode(verified))
        }
      }
    }
    return answers
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `Whose answers change is told of, and nobody else`(seed: UInt64) throws {
    var random = Seeded(seed &+ 900)
    let registry = try TestRegistry()
    for proposal in History.ground { try registry.given(proposal) }
    var recorded: [Proposal] = []
    // Records that a merge ever joined are one person's answers.
    var group = Dictionary(uniqueKeysWithValues: History.officers.map { ($0, $0) })
    for step in 0..<100 {
      let proposal = History.next(&random, recorded)
      let reply = try Previewing(registry: registry).preview(proposal)
      let before = try answers(registry, on: reply.on!)
      guard case .recorded(let at) = try registry.record([proposal])[0], !at.already else {
        continue
      }
      recorded.append(proposal)
      if case .officer(.mergedInto(let given)) = proposal.body {
        let (old, new) = (group[proposal.stream.key.text]!, group[given.officer.text]!)
        for (key, value) in group where value == old { group[key] = new }
      }
      let after = try answers(registry, on: reply.on!)
      let changed = Set(
        History.officers.filter { before[$0] != after[$0] }.compactMap { group[$0] })
      let told = Set(
        reply.changes.compactMap { $0.stream.flatMap(owner(of:)).flatMap { group[$0] } })
      #expect(
        told == changed,
        "\(proposal.body.eventName) of \(proposal.stream.text), step \(step), seed \(seed)")
    }
    try registry.end()
  }
}
