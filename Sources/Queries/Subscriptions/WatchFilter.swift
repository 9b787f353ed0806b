import Messages
import Registry
import RegistryStorage

/// What a watcher wants to be told of.
enum WatchFilter: Sendable {
  case kinds(Set<StreamKind>)
  case officers(Watched)
  case credentials(Watched)

  struct Watched: Sendable {
    /// In the order of the identifiers, each once: the order of an event's changes.
    let ids: [Identifier]
    let set: Set<Identifier>

    init(_ ids: [Identifier]) {
      set = Set(ids)
      self.ids = set.sorted()
    }
  }

  /// How many are watched is bounded by the schema (`WatchedIds.ids`, `WatchedKinds.kinds`).
  ///
  /// - Throws: `QueryFailure` for a kind that there is not, and for a list of nobody.
  init(_ what: WatchRequest.What) throws(QueryFailure) {
    switch what {
    case .kinds(let given):
      var kinds: Set<StreamKind> = []
      for (at, name) in given.kinds.enumerated() {
        guard let kind = StreamKind(rawValue: name.text) else {
          throw .invalid(
            "There is no kind of stream \(name.text): name one of "
              + StreamKind.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            field: "kinds.kinds[\(at)]", rule: .streamKind)
        }
        kinds.insert(kind)
      }
      self = .kinds(kinds.isEmpty ? Set(StreamKind.allCases) : kinds)
    case .officers(let given): self = .officers(try Self.watched(given, "officers.ids"))
    case .credentials(let given): self = .credentials(try Self.watched(given, "credentials.ids"))
    }
  }

  private static func watched(
    _ given: WatchedIds, _ field: String
  ) throws(QueryFailure) -> Watched {
    guard !given.ids.isEmpty else {
      throw .invalid(
        "Nobody is named: name at least one, or watch kinds.", field: field,
        rule: .missing)
    }
    return Watched(given.ids)
  }

  /// The kinds of streams whose events may be told; all others are passed over unread.
  var kinds: Set<StreamKind> {
    switch self {
    case .kinds(let kinds): kinds
    case .officers:
      [
        .officer, .enrolment, .submission, .credential, .skillClaim, .duty, .registry, .mandate,
        .authorisation, .cohort, .course,
      ]
    case .credentials:
      [
        .credential, .enrolment, .submission, .skillClaim, .officer, .authorisation, .cohort,
        .course,
      ]
    }
  }
}
