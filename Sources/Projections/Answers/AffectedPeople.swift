import Messages
import Registry

/// The shared streams as known before a position.
package final class KnownStreams {
  let sharedStreams: SharedStreams
  let position: LogPosition
  /// Cohorts by their course, and by who teaches them.
  private(set) lazy var cohorts = gatherCohorts()
  /// Organisation → those that ever named it as what they stand below or became.
  private lazy var belowEver = gatherLinks()

  package init(_ sharedStreams: SharedStreams, knownAt position: LogPosition = .max) {
    self.sharedStreams = sharedStreams
    self.position = position
  }

  func state(of stream: StreamID, on day: Day = .distantFuture) -> StreamState? {
    sharedStreams.state(of: stream, on: day, knownAt: position)
  }

  /// An organisation and all that may have been below it on some day: a mandate counts somebody from
  /// the day on which the organisation came there, which may be any.
  func organisations(everBelow above: Identifier) -> Set<Identifier> {
    var (found, next): (Set<Identifier>, [Identifier]) = ([above], [above])
    while let current = next.popLast() {
      for below in belowEver[current] ?? [] where found.insert(below).inserted {
        next.append(below)
      }
    }
    return found
  }

  /// Every link that an event ever named, standing or not: too many reach nobody whose answers do
  /// not change.
  private func gatherLinks() -> [Identifier: Set<Identifier>] {
    var links: [Identifier: Set<Identifier>] = [:]
    for stream in sharedStreams.streams(of: .organisation) {
      for event in sharedStreams.history(of: stream) {
        guard event.metadata.position < position, case .organisation(let body) = event.body else {
          continue
        }
        for above in body.superiors { links[above, default: []].insert(stream.key) }
      }
    }
    return links
  }

  private func gatherCohorts() -> (
    of: [Identifier: Set<Identifier>], by: [Identifier: Set<Identifier>]
  ) {
    var (courses, centres): ([Identifier: Set<Identifier>], [Identifier: Set<Identifier>]) =
      ([:], [:])
    for cohort in sharedStreams.streams(of: .cohort) {
      guard let terms = state(of: cohort)?.cohort?.terms else { continue }
      courses[terms.course, default: []].insert(cohort.key)
      centres[terms.organisation, default: []].insert(cohort.key)
    }
    return (courses, centres)
  }
}

extension OrganisationEvent {
  /// The organisations that it names as standing above its own, or going on in its place.
  fileprivate var superiors: [Identifier] {
    switch self {
    case .registered(let given): given.parent.map { [$0] } ?? []
    case .movedUnder(let given): [given.parent]
    case .mergedInto(let given): [given.organisation]
    case .splitInto(let given): given.organisations
    case .roleAdded, .roleEnded, .renamed, .closed: []
    }
  }
}

