/// A transition of a life cycle: one cell of a (state, event) table.
public enum Transition<Status: Sendable>: Sendable {
  /// Begins the stream, in its life cycle's natural way.
  case begins(Status)
  /// Begins the stream in the middle of its life cycle: a source must vouch for that.
  case beginsVouched(Status)
  case to(Status)
  /// Back to what there was before what the event ends; to this status where that is not known.
  case returns(orTo: Status)
  /// Allowed; the status stays.
  case stays
  /// What the event says is so already.
  case already
  case no
}

extension Transition: Equatable where Status: Equatable {}

extension Transition {
  /// The status that the event leads to, from the one there was.
  func target(from status: Status?) -> Status? {
    switch self {
    case .begins(let next), .beginsVouched(let next), .to(let next), .returns(let next): next
    case .stays, .already, .no: status
    }
  }

  /// Turns a cell into a verdict; nil where the rules have more to ask.
  ///
  /// - Parameters:
  ///   - thing: what the stream is the history of, such as "agreement".
  ///   - status: the state's name; nil when there is none.
  func judge(
    _ event: String, of thing: String, in status: String?, since: Since?, _ metadata: EventMetadata
  ) throws(Rejection) -> Verdict? {
    switch self {
    case .begins, .to, .returns, .stays: return nil
    case .already:
      return .unchanged(since: since?.position ?? metadata.position)
    case .beginsVouched:
      guard metadata.hasSource else {
        throw Rejection(
          .sourceNeeded,
          "The \(thing)'s stream would begin with `\(event)`: give the `source` that vouches for "
            + "what came before.", field: "source")
      }
      return nil
    case .no:
      guard let status else {
        throw Rejection(
          .noSuchStream,
          "On \(metadata.effective.text) the \(thing) has no history yet, and `\(event)` cannot "
            + "begin one.", field: "stream")
      }
      throw Rejection(
        .illegalTransition,
        "On \(metadata.effective.text) the \(thing) is \(status) "
          + "(since \(since?.day.text ?? "unknown")): `\(event)` cannot follow.")
    }
  }
}

extension DecisionContext {
  func officer(_ id: Identifier, on day: Day) -> Officer? {
    state(of: StreamID(.officer, id), on: day)?.officer
  }
  func organisation(_ id: Identifier, on day: Day) -> Organisation? {
    state(of: StreamID(.organisation, id), on: day)?.organisation
  }
  func framework(_ id: Identifier, on day: Day) -> Framework? {
    state(of: StreamID(.framework, id), on: day)?.framework
  }
  func agreement(_ id: Identifier, on day: Day) -> Agreement? {
    state(of: StreamID(.agreement, id), on: day)?.agreement
  }
  func programme(_ id: Identifier, on day: Day) -> Programme? {
    state(of: StreamID(.programme, id), on: day)?.programme
  }
  func course(_ id: Identifier, on day: Day) -> Course? {
    state(of: StreamID(.course, id), on: day)?.course
  }
  func mandate(_ id: Identifier, on day: Day) -> Mandate? {
    state(of: StreamID(.mandate, id), on: day)?.mandate
  }
  func cohort(_ id: Identifier, on day: Day) -> Cohort? {
    state(of: StreamID(.cohort, id), on: day)?.cohort
  }

  /// Rejects a reference to something that does not exist on any day.
  func need(_ kind: StreamKind, _ id: Identifier?, _ field: String) throws(Rejection) {
    guard checksReferences, let id else { return }
    guard state(of: StreamID(kind, id), on: .distantFuture) != nil else {
      throw Rejection(
        .noSuchReference, "There is no \(kind.rawValue) \(id.text): record it first.",
        field: field)
    }
  }

  /// Rejects a skill that its framework does not have, or not at that level.
  func need(_ skills: [SkillLevel], _ field: String) throws(Rejection) {
    guard checksReferences else { return }
    for (at, wanted) in skills.enumerated() {
      guard let framework = framework(wanted.framework, on: .distantFuture) else {
        throw Rejection(
          .noSuchReference, "There is no framework \(wanted.framework.text): record it first.",
          field: "\(field)[\(at)].framework")
      }
      guard let known = framework.skills[wanted.skill] else {
        throw Rejection(
          .noSuchReference,
          "The framework \(wanted.framework.text) has no skill \(wanted.skill.text).",
          field: "\(field)[\(at)].skill")
      }
      let highest = max(known.skill.levels, 1)
      guard wanted.level <= highest else {
        throw Rejection(
          .inconsistent,
          "The skill \(wanted.skill.text) of \(wanted.framework.text) has levels 1 to "
            + "\(highest), not \(wanted.level).", field: "\(field)[\(at)].level")
      }
    }
  }
}
