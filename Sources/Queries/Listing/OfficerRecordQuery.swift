import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// `OfficerRecord`: all that is kept of an officer: who it is and what is true today, then each
/// stream with every event, standing or not, a part a page. Records that are merged into it are
/// among them. An event with sealed data is a page of its own, which has it opened.
struct OfficerRecordQuery: Query {
  static let pageLinesMax = 200

  private let question: OfficerRecordRequest
  private var asOf: AsOf
  /// Whose record it is, with the records that are merged into it.
  private var own: [Identifier] = []
  /// What may be found in it, the next last; nil before the first page.
  private var candidates: [StreamID]?
  /// Of the stream that is told.
  private var fates: StreamFates?
  private var told = 0

  init(_ question: OfficerRecordRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  mutating func next(_ desk: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(desk)
    guard candidates != nil else {
      let page = try begin(desk, day, position)
      let bytes = Codec.encode(page, arena: desk.arena)
      return candidates?.isEmpty ?? true ? .end(bytes) : .message(bytes)
    }
    while fates == nil {
      guard let stream = candidates?.popLast() else { return .end(nil) }
      if try isOwn(stream, desk.records, day, position) {
        fates = try StreamFates(of: stream, knownAt: position, desk.records)
        told = 0
      }
      if slice.isOver { return .working }
    }
    guard let page = try part(desk, day, position, slice) else { return .working }
    return .message(Codec.encode(page, arena: desk.arena))
  }

  private mutating func begin(
    _ desk: ReadDesk, _ day: Day, _ position: LogPosition
  ) throws -> OfficerRecordPage {
    candidates = []
    let records = desk.records
    let asked: Identifier? =
      switch question.who {
      case .officer(let id): id
      case .identifier(let given): try desk.officer(given)
      }
    var page = OfficerRecordPage(asOf: position)
    guard let asked else { return page }
    let profile = try Profile(of: asked, on: day, knownAt: position, from: records)
    own = [profile.officer] + profile.merged
    guard try !records.positions(of: StreamID(.officer, profile.officer)).isEmpty else {
      return page
    }
    page.officer = profile.officer
    page.profile = profile.reply(asOf: position)
    for record in own {
      guard let more = try desk.personal(of: record, knownAt: position) else { continue }
      page.personal = (page.personal ?? Personal()).adding(more)
    }
    var streams = own.map { StreamID(.officer, $0) }
    var known = Set(streams)
    for record in records.catalogue.merges.related(to: profile.officer) {
      for stream in try records.streams(touching: record, before: position)
      where stream.kind != .officer && known.insert(stream).inserted {
        streams.append(stream)
      }
    }
    candidates = streams.reversed()
    return page
  }

  /// Whether a stream is found in the record: also one of which nothing stands any more, where an
  /// event names the officer.
  private func isOwn(
    _ stream: StreamID, _ records: RegistryReader, _ day: Day, _ position: LogPosition
  ) throws -> Bool {
    if stream.kind == .officer { return true }
    if let state = try records.state(of: stream, on: .distantFuture, knownAt: position) {
      return state.subject(of: stream).map {
        records.catalogue.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
          == own.first
      } ?? false
    }
    return try records.standing(of: stream, knownAt: position).events.contains {
      !Set($0.officers).isDisjoint(with: own)
    }
  }

  /// A part of the stream that is told; nil when the slice was over first.
  private mutating func part(
    _ desk: ReadDesk, _ day: Day, _ position: LogPosition, _ slice: TimeSlice
  ) throws -> OfficerRecordPage? {
    let records = desk.records
    guard var fates else { return nil }
    self.fates = nil
    defer { if told < fates.positions.count { self.fates = fates } }
    guard try fates.read(records, slice) else { return nil }
    var page = OfficerRecordPage(stream: fates.stream, asOf: position)
    if told == 0 {
      page.state = try records.state(of: fates.stream, on: day, knownAt: position)
    }
    var room = PageRoom(slice)
    while told < fates.positions.count, page.history.count < Self.pageLinesMax {
      let place = fates.positions[told]
      let stored = try records.stored(place)
      let hasSealed = !stored.recorded.sealedSha256.isEmpty
      if hasSealed, !page.history.isEmpty { break }
      let event = try records.bytes(of: place)
      guard room.hasRoom(for: event.count) else { break }
      room.add(event.count)
      let fate = fates.fate(at: place).standing
      page.history.append(HistoryLine(event: event, standing: fate.standing, by: fate.by))
      told += 1
      if hasSealed {
        page.personal = try desk.store.vault.personal(
          of: stored, in: records.log, arena: desk.arena)
        break
      }
      if slice.isOver { break }
    }
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
