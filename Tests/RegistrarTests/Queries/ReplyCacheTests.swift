import Messages
import Projections
import Registry
import Server
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// An answer that is remembered is the one that would be given.
struct ReplyCacheTests {
  private struct Kept: Equatable {
    var asOf: LogPosition
    var sharedStreams: LogPosition
    var day: UInt32
    var reply: [UInt8]
  }

  private let marks = InvalidationStamps()

  private func copy(
    _ cache: ReplyCache, _ key: [UInt8], day: UInt32, sharedStreams: LogPosition,
    changed: LogPosition = 0, asOf: LogPosition
  ) -> [UInt8]? {
    var reply: [UInt8] = [7]
    let span = unsafe key.span.bytes
    marks.mark(span.hashed(), at: changed)
    let isKnown = cache.copy(
      span, ReplyCache.Question(.credential, span, on: day), sharedStreams: sharedStreams, marks,
      asOf: asOf, into: &reply)
    let other = cache.copy(
      span, ReplyCache.Question(.profile, span, on: day), sharedStreams: sharedStreams, marks,
      asOf: asOf,
      into: &reply)
    #expect(!other, "an answer to another question")
    #expect(reply.first == 7 && (isKnown || reply.count == 1))
    return isKnown ? Array(reply.dropFirst()) : nil
  }

  private func keep(_ cache: ReplyCache, _ key: [UInt8], _ kept: Kept) {
    let span = unsafe key.span.bytes
    cache.keep(
      span, ReplyCache.Question(.credential, span, on: kept.day), sharedStreams: kept.sharedStreams,
      asOf: kept.asOf, unsafe kept.reply.span.bytes)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `What is found is what was kept last, however often the memory was filled`(seed: UInt64)
    throws
  {
    var random = Seeded(seed)
    let cache = try #require(ReplyCache(bytes: ReplyCache.bytesMin))
    var model: [[UInt8]: Kept] = [:]
    var found = 0
    for step in 0..<3_000 {
      let key = Array("k\(Int.random(in: 0..<400, using: &random))".utf8)
      if Bool.random(using: &random) {
        let kept = Kept(
          asOf: .random(in: 1...50, using: &random),
          sharedStreams: .random(in: 1...2, using: &random),
          day: 20_220_101 + .random(in: 0...1, using: &random),
          reply: (0..<Int.random(in: 0...700, using: &random)).map { UInt8(($0 + step) & 0xFF) })
        keep(cache, key, kept)
        model[key] = kept
        #expect(
          copy(cache, key, day: kept.day, sharedStreams: kept.sharedStreams, asOf: kept.asOf)
            == kept.reply)
      }
      guard let kept = model[key] else { continue }
      let (changed, asOf) = (
        LogPosition.random(in: 0...50, using: &random),
        LogPosition.random(in: 0...50, using: &random)
      )
      let reply = copy(
        cache, key, day: kept.day, sharedStreams: kept.sharedStreams, changed: changed, asOf: asOf)
      #expect(reply == nil || reply == kept.reply)
      if reply != nil {
        #expect(kept.asOf == asOf || (changed...max(changed, asOf)).contains(kept.asOf))
        // As good as given then.
        model[key]?.asOf = asOf
        found += 1
      }
      for (day, sharedStreams) in [
        (kept.day + 5, kept.sharedStreams), (kept.day, kept.sharedStreams + 5),
      ] {
        #expect(copy(cache, key, day: day, sharedStreams: sharedStreams, asOf: asOf) == nil)
      }
    }
    #expect(found > 100)
  }

  @Test func `The newest answers are there until the memory is full`() throws {
    let cache = try #require(ReplyCache(bytes: 1 << 20))
    let reply = [UInt8](repeating: 1, count: 250)
    let keys = (0..<3_000).map { Array("credential-\($0)".utf8) }
    for key in keys { keep(cache, key, Kept(asOf: 1, sharedStreams: 1, day: 1, reply: reply)) }
    let found = keys.filter { copy(cache, $0, day: 1, sharedStreams: 1, asOf: 1) == reply }
    // A set of the index may be full before the ring is.
    #expect(found.count > 2_600)
  }

