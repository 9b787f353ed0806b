import HashTreeCollections
import Registry

/// The shared streams (few, and referred to by many others), in memory with their whole histories:
/// reads of other streams join with them. A value: a reader keeps its own version.
///
/// A batch that changes one of them copies little of the others: the maps are trees that share what
/// did not change, and so are the histories.
public struct SharedStreams: Sendable {
  private var entries: TreeDictionary<StreamID, SharedStream> = [:]
  private var kinds: [StreamKind: TreeSet<StreamID>] = [:]
  /// One more than the position of the last event that changed it.
  public private(set) var changedAt: LogPosition = 0
  public private(set) var registryStream: StreamID?
  public private(set) var merges = Merges()
  /// Organisation → its authorisations, ever.
  private var authorisations: TreeDictionary<Identifier, TreeSet<Identifier>> = [:]
  /// Programme or agreement → cohorts that were ever counted under it directly.
  private var cohorts: TreeDictionary<StreamID, TreeSet<Identifier>> = [:]
  /// Agreement → programmes that were ever linked to it.
  private var programmes: TreeDictionary<Identifier, TreeSet<Identifier>> = [:]

  public init() {}

  /// Takes in a stream as it is now.
  public mutating func update(
    _ stream: StreamID, _ head: StreamHead, history: ChunkedArray<StreamEvent>
  ) {
    precondition(stream.kind.isShared)
    let before = entries[stream]
    link(stream, history.dropFirst(before?.history.count ?? 0))
    entries[stream] = SharedStream(head, history, after: before)
    if before == nil { kinds[stream.kind, default: []].insert(stream) }
    if let last = history.last { changedAt = max(changedAt, last.metadata.position + 1) }
    if stream.kind == .registry { registryStream = stream }
  }

  /// Takes in the record of an officer that is or ever was merged into another.
  public mutating func update(
    merged officer: Identifier, _ head: StreamHead, history: ChunkedArray<StreamEvent>
  ) {
    merges.update(officer, head, history: history)
    if let last = history.last { changedAt = max(changedAt, last.metadata.position + 1) }
  }

  /// Notes what a stream's events ever referred to, standing or not: an answer about an old
  /// position finds it too. Whoever asks checks the state of the day and position.
  private mutating func link(_ stream: StreamID, _ history: some Sequence<StreamEvent>) {
    for event in history {
      switch event.body {
      case .authorisation(let body):
        if let centre = body.organisation {
          authorisations[centre, default: []].insert(stream.key)
        }
      case .cohort(let body):
        if let programme = body.terms?.programme {
          cohorts[StreamID(.programme, programme), default: []].insert(stream.key)
        }
        if let counted = event.metadata.attributedTo {
          cohorts[counted, default: []].insert(stream.key)
        }
      case .programme(.linkedToAgreement(let given)):
        programmes[given.agreement, default: []].insert(stream.key)
      case .programme(.drafted), .programme(.approved), .programme(.opened), .programme(.paused),
        .programme(.resumed), .programme(.closed), .programme(.evaluated),
        .programme(.pilotDeclared), .programme(.pilotConcluded):
        break
      // Nobody asks for what refers to another by these.
      case .registry, .organisation, .officer, .framework, .instrument, .agreement, .course,
        .enrolment, .submission, .credential, .skillClaim, .mandate, .duty, .voided, .restored:
        break
      }
    }
  }

  public func head(of stream: StreamID) -> StreamHead? { entries[stream]?.head }

  public func history(of stream: StreamID) -> ChunkedArray<StreamEvent> {
    entries[stream]?.history ?? []
  }

  /// The state on a day as known at a position (the number of events then known).
  public func state(
    of stream: StreamID, on day: Day = .distantFuture, knownAt position: LogPosition = .max
  ) -> StreamState? {
    entries[stream]?.state(on: day, knownAt: position)
  }

  /// The policy in force on a day.
  public func policy(on day: Day, knownAt position: LogPosition = .max) -> SkillPolicy {
    guard let adopted = establishment(on: day, knownAt: position)?.policy else { return .first }
    return SkillPolicy(adopted)
  }

  public func establishment(
    on day: Day, knownAt position: LogPosition = .max
  ) -> Establishment? {
    registryStream.flatMap { state(of: $0, on: day, knownAt: position) }?.establishment
  }

