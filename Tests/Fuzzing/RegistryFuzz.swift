import Messages
import Projections
import Queries
import Recording
import Registry
import RegistryStorage
import Server
import Wire

/// What anybody may propose is decided and recorded, and then every question is answered or
/// refused, whatever its parameters.
///
/// The first byte says how: bit 0, also what an older program may have let in; bit 1, the views are
/// rebuilt afterwards and must be the same; bit 2, a stop and a start in between.
enum RegistryFuzz {
  /// Proposals of one input, at most.
  private static let proposalsMax = 24

  static func run(_ bytes: [UInt8]) throws {
    guard let first = bytes.first else { return }
    let context = try FuzzFixture()
    var failure: (any Error)?
    do {
      let half = 1 + bytes.count * 2 / 3
      var maker = MessageMaker(Choices(bytes.dropFirst().prefix(half)))
      maker.isWild = first & 1 != 0
      maker.events = try context.begin()
      try record(context, &maker)
      if first & 4 != 0 { try context.reopen(rebuild: false) }
      maker.choices = Choices(bytes.dropFirst(1 + half))
      try Asker(context.store, mayFail: false).askEverything(&maker)
      if first & 2 != 0 { try compareRebuilt(context) }
    } catch { failure = error }
    try context.close()
    if let failure { throw failure }
  }

  private static func record(_ context: FuzzFixture, _ maker: inout MessageMaker) throws {
    var left = proposalsMax
    while left > 0, !maker.choices.isSpent {
      let how = maker.choices.byte()
      let count = min(left, 1 + Int(how >> 5))
      left -= count
      if how & 0x0F == 1 {
        let request = RecordRequest(items: items(count, &maker), atomic: how & 0x1C == 0x1C)
        _ = try? context.record(request: Codec.encode(request), isPreview: how & 0x08 != 0)
        continue
      }
      let (arena, isWild) = (Arena(), maker.isWild)
      let proposed = items(count, &maker).map { taken($0, isWild: isWild, arena) }
      let purposes: [DecodedRequest.Purpose] = [.record, .record, .record, .dryRun, .preview]
      let purpose = purposes[Int(how & 0x0F) % purposes.count]
      let outcomes = try context.record {
        DecodedRequest(
          items: proposed, atomic: how & 0x1C == 0x1C, purpose: purpose, actor: "fuzzer",
          complete: $0)
      }
      try hold(outcomes.count == count, "\(outcomes.count) outcomes of \(count) items")
    }
  }

  private static func items(_ count: Int, _ maker: inout MessageMaker) -> [RecordItem] {
    (0..<count).map { _ in
      var item = RecordItem(proposal: maker.proposal())
      switch maker.choices.byte() {
      case 253...: item.expected = .atVersion(.max)
      case 250...: item.expected = .atVersion(UInt32(maker.choices.byte() & 7))
      case 248...: item.expected = .nothingYet(true)
      case 240...: item.group = 1
      default: break
      }
      return item
    }
  }

  /// As it comes in or, wild, as an older program took it: without the bounds.
  private static func taken(_ item: RecordItem, isWild: Bool, _ arena: Arena) -> PendingItem {
    var proposed = PendingItem(item, arena: arena)
    guard isWild,
      let proposal = try? Codec.decode(
        Proposal.self, from: unsafe item.proposal.span.bytes, arena: arena,
        unknownFields: .refused, limits: .stored)
    else { return proposed }
    proposed.proposal = .success(proposal)
    return proposed
  }

  private static func compareRebuilt(_ context: FuzzFixture) throws {
    let live = try context.store.digest()
    try context.reopen(rebuild: true)
    let rebuilt = try context.store.digest()
    try hold(
      live.asOf == rebuilt.asOf && live.hex == rebuilt.hex,
      "rebuilt otherwise: \(live.tables) and \(rebuilt.tables)")
  }
}

/// Asks every method of the schema.
struct Asker {
  private let store: RegistryStore
  private let sessions: ReadSessionPool
  private let streams: QueryDispatcher
  /// Whether an answer may be that something is damaged.
  private let mayFail: Bool
  /// Pages of one stream, beyond which it would not end.
  private static let pagesMax = 5000

