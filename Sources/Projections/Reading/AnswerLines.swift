import Algorithms
import Messages
import Registry

/// The lines that answers have about streams and people, for comparing two states of the registry.
package struct AnswerLines {
  package typealias Lines = [StreamID: [String: String]]
  package typealias Change = (stream: StreamID, what: String, before: String, after: String)

  package let day: Day
  package let position: LogPosition
  package private(set) var lines: Lines = [:]

  package init(on day: Day, knownAt position: LogPosition) {
    self.day = day
    self.position = position
  }

  /// Adds a stream's status: of a credential what it is worth on the day.
  ///
  /// - Returns: the officers whom it names.
  package mutating func add(_ stream: StreamID, from readModel: some ReadModel) throws
    -> [Identifier]
  {
    let state = try readModel.state(of: stream, on: day, knownAt: position)
    lines[stream, default: [:]]["status"] =
      state?.credential?.standing(on: day).status.status.name ?? state?.statusName
      ?? "nothing stands"
    return [state?.subject(of: stream), state?.officer?.mergedInto].compactMap(\.self)
  }

  /// Adds what is said of people; two records that are merged are one person.
  package mutating func add(people: some Sequence<Identifier>, from readModel: some ReadModel)
    throws
  {
    let merges = readModel.sharedStreams.merges
    let survivors = people.map { merges.survivor(of: $0, on: day, knownAt: position) }
    for officer in survivors.uniqued() {
      add(try Profile(of: officer, on: day, knownAt: position, from: readModel))
    }
  }

  private mutating func add(_ profile: Profile) {
    let person = profile.officer.text
    let own = StreamID(.officer, profile.officer)
    for skill in profile.skills {
      let name = "skill \(skill.skill.framework.text)/\(skill.skill.skill.text)"
      let text =
        "level \(skill.skill.level), \(skill.holding.name), \(skill.strength.name)"
        + (skill.unrecognised ? ", unrecognised" : "")
      // A skill has another line for each way in which it is held further.
      let before = lines[own]?[name]
      lines[own, default: [:]][name] = before.map { "\($0); \(text)" } ?? text
    }
    for record in profile.merged {
      lines[StreamID(.officer, record), default: [:]]["record"] = "merged into \(person)"
    }
    func add(_ stream: StreamID, _ what: String, _ text: String) {
      lines[stream, default: [:]][what] = text
      lines[stream, default: [:]]["record"] = "in \(person)"
    }
    for line in profile.credentialLines {
      let stream = StreamID(.credential, line.credential)
      add(stream, "evidence", line.evidenceWithdrawn ? "withdrawn" : "stands")
      if let by = line.recognisedBy { add(stream, "recognised", "by \(by.text)") }
    }
    for training in profile.reply(asOf: 0).trainings {
      add(
        StreamID(.enrolment, training.enrolment), "training",
        training.status.name + (training.completion.map { " on \($0.day.text)" } ?? "")
          + (training.unrecognised ? ", unrecognised" : ""))
    }
    for (id, state) in profile.submissions {
      add(StreamID(.submission, id), "paper", state.status.name)
    }
    for (id, state) in profile.claims { add(StreamID(.skillClaim, id), "claim", state.status.name) }
    for (id, state) in profile.duties { add(StreamID(.duty, id), "duty", state.status.name) }
  }

  /// What differs, in the order of the streams; empty: it is not said.
  package static func changes(
    from before: Lines, to after: Lines
  ) -> [Change] {
    var changes: [Change] = []
    for stream in Set(before.keys).union(after.keys).sorted() {
      let (old, new) = (before[stream] ?? [:], after[stream] ?? [:])
      for what in Set(old.keys).union(new.keys).sorted() where old[what] != new[what] {
        changes.append((stream, what, old[what] ?? "", new[what] ?? ""))
      }
    }
    return changes
  }
}