/// Whose answers a change of shared streams may reach: everybody, or those who are found below
/// prefixes of some tables. Whoever is not found is not reached; who is found may not be.
package struct AffectedPeople: Hashable, Sendable {
  package private(set) var isEverybody = false
  /// Rows whose keys name an officer after the prefix.
  package private(set) var rows: Set<Prefix> = []
  /// Rows of `attributed`, whose keys name an enrolment after the prefix.
  package private(set) var enrolments: Set<Prefix> = []

  package struct Prefix: Hashable, Sendable {
    package var table: ViewTable
    package var bytes: [UInt8]
  }

  package init() {}

  package var isNobody: Bool { !isEverybody && rows.isEmpty && enrolments.isEmpty }

  /// Takes in everybody.
  package mutating func addEverybody() { isEverybody = true }

  package mutating func formUnion(_ other: AffectedPeople) {
    if other.isEverybody { isEverybody = true }
    rows.formUnion(other.rows)
    enrolments.formUnion(other.enrolments)
  }

  /// Takes in what a change of a stream reaches.
  ///
  /// - Parameter day: the day that the answers are asked about.
  package mutating func add(
    _ stream: StreamID, from before: KnownStreams, to after: KnownStreams, on day: Day
  ) {
    let sides = [before, after]
    switch stream.kind {
    case .registry:
      let known = sides.map { $0.state(of: stream, on: day)?.establishment }
      if known[0]?.policy != known[1]?.policy || known[0]?.requirements != known[1]?.requirements {
        isEverybody = true
      }
    case .mandate:
      // What an institution gave changes no duty.
      let known = sides.map { side in
        var state = side.state(of: stream, on: day)?.mandate
        state?.support = []
        return state
      }
      if known[0] != known[1] { isEverybody = true }
    case .organisation: addPosted(under: stream, sides, on: day)
    case .framework: addSkilled(in: stream, sides, on: day)
    case .authorisation:
      for side in sides {
        for state in [side.state(of: stream), side.state(of: stream, on: day)] {
          guard let centre = state?.authorisation?.organisation else { continue }
          for side in sides { add(cohorts: side.cohorts.by[centre]) }
        }
      }
    case .course:
      for side in sides { add(cohorts: side.cohorts.of[stream.key]) }
      add(.completed, ViewKey.prefix(stream.key.text))
      add(.attained, ViewKey.prefix(ViewKey.course(stream.key)))
    case .cohort: add(cohort: stream.key)
    case .programme:
      for cohort in Set(sides.flatMap { $0.sharedStreams.cohorts(under: stream) }) {
        add(cohort: cohort)
      }
      enrolments.insert(Prefix(table: .attributed, bytes: ViewKey.prefix(stream)))
    // What is said of people does not follow from these; an officer's own streams name whom they
    // are of.
    case .instrument, .agreement, .officer, .enrolment, .submission, .credential, .skillClaim,
      .duty:
      break
    }
  }

  private mutating func add(_ table: ViewTable, _ prefix: [UInt8]) {
    rows.insert(Prefix(table: table, bytes: prefix))
  }

  private mutating func add(cohort: Identifier) {
    add(.rolls, ViewKey.prefix(cohort.text))
    enrolments.insert(
      Prefix(table: .attributed, bytes: ViewKey.prefix(StreamID(.cohort, cohort))))
  }

  private mutating func add(cohorts: Set<Identifier>?) {
    for cohort in cohorts ?? [] { add(cohort: cohort) }
  }

  /// Whoever was ever posted in an organisation, or in one that may have been below it on some day:
  /// only mandates ask for it.
  private mutating func addPosted(under stream: StreamID, _ sides: [KnownStreams], on day: Day) {
    for side in sides {
      let isAsked = side.sharedStreams.streams(of: .mandate).contains {
        side.state(of: $0, on: day) != nil
      }
      guard isAsked else { continue }
      for organisation in side.organisations(everBelow: stream.key) {
        add(.posted, ViewKey.prefix(ViewKey.organisation(organisation)))
      }
    }
  }

  /// Whoever has, or had, something that names a skill of the framework or of one that crosswalks
  /// join to it.
  private mutating func addSkilled(in stream: StreamID, _ sides: [KnownStreams], on day: Day) {
    var frameworks: Set<Identifier> = [stream.key]
    for side in sides {
      frameworks.formUnion(
        side.sharedStreams.frameworks(
          crosswalkedWith: stream.key, on: day, knownAt: side.position))
    }
    for framework in frameworks { add(.attained, Array("skill/\(framework.text)/".utf8)) }
    for side in sides {
      for course in side.sharedStreams.streams(of: .course) {
        let editions = side.state(of: course)?.course?.editions ?? []
        let teaches = editions.contains { edition in
          edition.outcomes.contains { frameworks.contains($0.framework) }
        }
        guard teaches else { continue }
        add(.completed, ViewKey.prefix(course.key.text))
        add(.attained, ViewKey.prefix(ViewKey.course(course.key)))
      }
    }
  }
}

/// Gathers those who are reached, a part at a time.
package struct PeopleCollector: Sendable {
  package private(set) var officers: Set<Identifier> = []
  private var sources: [(AffectedPeople.Prefix, isEnrolment: Bool)]
  /// Where the scan of the first source goes on.
  private var from: [UInt8]?
  private let max: Int

  /// - Parameter everybodyMax: where everybody is reached, so many are enough: the first.
  package init(_ affected: AffectedPeople, everybodyMax: Int = .max) {
    max = affected.isEverybody ? everybodyMax : .max
    if affected.isEverybody {
      // Whoever ever had a record: at an old position a record may be that has none now.
      sources = [(.init(table: .heads, bytes: Array("officer/".utf8)), false)]
    } else {
      sources =
        affected.rows.map { ($0, false) } + affected.enrolments.map { ($0, true) }
    }
  }

  package var isDone: Bool { sources.isEmpty }

  /// Goes on until everybody is found or it is to stop.
  ///
  /// - Parameter state: of an enrolment, whose seat says who is meant.
  package mutating func work(
    _ readModel: RegistryReader, state: (StreamID) throws -> StreamState?, until isOver: () -> Bool
  ) throws {
    while let (source, isEnrolment) = sources.last {
      var enrolments: [Identifier] = []
      var (next, found) = ([UInt8]?.none, officers)
      officers = []
      try readModel.snapshot.scan(
        readModel.views[source.table], from: .key(from ?? source.bytes), prefix: source.bytes
      ) { key, _ in
        let rest = ViewKey.copy(key.extracting(droppingFirst: source.bytes.count))
        // The officer's part of the key, but for prefixes that end within a part.
        let part =
          source.table == .attained && source.bytes.last != 0
          ? rest.drop { $0 != 0 }.dropFirst() : rest[...]
        if let id = Identifier(key: Array(part.prefix { $0 != 0 })) {
          if isEnrolment { enrolments.append(id) } else { found.insert(id) }
        }
        if found.count >= max { return false }
        guard isOver() || enrolments.count >= 64 else { return true }
        next = ViewKey.copy(key) + [0]
        return false
      }
      officers = found
      for id in enrolments {
        if let seat = try state(StreamID(.enrolment, id))?.enrolment?.seat {
          officers.insert(seat.officer)
        }
      }
      from = next
      if next == nil { sources.removeLast() }
      if isOver() { return }
    }
  }
}

extension RegistryReader {
  /// Officers who have a record now.
  package var officersCount: Int {
    get throws { try snapshot.count(views[.roster]) }
  }
}

extension Identifier {
  /// An identifier as a part of a key.
  package init?(key: [UInt8]) { self.init(utf8: key.span) }
}
