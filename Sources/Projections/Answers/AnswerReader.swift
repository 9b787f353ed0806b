import Messages
import Registry

/// A read model that also knows which events stand, for what no state keeps.
package protocol AnswerModel: ReadModel {
  /// Which of a stream's events stand, by what was known before a position.
  func effectiveHistory(of stream: StreamID, knownAt position: LogPosition) throws
    -> EffectiveHistory
}

extension RegistryReader: AnswerModel {}

/// Reads what answers say of streams and of people on a day, as known before a position: every
/// field of the streams' states, and all that is computed from several streams.
///
/// A preview and a difference compare what it gives of one state of the registry and of another, so
/// that they are equal.
package final class AnswerReader<Model: AnswerModel> {
  let readModel: Model
  let day: Day
  let position: LogPosition
  private lazy var mandates = readMandates()
  private lazy var establishment = readModel.sharedStreams.establishment(
    on: day, knownAt: position)
  private lazy var reliances = RelianceReader(sharedStreams, knownAt: position)
  /// Framework → those that its crosswalks lead to, or come from.
  private var crosswalked: [Identifier: [Identifier]] = [:]

  package init(_ readModel: Model, on day: Day, knownAt position: LogPosition) {
    self.readModel = readModel
    self.day = day
    self.position = position
  }

  private var sharedStreams: SharedStreams { readModel.sharedStreams }

  /// Adds a stream's own state: of a credential what it is worth on the day.
  package func add(_ stream: StreamID, to lines: inout AnswerLines) throws {
    guard let state = try readModel.state(of: stream, on: day, knownAt: position) else {
      return lines.set(stream, AnswerLines.status, AnswerText(AnswerLines.nothing))
    }
    var known = try StateFields(state, on: day).fields
    let history = try readModel.effectiveHistory(of: stream, knownAt: position)
    if stream.kind == .officer { known["personal"] = PersonalEvents(history, on: day).words }
    for (name, text) in reliances.words(of: history, on: day) {
      lines.set(stream, "authority of \(name)", text)
    }
    let fields = known.sorted { $0.key < $1.key }
    let status = state.credential?.standing(on: day).status.status.name ?? state.statusName
    lines.set(
      stream, AnswerLines.status,
      AnswerText(status, details: fields.map { ($0.key, $0.value) }))
    for (name, value) in fields { lines.set(stream, name, AnswerText(value, isField: true)) }
  }

  /// Adds what is said of people; two records that are merged are one person.
  package func add(people: some Sequence<Identifier>, to lines: inout AnswerLines) throws {
    var seen: Set<Identifier> = []
    for officer in people {
      let person = sharedStreams.merges.survivor(of: officer, on: day, knownAt: position)
      guard seen.insert(person).inserted else { continue }
      let profile = try Profile(of: person, on: day, knownAt: position, from: readModel)
      try add(profile, to: &lines)
      try addDuties(profile, to: &lines)
    }
  }

  private func add(_ profile: Profile, to lines: inout AnswerLines) throws {
    let own = StreamID(.officer, profile.officer)
    let isUnregistered = try readModel.isUnregistered(profile.officer, knownAt: position)
    for record in profile.merged {
      lines.set(
        StreamID(.officer, record), "record", AnswerText("merged into \(profile.officer.text)"))
    }
    addSkills(profile, own, to: &lines)
    func found(_ kind: StreamKind, _ id: Identifier) {
      lines.set(StreamID(kind, id), "record", AnswerText("in \(profile.officer.text)"))
    }
    for (id, _) in profile.submissions { found(.submission, id) }
    for (id, _) in profile.claims { found(.skillClaim, id) }
    for (id, _) in profile.duties { found(.duty, id) }
    for (id, state) in profile.credentials {
      found(.credential, id)
      let stream = StreamID(.credential, id)
      lines.set(
        stream, "evidence", AnswerText(profile.isWithdrawn(state) ? "withdrawn" : "stands"))
      if isUnregistered {
        lines.set(stream, "holder's registration", AnswerText("voided"))
      }
      let isUnrecognised = profile.enrolments.contains { _, training in
        guard let completion = training.completion,
          training.evidence?.isCited(byOneOf: state.terms.evidence) ?? false
        else { return false }
        return !profile.isRecognised(training.seat.cohort, completion)
      }
      if isUnrecognised { lines.set(stream, "training", AnswerText("unrecognised")) }
    }
    var counted: [Identifier: Int] = [:]
    for (id, state) in profile.enrolments {
      found(.enrolment, id)
      let agreements = sharedStreams.agreements(of: state, on: day, knownAt: position)
      lines.set(StreamID(.enrolment, id), "training", training(state, agreements, profile))
      guard state.status == .completed, state.completion != nil else { continue }
      for agreement in agreements { counted[agreement, default: 0] += 1 }
    }
    for (agreement, completions) in counted {
      lines.set(
        own, "counted under agreement \(agreement.text)",
        AnswerText(completions == 1 ? "1 completion" : "\(completions) completions"))
    }
  }

  // MARK: skills

  private func addSkills(_ profile: Profile, _ own: StreamID, to lines: inout AnswerLines) {
    let grounds = profile.grounds
    let skills = profile.policy.skills(from: grounds, on: day)
    set(skills, of: own, to: &lines)
    if profile.isKnown {
      lines.set(
        own, AnswerLines.policy, AnswerText("\(profile.policy.version)", isField: true))
    }
    let others = Set(skills.map(\.skill.framework)).flatMap(frameworks(crosswalkedWith:))
    for framework in Set(others) {
      set(
        profile.carried(into: framework, beside: skills, among: grounds), of: own, " by crosswalk",
        to: &lines)
    }
    for wanted in establishment?.requirements(of: profile.posting) ?? [] {
      let isMet = profile.held(wanted, among: grounds) != nil
      lines.set(
        own, "required \(wanted.name)",
        AnswerText("level \(wanted.level), " + (isMet ? "met" : "not met")))
    }
  }

  /// A skill has a line for each way in which it is held further: they are told together.
  private func set(
    _ skills: [HeldSkill], of own: StreamID, _ how: String = "", to lines: inout AnswerLines
  ) {
    for (name, held) in Dictionary(grouping: skills, by: { "skill \($0.skill.name)\(how)" }) {
      let texts = held.map(text)
      lines.set(
        own, name,
        AnswerText(
          texts.map(\.short).joined(separator: "; "),
          details: texts.flatMap(\.details).map { ($0.name, $0.value) }))
    }
  }

  private func text(_ held: HeldSkill) -> AnswerText {
    AnswerText(
      "level \(held.skill.level), \(held.holding.name), \(held.strength.name)"
        + (held.unrecognised ? ", unrecognised" : "")
        + (held.origin.map { ", carried from \($0.skill.name)" } ?? ""),
      details: [
        ("since", held.since.text), ("lapsed on", held.lapsedOn?.text),
        (
          "by",
          held.evidence.isEmpty ? nil : held.evidence.map(\.text).sorted().joined(separator: " ")
        ),
      ])
  }

  private func frameworks(crosswalkedWith framework: Identifier) -> [Identifier] {
    if let known = crosswalked[framework] { return known }
    let found = sharedStreams.frameworks(
      crosswalkedWith: framework, on: day, knownAt: position
    ).sorted()
    crosswalked[framework] = found
    return found
  }

  // MARK: trainings

  private func training(
    _ state: Enrolment, _ agreements: [Identifier], _ profile: Profile
  ) -> AnswerText {
    guard let cohort = profile.cohort(state.seat.cohort) else {
      return AnswerText("of no cohort that stands")
    }
    let edition = sharedStreams.edition(of: cohort.terms, knownAt: position)
    var short = "\(cohort.terms.course.text) by \(cohort.terms.organisation.text)"
    if let completion = state.completion, !profile.isRecognised(state.seat.cohort, completion) {
      short += ", unrecognised"
    }
    if profile.isBelowPassMark(state) {
      short += ", below the pass mark"
    }
    return AnswerText(
      short,
      details: [
        ("edition", edition.map { "\($0.edition)" } ?? "none that stands"),
        ("titled", edition?.title),
        (
          "counted under",
          agreements.isEmpty ? nil : agreements.map(\.text).joined(separator: " ")
        ),
      ])
  }

  // MARK: mandates

  private func readMandates() -> [(reader: DutyReader, judge: DutyEvaluator)] {
    sharedStreams.streams(of: .mandate).compactMap {
      stream -> (reader: DutyReader, judge: DutyEvaluator)? in
      // What was withdrawn asks nothing of anybody.
      guard
        let state = sharedStreams.state(of: stream, on: day, knownAt: position)?.mandate,
        state.status != .withdrawn
      else { return nil }
      let measure = CompiledMandate(
        stream.key, state, asked: day, sharedStreams, knownAt: position)
      let reader = DutyReader(measure)
      return (
        reader,
        DutyEvaluator(
          measure, deadline: state.terms.deadline, names: reader.names,
          sharedStreams: sharedStreams, knownAt: position)
      )
    }
  }

  /// How the person stands under each mandate that means them.
  private func addDuties(_ profile: Profile, to lines: inout AnswerLines) throws {
    guard profile.isKnown else { return }
    for (reader, judge) in mandates {
      // A mandate that was closed is counted on the day on which it was.
      let posting =
        reader.measure.day == day
        ? try reader.fold(profile, readModel)
        : try reader.fold(profile.officer, readModel, knownAt: position, asked: profile)
      guard let duty = reader.dutyClass(collapsing: false), let verdict = judge.verdict(of: duty)
      else { continue }
      let line = reader.line(of: profile.officer, verdict, posting: posting)
      lines.set(
        StreamID(.officer, profile.officer), "under mandate \(reader.measure.mandate.text)",
        AnswerText(
          line.standing.name + (verdict.isOverdue ? ", overdue" : ""),
          details: [
            ("due", line.due?.text), ("completed on", line.completedOn?.text),
            ("strength", line.strength?.name), ("joined", line.joined?.text),
            ("exempted until", line.exemptedUntil?.text),
          ]))
    }
  }
}

extension SkillLevel {
  fileprivate var name: String { "\(framework.text)/\(skill.text)" }
}