  /// Whether an organisation is another, or stands below it on a day.
  public func isBelow(
    _ organisation: Identifier, _ above: Identifier, on day: Day,
    knownAt position: LogPosition = .max
  ) -> Bool {
    Organisation.isBelow(organisation, above) {
      state(of: StreamID(.organisation, $0), on: day, knownAt: position)?.organisation
    }
  }

  /// Whether a training of a cohort that was completed on a day was given by a centre that was
  /// authorised for it that day.
  public func isRecognised(
    cohort id: Identifier, completedOn day: Day, knownAt position: LogPosition = .max
  ) -> Bool {
    guard
      let terms = state(of: StreamID(.cohort, id), knownAt: position)?.cohort?.terms,
      let edition = edition(of: terms, knownAt: position)
    else { return false }
    return authorisations[terms.organisation, default: []].contains { authorisation in
      state(of: StreamID(.authorisation, authorisation), on: day, knownAt: position)?
        .authorisation.map {
          $0.organisation == terms.organisation && $0.covers(terms.course, edition, on: day)
        } ?? false
    }
  }

  public func edition(
    of terms: CohortTerms, knownAt position: LogPosition = .max
  ) -> CoursePublished? {
    state(of: StreamID(.course, terms.course), knownAt: position)?.course?.edition(terms.edition)
  }

  /// The pass mark of the edition that a cohort teaches; 0: none.
  public func passMark(of cohort: Identifier, knownAt position: LogPosition = .max) -> UInt32 {
    let terms = state(of: StreamID(.cohort, cohort), knownAt: position)?.cohort?.terms
    return terms.flatMap { edition(of: $0, knownAt: position) }?.passMark ?? 0
  }

  /// An organisation's authorisations on a day, in the order of their keys.
  public func authorisations(
    of organisation: Identifier, on day: Day, knownAt position: LogPosition = .max
  ) -> [(id: Identifier, state: Authorisation)] {
    authorisations[organisation, default: []].sorted().compactMap { id in
      state(of: StreamID(.authorisation, id), on: day, knownAt: position)?.authorisation
        .flatMap { $0.organisation == organisation ? (id, $0) : nil }
    }
  }

  /// Cohorts that are, or on some day were, counted under a programme or agreement directly.
  public func cohorts(under stream: StreamID) -> [Identifier] {
    cohorts[stream, default: []].sorted()
  }

  /// Programmes that are, or on some day were, linked to an agreement.
  public func programmes(under agreement: Identifier) -> [Identifier] {
    programmes[agreement, default: []].sorted()
  }

  /// The agreements that a training counts under on a day, as the dashboards of that day count it:
  /// by its cohort's programme, by what the cohort is attributed to, and by its own attribution.
  public func agreements(
    of enrolment: Enrolment, on day: Day, knownAt position: LogPosition = .max
  ) -> [Identifier] {
    let cohort = state(
      of: StreamID(.cohort, enrolment.seat.cohort), on: day, knownAt: position)?.cohort
    var found: Set<Identifier> = []
    for counted in [
      cohort?.terms.programme.map { StreamID(.programme, $0) }, cohort?.attributedTo,
      enrolment.attributedTo,
    ] {
      guard let counted else { continue }
      switch counted.kind {
      case .agreement: found.insert(counted.key)
      case .programme:
        let programme = state(of: counted, on: day, knownAt: position)?.programme
        found.formUnion(programme?.agreements ?? [])
      // `attributed_to` names nothing else.
      case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .course,
        .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate, .duty:
        break
      }
    }
    return found.sorted()
  }

  /// The frameworks that a framework's crosswalks lead to, and those whose crosswalks lead to it.
  func frameworks(
    crosswalkedWith framework: Identifier, on day: Day, knownAt position: LogPosition
  ) -> Set<Identifier> {
    var found: Set<Identifier> = []
    for stream in streams(of: .framework) {
      for crosswalk in state(of: stream, on: day, knownAt: position)?.framework?.crosswalks ?? [] {
        if stream.key == framework { found.insert(crosswalk.otherFramework) }
        if crosswalk.otherFramework == framework { found.insert(stream.key) }
      }
    }
    found.remove(framework)
    return found
  }

  /// Every stream of a kind, in the order of their keys.
  public func streams(of kind: StreamKind) -> [StreamID] {
    kinds[kind, default: []].sorted()
  }
}
