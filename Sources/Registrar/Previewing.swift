import Messages
import Projections
import Registry

/// What a request would change in the answers: the difference between the registry without it and
/// with it.
struct Previewing {
  static let changesMax = 500

  let workspace: Workspace
  let today: Day
  private var before: [StreamID: [String: String]] = [:]

  init(_ workspace: Workspace, today: Day) {
    self.workspace = workspace
    self.today = today
  }

  /// What is said now of the streams and officers that the request may touch.
  func facts(about streams: Set<StreamID>) throws -> [StreamID: [String: String]] {
    var facts: [StreamID: [String: String]] = [:]
    var officers: Set<Identifier> = []
    for stream in streams {
      let state = try workspace.state(of: stream, on: today, knownAt: .max)
      if let officer = state?.subject(of: stream) { officers.insert(officer) }
      facts[stream, default: [:]]["status"] = state?.statusName ?? "nothing stands"
    }
    for officer in officers {
      let profile = try Profile(of: officer, on: today, knownAt: .max, from: workspace)
      let stream = StreamID(.officer, profile.officer)
      for skill in profile.skills {
        facts[stream, default: [:]][
          "skill \(skill.skill.framework.text)/\(skill.skill.skill.text)"] =
          "level \(skill.skill.level), \(skill.holding), \(skill.strength)"
      }
      for line in profile.credentialLines {
        let credential = StreamID(.credential, line.credential)
        facts[credential, default: [:]]["status"] = line.status.name
        facts[credential, default: [:]]["evidence"] =
          line.evidenceWithdrawn ? "withdrawn" : "stands"
      }
      for training in profile.reply(asOf: 0).trainings {
        facts[StreamID(.enrolment, training.enrolment), default: [:]]["training"] =
          training.status.name + (training.completion.map { " on \($0.day.text)" } ?? "")
      }
    }
    return facts
  }

  /// The lines that differ, in the order of their streams.
  static func changes(
    from before: [StreamID: [String: String]], to after: [StreamID: [String: String]]
  ) -> [PreviewChange] {
    var changes: [PreviewChange] = []
    for stream in Set(before.keys).union(after.keys).sorted() {
      let (old, new) = (before[stream] ?? [:], after[stream] ?? [:])
      for what in Set(old.keys).union(new.keys).sorted() where old[what] != new[what] {
        changes.append(
          PreviewChange(
            stream: stream, what: what, before: old[what] ?? "", after: new[what] ?? ""))
      }
    }
    return changes
  }
}

extension StreamState {
  /// The status by its name in the schema.
  public var statusName: String {
    switch self {
    case .registry: "established"
    case .organisation(let state): state.status.name
    case .officer(let state): state.status.name
    case .framework(let state): state.status.name
    case .authorisation(let state): state.status.name
    case .instrument(let state): state.status.name
    case .agreement(let state): state.status.name
    case .programme(let state): state.status.name
    case .course(let state): state.status.name
    case .cohort(let state): state.status.name
    case .enrolment(let state): state.status.name
    case .submission(let state): state.status.name
    case .credential(let state): state.status.name
    case .skillClaim(let state): state.status.name
    case .mandate(let state): state.status.name
    case .duty(let state): state.status.name
    }
  }
}
