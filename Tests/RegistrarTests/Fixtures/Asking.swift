import Messages
import Projections
import Registry
import Server
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

extension ResponseStream {
  /// The next message; nil at the end, and where nothing is to be told now.
  func message(_ slice: () -> TimeSlice = { TimeSlice() }) throws -> [UInt8]? {
    while true {
      switch try next(slice()) {
      case .message(let bytes): return bytes
      case .working: continue
      case .idle: return nil
      case .end(let bytes): return bytes
      }
    }
  }
}

extension TestRegistry {
  /// Every page of a stream, as a client gets them.
  func allPages<Q: Message, P: Message>(
    _ method: Method, _ question: Q, _ page: P.Type,
    slice: () -> TimeSlice = { TimeSlice() }, between pages: () throws -> Void = {}
  ) throws -> [P] {
    try withStreams { streams in
      let stream = try streams.open(method, Codec.encode(question))
      defer { stream.close() }
      var found: [P] = []
      while let bytes = try stream.message(slice) {
        found.append(try Codec.decode(P.self, from: bytes))
        try pages()
      }
      return found
    }
  }

  /// What opens streams as the server does.
  func withStreams<R>(
    memory: QueryMemory = QueryMemory(), _ body: (QueryDispatcher) throws -> R
  ) throws -> R {
    let sessions = ReadSessionPool(store)
    defer { sessions.end() }
    return try body(
      QueryDispatcher(
        sessions, commits: CommitSignal(), notifier: SubscriptionNotifier(store), memory: memory))
  }

  /// An answer that is given off the loop, in one piece or in slices.
  ///
  /// - Parameter slice: of what is computed in slices.
  func deferred<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, slice: () -> TimeSlice = { .endless }
  ) throws -> A {
    let request = Codec.encode(question)
    switch method.handler {
    case .deferred(let answer):
      let reply: [UInt8]
      do { reply = try session { try answer($0, request) } } catch { throw CallStatus(of: error) }
      return try Codec.decode(A.self, from: reply)
    case .inSlices:
      return try withStreams { streams in
        let stream = try streams.open(method, request)
        defer { stream.close() }
        while true {
          switch try stream.next(slice()) {
          case .working: continue
          case .end(let reply?): return try Codec.decode(A.self, from: reply)
          case .message, .idle, .end(nil):
            throw Unexpected("\(method.name) gives another thing than its one answer")
          }
        }
      }
    case .onLoop, .aboutServer, .stream, .recording, .bulkRecording:
      throw Unexpected("\(method.name) is not answered off the loop")
    }
  }

  /// An answer that is given on the loop.
  func onLoop<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type
  ) throws -> A {
    try session { session in
      var reply: [UInt8] = []
      let request = Codec.encode(question)
      if let status = session.answer(method.rawValue, unsafe request.span.bytes, into: &reply) {
        throw status
      }
      return try Codec.decode(A.self, from: reply)
    }
  }

  /// The number of events now.
  var size: UInt64 { get throws { try store.digest().asOf } }

  func agreement(
    _ id: String, on day: Day? = nil, at position: UInt64? = nil
  ) throws -> GetAgreementReply {
    try deferred(
      .getAgreement,
      GetAgreementRequest(agreement: Identifier(id)!, on: day, atPosition: position),
      GetAgreementReply.self)
  }

  /// The lines of an explanation and what they add up to.
  func explained(
    _ what: ExplainRequest.What, on day: Day? = nil, at position: UInt64? = nil
  ) throws -> (lines: [ExplainLine], counted: UInt64) {
    let pages = try allPages(
      .explain, ExplainRequest(what: what, on: day, atPosition: position), ExplainPage.self)
    return (pages.flatMap(\.lines), pages.last?.counted ?? 0)
  }

  func exceptions(
    _ kinds: ExceptionKind..., on day: Day? = nil, at position: UInt64? = nil,
    since: UInt64? = nil, open: Bool = false
  ) throws -> [ExceptionLine] {
    try allPages(
      .exceptions,
      ExceptionsRequest(kinds: kinds, open: open, since: since, on: day, atPosition: position),
      ExceptionsPage.self
    ).flatMap(\.lines)
  }
}

extension Fixture {
  static func agreement(
    _ key: String, signed on: String = "2021-06-01", until: String? = nil
  ) -> Proposal {
    proposal(
      "agreement/" + key, on,
      .agreement(
        .signed(
          AgreementSigned(
            terms: AgreementTerms(
              agreementKind: .mou, title: "Example \(key)",
              parties: [Identifier("moict")!, Identifier("heta")!],
              validUntil: until.flatMap { Day($0) })))),
      source: true)
  }

  static func said(_ key: String, _ on: String, _ event: AgreementEvent) -> Proposal {
    proposal("agreement/" + key, on, .agreement(event), source: true)
  }

  static func programme(_ key: String) -> Proposal {
    proposal(
      "programme/" + key, "2021-06-01",
      .programme(
        .opened(
          ProgrammeOpened(
            terms: ProgrammeTerms(title: "Example \(key)", organisation: Identifier("heta")!)))),
      source: true)
  }

  static func linked(_ key: String, to agreement: String, on: String) -> Proposal {
    proposal(
      "programme/" + key, on,
      .programme(.linkedToAgreement(ProgrammeLinkedToAgreement(agreement: Identifier(agreement)!))))
  }

  static func cohort(_ key: String, programme: String?) -> Proposal {
    proposal(
      "cohort/" + key, "2022-01-01",
      .cohort(
        .planned(
          CohortPlanned(
            terms: CohortTerms(
              course: Identifier("cloud-1")!, edition: 1, organisation: Identifier("heta")!,
              programme: programme.flatMap { Identifier($0) }, starts: Day("2022-01-10")!,
              ends: Day("2022-03-31")!)))))
  }

  static func merged(_ key: String, into survivor: String, on: String) -> Proposal {
    proposal(
      "officer/" + key, on,
      .officer(.mergedInto(OfficerMergedInto(officer: Identifier(survivor)!))))
  }

  static func unmerged(
    _ key: String, on: String, toThis: [String] = [], toSurvivor: [String] = []
  ) -> Proposal {
    proposal(
      "officer/" + key, on,
      .officer(
        .mergeReversed(
          OfficerMergeReversed(
            toThis: toThis.map { StreamID($0)! }, toSurvivor: toSurvivor.map { StreamID($0)! }))))
  }
}
