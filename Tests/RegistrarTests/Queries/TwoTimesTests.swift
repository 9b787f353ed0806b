import EventLog
import Messages
import Projections
import Registry
import Server
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// The registry from scratch: every stream folded from the log, and nothing that was stored.
struct FromScratch: ReadModel {
  let position: LogPosition
  fileprivate var histories: [StreamID: ChunkedArray<StreamEvent>] = [:]
  private(set) var sharedStreams = SharedStreams()

  /// What is known when the log has so many events.
  init(_ reader: RegistryReader, knownAt position: LogPosition) throws {
    self.position = position
    for at in 0..<position {
      let stored = try reader.stored(at)
      histories[stored.stream, default: []].append(stored.event)
    }
    for (stream, history) in histories {
      let (state, last) = EffectiveHistory(history).fold()
      let head = StreamHead(
        state: state, events: UInt32(history.count), last: last,
        amended: history.contains { $0.corrects != nil })
      if stream.kind.isShared { sharedStreams.update(stream, head, history: history) }
      let merged = history.contains {
        if case .officer(.mergedInto) = $0.body { true } else { false }
      }
      if merged { sharedStreams.update(merged: stream.key, head, history: history) }
    }
  }

  var officers: [Identifier] { histories.keys.filter { $0.kind == .officer }.map(\.key).sorted() }

  func streams(touching officer: Identifier, before position: LogPosition) -> [StreamID] {
    histories.keys.filter { stream in
      !stream.kind.isShared
        && histories[stream]!.indices.contains { count in
          let state = EffectiveHistory(Array(histories[stream]!.prefix(count + 1))).fold().state
          return state?.subject(of: stream) == officer
        }
    }.sorted()
  }

  func state(of stream: StreamID, on day: Day, knownAt position: LogPosition) -> StreamState? {
    EffectiveHistory((histories[stream] ?? []).filter { $0.metadata.position < position })
      .fold(until: day).state
  }
}

/// Any position and any day: the answer equals a fold of the events from scratch.
struct TwoTimesTests {
  @Test(arguments: 0..<10 as Range<UInt64>)
  func `Every answer about one subject equals a fold from scratch`(seed: UInt64) throws {
    let registry = try TestRegistry()
    let (recorded, outcomes) = try History.record(registry, seed: seed, batches: 130)
    #expect(recorded.count > 50, "seed \(seed): \(outcomes)")
    try compare(registry, seed: seed)
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue), seed \(seed)")
    }
    try registry.end()
  }

  private func compare(_ registry: TestRegistry, seed: UInt64) throws {
    // Ended before the registry is closed.
    let session = try ReadSession(registry.store)
    defer { session.end() }
    try session.read { reader in
      var random = Seeded(seed &+ 1)
      var positions: [LogPosition] = [reader.asOf, reader.asOf / 2]
      for _ in 0..<3 { positions.append(.random(in: 20..<reader.asOf, using: &random)) }
      for position in positions {
        let scratch = try FromScratch(reader, knownAt: position)
        for day in History.days {
          let place = "on \(day.text) at \(position) of \(reader.asOf), seed \(seed)"
          for officer in scratch.officers {
            let expected = try Profile(
              of: officer, on: day, knownAt: position, from: scratch
            ).reply(asOf: position, into: id("dig"))
            let got = try answer(
              session, .getProfile,
              GetProfileRequest(
                who: .officer(officer), on: day, into: id("dig"), atPosition: position),
              GetProfileReply.self)
            #expect(got == expected, "\(officer.text) \(place)")
            guard position == reader.asOf else { continue }
            // The same as of now, computed and then from the cache.
            let now = try Profile(
              of: officer, on: day, knownAt: position, from: scratch
            ).reply(asOf: position)
            for _ in 0..<2 {
              let question = GetProfileRequest(who: .officer(officer), on: day)
              let reply = try answer(session, .getProfile, question, GetProfileReply.self)
              #expect(reply == now, "\(officer.text), cached, \(place)")
            }
          }
          for key in 0..<8 {
            let expected = try verified(id("k\(key)"), on: day, scratch)
            let got = try answer(
              session, .verifyCredential,
              VerifyCredentialRequest(
                which: .credential(id("k\(key)")), on: day,
                atPosition: position == reader.asOf ? nil : position),
              VerifyCredentialReply.self)
            #expect(got == expected, "k\(key) \(place)")
          }
        }
      }
    }
  }

  private func answer<Q: Message, A: Message>(
    _ session: ReadSession, _ method: Messages.Method, _ question: Q, _ answer: A.Type
  ) throws -> A {
    var reply: [UInt8] = []
    let request = Codec.encode(question)
    if let status = session.answer(method.rawValue, unsafe request.span.bytes, into: &reply) {
      throw status
    }
    return try Codec.decode(A.self, from: reply)
  }

  /// The verification by its definition, from the folded streams alone.
  private func verified(
    _ key: Identifier, on day: Day, _ records: FromScratch
  ) throws -> VerifyCredentialReply {
    let stream = StreamID(.credential, key)
    let unknown = VerifyCredentialReply(
      status: .unknown, credential: key, asOf: records.position)
    guard
      let state = records.state(of: stream, on: day, knownAt: records.position)?.credential
    else { return unknown }
    let holder = records.sharedStreams.merges.owner(
      of: stream, naming: state.terms.holder, on: day, knownAt: records.position)
    let merges = records.sharedStreams.merges
    let evidence = EvidenceState(
      state.terms.evidence,
      isHolders: { stream, officer in
        merges.owner(of: stream, naming: officer, on: day, knownAt: records.position) == holder
      },
      place: { event in
        records.stream(of: event).flatMap { stream in
          records.state(of: stream, on: day, knownAt: records.position).map { (stream, $0) }
        }
      })
    var reply = VerifyRow.reply(state, key, on: day, evidence: evidence, holder: holder)
    reply.asOf = records.position
    reply.unrecognised = evidence.trainings.contains {
      !records.sharedStreams.isRecognised(cohort: $0.cohort, completedOn: $0.completedOn)
    }
    // What the holder's own profile says of it.
    let lines = try Profile(of: holder, on: day, knownAt: records.position, from: records)
      .credentialLines
    reply.findings = lines.first { $0.credential == key }?.findings ?? []
    return reply
  }
}

extension FromScratch {
  func stream(of event: EventID) -> StreamID? {
    histories.first { $0.value.contains { $0.metadata.eventID == event } }?.key
  }
}
