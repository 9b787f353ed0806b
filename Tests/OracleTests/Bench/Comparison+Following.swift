import Foundation
import Messages
import Registry

/// What callers follow: *Watch (credentials or officers, from a position: every change, none missed,
/// none twice)*, and what a preview said would change.
extension Comparison {
  /// Every event is told once to whom watches its kind; and whose answers an event changes is told
  /// of it.
  mutating func compareWatch(positions count: Int) throws {
    let asker = try Asker(registry, remembering: false)
    defer { asker.end() }
    let all = author.facts.map { "\($0.position) \($0.stream.text)" }
    hold("watch of every kind", "from the beginning", all) {
      try asker.watched(.kinds(WatchedKinds())).map { "\($0.position) \($0.stream.text)" }
    }
    let officers = Ground.officers.map(OracleTests.id)
    let credentials = (0...6).map { OracleTests.id("r\($0)") }
    let byOfficer = try asker.watched(.officers(WatchedIds(ids: officers)))
    let byCredential = try asker.watched(.credentials(WatchedIds(ids: credentials)))
    let days = someDays(3)
    for fact in author.facts.shuffled(using: &author.random).prefix(count) {
      let before = author.ledger.before(fact.position)
      let after = author.ledger.before(fact.position + 1)
      for officer in officers {
        let isTold = byOfficer.contains {
          $0.position == fact.position && ($0.officer == officer || $0.officer == nil)
        }
        let turned = days.filter { day in
          before.survivor(officer, day) == officer && after.survivor(officer, day) == officer
            && before.profile(officer, day) != after.profile(officer, day)
        }
        compared += 1
        if let day = turned.first, !isTold {
          differences.append(
            "watch of \(officer.text): \(fact.body.eventName) of \(fact.stream.text) at "
              + "\(fact.position) is not told, and on \(day.text) it changed\n   "
              + changes(before.profile(officer, day), after.profile(officer, day)))
        }
      }
      for credential in credentials {
        let key = StreamID(.credential, credential)
        let isTold = byCredential.contains {
          $0.position == fact.position && ($0.credential == credential || $0.credential == nil)
        }
        let turned = days.first { before.verified(key, $0) != after.verified(key, $0) }
        compared += 1
        if let day = turned, !isTold {
          differences.append(
            "watch of \(key.text): \(fact.body.eventName) of \(fact.stream.text) at \(fact.position) "
              + "is not told, and on \(day.text) it changed\n   "
              + changes(before.verified(key, day), after.verified(key, day)))
        }
      }
    }
  }

  private func changes(_ before: [String], _ after: [String]) -> String {
    "from \(before.filter { !after.contains($0) }) to \(after.filter { !before.contains($0) })"
  }

  /// Holds what a preview said of a proposal against what came of it.
  mutating func holdPreview(
    of proposal: Proposal, _ preview: PreviewReply, _ outcome: RecordOutcome, before: Ledger
  ) {
    compared += 1
    let said = preview.outcomes.first.map(Self.kind)
    if said != Self.kind(outcome) {
      differences.append(
        "preview of \(proposal.body.eventName) of \(proposal.stream.text): \(said ?? "nothing"), and "
          + "it was \(Self.kind(outcome))")
    }
    guard !preview.truncated else { return }
    let (after, today) = (author.ledger, Self.today)
    let told = Set(preview.changes.map(\.stream?.text))
    func hold(_ stream: StreamID, _ old: [String], _ new: [String]) {
      guard old != new, !told.contains(stream.text) else { return }
      differences.append(
        "preview of \(proposal.body.eventName) of \(proposal.stream.text) on "
          + "\(proposal.effective.text) says nothing of \(stream.text), which changed\n   "
          + changes(old, new))
    }
    for officer in Ground.officers.map(OracleTests.id) {
      guard before.survivor(officer, today) == officer, after.survivor(officer, today) == officer
      else { continue }
      hold(
        StreamID(.officer, officer), before.skills(of: officer, today),
        after.skills(of: officer, today))
    }
    for number in 0...6 {
      let key = stream("credential/r\(number)")
      hold(key, before.verified(key, today), after.verified(key, today))
    }
  }

  static func kind(_ outcome: RecordOutcome) -> String {
    switch outcome {
    case .recorded: "recorded"
    case .unchanged: "unchanged"
    case .rejected(let rejected): "rejected as \(rejected.code)"
    case .notRecorded: "not recorded"
    }
  }

  private static let today: Day = {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day], from: Date())
    return Day(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
      ?? .distantFuture
  }()
}
