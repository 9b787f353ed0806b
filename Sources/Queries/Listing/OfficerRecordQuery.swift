import Messages
import Projections
import Registry
import RegistryStorage

/// `OfficerRecord`: all that is kept of an officer: who it is and what is true today, then each
/// stream with every event, standing or not, a part a page. Records that are merged into it are
/// among them. An event with sealed data is a page of its own, which has it opened.
package struct OfficerRecordQuery: Query {
  static let pageLinesMax = 200

  private let question: OfficerRecordRequest
  private var asOf: AsOf
  /// Whose record it is, with the records that are merged into it.
  private var own: [Identifier] = []
  /// What may be found in it, the next last; nil before the first page.
  private var candidates: [StreamID]?
  /// Of the stream that is told.
  private var dispositions: DispositionScan?
  private var told = 0

  package init(_ question: OfficerRecordRequest) {
    self.question = question
    asOf = AsOf(atLeast: question.atLeast)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(session)
    guard candidates != nil else {
      let page = try begin(session, day, position)
      let bytes = Codec.encode(page, arena: session.arena)
      return candidates?.isEmpty ?? true ? .end(bytes) : .message(bytes)
    }
    while dispositions == nil {
      guard let stream = candidates?.popLast() else { return .end(nil) }
      if try isOwn(stream, session.readModel, day, position) {
        dispositions = try DispositionScan(of: stream, knownAt: position, session.readModel)
        told = 0
      }
      if slice.isOver { return .working }
    }
    guard let page = try part(session, day, position, slice) else { return .working }
    return .message(Codec.encode(page, arena: session.arena))
  }

  private mutating func begin(
    _ session: ReadSession, _ day: Day, _ position: LogPosition
  ) throws -> OfficerRecordPage {
    candidates = []
    let readModel = session.readModel
    let asked: Identifier? =
      switch question.who {
      case .officer(let id): id
      case .identifier(let given): try session.officer(given, on: day, knownAt: position)
      }
    var page = OfficerRecordPage(asOf: position)
    guard let asked else { return page }
    let profile = try Profile(of: asked, on: day, knownAt: position, from: readModel)
    own = [profile.officer] + profile.merged
    guard try !readModel.positions(of: StreamID(.officer, profile.officer)).isEmpty else {
      return page
    }
    page.officer = profile.officer
    page.profile = profile.reply(asOf: position)
    for record in own {
      guard let more = try session.personal(of: record, on: day, knownAt: position) else {
        continue
      }
      page.personal = (page.personal ?? Personal()).adding(more)
    }
    var streams = own.map { StreamID(.officer, $0) }
    var known = Set(streams)
    for record in readModel.sharedStreams.merges.related(to: profile.officer) {
      for stream in try readModel.streams(touching: record, before: position)
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
    _ stream: StreamID, _ readModel: RegistryReader, _ day: Day, _ position: LogPosition
  ) throws -> Bool {
    if stream.kind == .officer { return true }
    if let state = try readModel.state(of: stream, on: .distantFuture, knownAt: position) {
      return state.subject(of: stream).map {
        readModel.sharedStreams.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
          == own.first
      } ?? false
    }
    return try readModel.effectiveHistory(of: stream, knownAt: position).events.contains {
      !Set($0.officers).isDisjoint(with: own)
    }
  }

  /// A part of the stream that is told; nil when the slice was over first.
  private mutating func part(
    _ session: ReadSession, _ day: Day, _ position: LogPosition, _ slice: TimeSlice
  ) throws -> OfficerRecordPage? {
    let readModel = session.readModel
    guard var dispositions else { return nil }
    self.dispositions = nil
    defer { if told < dispositions.positions.count { self.dispositions = dispositions } }
    guard try dispositions.read(readModel, slice) else { return nil }
    var page = OfficerRecordPage(stream: dispositions.stream, asOf: position)
    if told == 0 {
      page.state = try readModel.state(of: dispositions.stream, on: day, knownAt: position)
    }
    var budget = PageBudget(slice)
    while told < dispositions.positions.count, page.history.count < Self.pageLinesMax {
      let place = dispositions.positions[told]
      let stored = try readModel.stored(place)
      let hasSealed = !stored.recorded.sealedSha256.isEmpty
      if hasSealed, !page.history.isEmpty { break }
      let event = try readModel.bytes(of: place)
      guard budget.hasRoom(for: event.count) else { break }
      budget.add(event.count)
      let disposition = dispositions.disposition(at: place).standing
      page.history.append(
        HistoryLine(event: event, standing: disposition.standing, by: disposition.by))
      told += 1
      if hasSealed {
        page.personal = try session.store.vault.personal(
          of: stored, in: readModel.log, arena: session.arena)
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
