import Messages
import Projections
import Registry
import Wire

/// All that is kept of an officer: who it is and what is true today, then each stream with every
/// event, standing or not, a part a page. Records that are merged into it are among them. An event
/// with sealed data is a page of its own, which has it opened.
struct OfficerRecord: PagedAnswer {
  static let pageLinesMax = 200

  private let question: OfficerRecordRequest
  var moment: Moment
  private var streams: [StreamID]?
  private var at = 0
  private var told = 0

  init(_ question: OfficerRecordRequest) {
    self.question = question
    moment = Moment(on: nil, atPosition: nil, atLeast: question.atLeast)
  }

  var weight: JobWeight { .light }

  mutating func next(from desk: ReadDesk) throws -> [UInt8]? {
    let (day, position) = try moment.fix(desk)
    guard let streams else {
      let (page, streams) = try begin(desk, day, position)
      self.streams = streams
      return Codec.encode(page, arena: desk.arena)
    }
    guard at < streams.count else { return nil }
    let page = try part(of: streams[at], desk, day, position)
    return Codec.encode(page, arena: desk.arena)
  }

  private func begin(
    _ desk: ReadDesk, _ day: Day, _ position: LogPosition
  ) throws -> (OfficerRecordPage, [StreamID]) {
    let records = desk.records
    let asked: Identifier? =
      switch question.who {
      case .officer(let id): id
      case .identifier(let given): try desk.officer(given)
      }
    var page = OfficerRecordPage(asOf: position)
    guard let asked else { return (page, []) }
    let profile = try Profile(of: asked, on: day, knownAt: position, from: records)
    let own = [profile.officer] + profile.merged
    guard try !records.positions(of: StreamID(.officer, profile.officer)).isEmpty else {
      return (page, [])
    }
    page.officer = profile.officer
    page.profile = profile.reply(asOf: position)
    for record in own {
      guard let more = try desk.personal(of: record, knownAt: position) else { continue }
      page.personal = (page.personal ?? Personal()).adding(more)
    }
    var streams = own.map { StreamID(.officer, $0) }
    for record in records.catalogue.merges.related(to: profile.officer) {
      for stream in try records.streams(touching: record, before: position)
      where stream.kind != .officer && !streams.contains(stream) {
        if try isOwn(stream, profile.officer, own, records, day, position) {
          streams.append(stream)
        }
      }
    }
    return (page, streams)
  }

  /// Whether a stream is found in the record: also one of which nothing stands any more, where an
  /// event names the officer.
  private func isOwn(
    _ stream: StreamID, _ officer: Identifier, _ own: [Identifier], _ records: RegistryReader,
    _ day: Day, _ position: LogPosition
  ) throws -> Bool {
    let standing = try records.standing(of: stream, knownAt: position)
    if let state = standing.fold().state {
      return state.subject(of: stream).map {
        records.catalogue.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
          == officer
      } ?? false
    }
    return standing.events.contains { !Set($0.officers).isDisjoint(with: own) }
  }

  private mutating func part(
    of stream: StreamID, _ desk: ReadDesk, _ day: Day, _ position: LogPosition
  ) throws -> OfficerRecordPage {
    let records = desk.records
    let standing = try records.standing(of: stream, knownAt: position)
    var page = OfficerRecordPage(stream: stream, asOf: position)
    if told == 0 { page.state = standing.fold(until: day).state }
    var bytes = 0
    while told < standing.events.count, page.history.count < Self.pageLinesMax,
      bytes < ReadDesk.pageBytesMax
    {
      let place = standing.events[told].occasion.position
      let stored = try records.stored(place)
      let hasSealed = !stored.recorded.sealedSha256.isEmpty
      if hasSealed, !page.history.isEmpty { break }
      let event = try records.log.read(place) { Splice.bytes($0) } ?? []
      bytes += event.count
      let fate = standing.fates[told].standing
      page.history.append(HistoryLine(event: event, standing: fate.standing, by: fate.by))
      told += 1
      if hasSealed {
        page.personal = try desk.store.vault.personal(
          of: stored, in: records.log, arena: desk.arena)
        break
      }
    }
    if told == standing.events.count { (at, told) = (at + 1, 0) }
    return page
  }
}

extension Personal {
  /// With what another record of the same person has besides.
  func adding(_ other: Personal) -> Personal {
    var sum = self
    if sum.name.isEmpty { sum.name = other.name }
    sum.identifiers += other.identifiers.filter { !sum.identifiers.contains($0) }
    sum.contacts += other.contacts.filter { !sum.contacts.contains($0) }
    if sum.note.isEmpty { sum.note = other.note }
    return sum
  }
}