  @Test func `What is longer than answers are is not remembered`() throws {
    let cache = try #require(ReplyCache(bytes: ReplyCache.bytesMin))
    let long = [UInt8](repeating: 1, count: 16_384)
    keep(cache, [1, 2], Kept(asOf: 1, sharedStreams: 1, day: 1, reply: long))
    #expect(copy(cache, [1, 2], day: 1, sharedStreams: 1, asOf: 1) == nil)
    let longKey = [UInt8](repeating: 1, count: 256)
    keep(cache, longKey, Kept(asOf: 1, sharedStreams: 1, day: 1, reply: [1]))
    #expect(copy(cache, longKey, day: 1, sharedStreams: 1, asOf: 1) == nil)
    #expect(ReplyCache(bytes: ReplyCache.bytesMin - 1) == nil)
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `Remembered answers are those that are computed, whatever was recorded in between`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("x", "3"), Fixture.officer("y", "4"), Fixture.programme("p1"),
      Fixture.cohort("c2", programme: "p1"), Fixture.cohort("c3", programme: nil),
      Fixture.cohort("c4", programme: "p1"))
    let session = try ReadSession(registry.store, answerBytes: ReplyCache.bytesMin)
    func ask<Q: Message, A: Message>(
      _ method: Method, _ question: Q, _ answer: A.Type
    ) throws -> A {
      let question = Codec.encode(question)
      var reply: [UInt8] = []
      let status = session.answer(method.rawValue, unsafe question.span.bytes, into: &reply)
      if let status { throw status }
      return try Codec.decode(A.self, from: reply)
    }
    // Of a position, it is computed each time.
    func compare(_ place: String, settles: Bool = false) throws {
      for key in 0..<8 {
        let on = day(AnswerSeedTests.days.randomElement(using: &random)!)
        func verify(at position: UInt64? = nil) throws -> VerifyCredentialReply {
          try ask(
            .verifyCredential,
            VerifyCredentialRequest(
              which: .credential(id("k\(key)")), on: on, atPosition: position),
            VerifyCredentialReply.self)
        }
        let first = try verify()
        #expect(first == (try verify(at: first.asOf)), "k\(key) on \(on.text), \(place)")
        #expect(first == (try verify()), "again, k\(key) on \(on.text), \(place)")
      }
      for officer in AnswerSeedTests.officers {
        let on = day(AnswerSeedTests.days.randomElement(using: &random)!)
        func profile(at position: UInt64? = nil) throws -> GetProfileReply {
          try ask(
            .getProfile,
            GetProfileRequest(who: .officer(id(officer)), on: on, atPosition: position),
            GetProfileReply.self)
        }
        let first = try profile()
        #expect(first == (try profile(at: first.asOf)), "\(officer) on \(on.text), \(place)")
        // What is kept beside is remembered when it is read from there.
        if settles { registry.store.profiles.settle() }
        for _ in 0..<2 {
          #expect(first == (try profile()), "again, \(officer) on \(on.text), \(place)")
        }
      }
    }
    var recorded: [Proposal] = []
    for step in 0..<80 {
      let proposal = AnswerSeedTests.next(&random, recorded)
      try session.beginBatch()
      try compare("before step \(step), seed \(seed)")
      for outcome in try registry.record([proposal]) {
        if case .recorded(let at) = outcome, !at.already { recorded.append(proposal) }
      }
      // Still from the snapshot that was taken before.
      try compare("beside step \(step), seed \(seed)")
      session.endBatch()
      try session.beginBatch()
      try compare("after step \(step), seed \(seed)", settles: step % 8 == 0)
      session.endBatch()
    }
    #expect(recorded.contains { if case .credential = $0.body { true } else { false } })
    session.end()
    try registry.end()
  }

  @Test func `An answer is read from where it was remembered, until its row is written`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let session = try ReadSession(registry.store, answerBytes: ReplyCache.bytesMin)
    try registry.given(Fixture.issued("k1", to: "a", number: "N1", evidence: [], on: "2022-05-01"))
    let on = day("2022-06-10")
    func isRemembered() throws -> Bool {
      try session.read { records in
        let key = id("k1").bytes
        let span = unsafe key.span.bytes
        let question = ReplyCache.Question(.credential, span, on: on.number)
        var reply: [UInt8] = []
        return session.answers?.copy(
          span, question, sharedStreams: records.sharedStreams.changedAt, session.views.marks,
          asOf: records.asOf, into: &reply)
          ?? false
      }
    }
    func ask() throws {
      let question = Codec.encode(VerifyCredentialRequest(which: .credential(id("k1")), on: on))
      var reply: [UInt8] = []
      try session.read { _ in
        #expect(
          session.answer(Method.verifyCredential.rawValue, unsafe question.span.bytes, into: &reply)
            == nil)
      }
    }
    #expect(try !isRemembered())
    try ask()
    #expect(try isRemembered())
    // Of another officer: nothing that the answer rests on.
    try registry.given(Fixture.officer("x", "3"))
    #expect(try isRemembered())
    try registry.given(Fixture.issued("k2", to: "a", number: "N2", evidence: [], on: "2022-05-01"))
    #expect(try isRemembered())
    try registry.given(
      Fixture.credential("k1", "2022-06-01", .revoked(CredentialRevoked())))
    #expect(try !isRemembered())
    try ask()
    #expect(try isRemembered())
    session.end()
    try registry.end()
  }
}