  init(_ store: RegistryStore, mayFail: Bool) {
    self.store = store
    self.mayFail = mayFail
    sessions = ReadSessionPool(store)
    streams = QueryDispatcher(
      sessions, commits: CommitSignal(), notifier: SubscriptionNotifier(store))
  }

  func askEverything(_ maker: inout MessageMaker) throws {
    let session = try ReadSession(store, answerBytes: 1 << 16)
    defer {
      session.end()
      sessions.end()
    }
    for _ in 0..<2 {
      for method in Method.allCases where method.shape != .exchange {
        try ask(method, maker.message(method.messages.request), session, &maker)
      }
    }
    // Every number of an agreement, every kind of stream: these no byte need choose.
    for figure in AgreementFigure.allCases {
      let number = AgreementNumber(agreement: Self.key, figure: figure)
      try ask(.explain, Codec.encode(ExplainRequest(what: .agreement(number))), session, &maker)
    }
    for kind in StreamKind.allCases {
      let stream = StreamID(kind, Self.key)
      try ask(.explain, Codec.encode(ExplainRequest(what: .stream(stream))), session, &maker)
      try ask(.getStream, Codec.encode(GetStreamRequest(stream: stream)), session, &maker)
    }
    try ask(.getAgreement, Codec.encode(GetAgreementRequest(agreement: Self.key)), session, &maker)
  }

  private static let key = Identifier("a")!

  private func ask(
    _ method: Method, _ request: [UInt8], _ session: ReadSession, _ maker: inout MessageMaker
  ) throws {
    let first = try answer(method, request, session, &maker)
    // As it is remembered.
    guard method.shape == .onLoop else { return }
    let again = try answer(method, request, session, &maker)
    try hold(mayFail || first == again, "\(method.name) is answered otherwise the second time")
  }

  private func answer(
    _ method: Method, _ request: [UInt8], _ session: ReadSession, _ maker: inout MessageMaker
  ) throws -> [UInt8] {
    do {
      switch method.handler {
      case .onLoop:
        var reply: [UInt8] = []
        let status = try session.read { _ in
          session.answer(method.rawValue, unsafe request.span.bytes, into: &reply)
        }
        if let status { throw status }
        return reply
      case .deferred(let answer): return try session.read { _ in try answer(session, request) }
      case .aboutServer: return try session.read { _ in Codec.encode(try session.status()) }
      case .inSlices, .stream: return try pages(method, request, &maker)
      // Recorded by another door.
      case .recording, .bulkRecording: return []
      }
    } catch let error as Violation {
      throw error
    } catch {
      let status = CallStatus(of: error)
      try hold(!status.message.isEmpty, "\(method.name) fails without a word")
      try hold(
        mayFail || ![.internal, .unimplemented, .dataLoss].contains(status.code),
        "\(method.name): \(status.message)")
      return Array(status.message.utf8)
    }
  }

  private func pages(
    _ method: Method, _ request: [UInt8], _ maker: inout MessageMaker
  ) throws -> [UInt8] {
    let stream = try streams.open(method, request)
    defer { stream.close() }
    var (last, count): ([UInt8], Int) = ([], 0)
    while true {
      count += 1
      try hold(count < Self.pagesMax, "\(method.name) does not end")
      let step = try stream.next(TimeSlice())
      let message: [UInt8]? =
        switch step {
        case .message(let bytes): bytes
        case .end(let bytes): bytes
        case .working, .idle: nil
        }
      if let message {
        last = message
        gather(method.messages.reply, message, &maker)
      }
      switch step {
      case .message, .working: continue
      case .idle, .end: return last
      }
    }
  }

  /// What a page gives to go on from is asked with later.
  private func gather(_ message: String, _ bytes: [UInt8], _ maker: inout MessageMaker) {
    guard maker.tokens.count < 8, let form = try? MessageLayout.named(message) else { return }
    for field in form.fields where field.name == "resume_after" {
      if let range = unsafe RawFields.find(field.number, in: bytes.span.bytes), !range.isEmpty {
        maker.tokens.append(Array(bytes[range]))
      }
    }
  }
}
