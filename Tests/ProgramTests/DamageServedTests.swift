import Foundation
import Messages
import Registry
import Testing
import UjuziClient
import Wire

/// What is damaged where it is kept, as who asks over the RPC meets it: the question is refused by
/// name, and all others are answered.
struct DamageServedTests {
  private static let count = 8

  /// A server with some officers, one event each: officer 3's is at position 4.
  private func filled() async throws -> Program {
    let program = try Program()
    try program.serve()
    let client = try await program.connect()
    _ = try await ProgramTests.record(ProgramTests.established, client)
    for key in 0..<Self.count {
      #expect(try await ProgramTests.record(ProgramTests.officer(key), client) != nil)
    }
    await client.close()
    return program
  }

  /// Changes a bit some bytes behind each place where a file names something.
  private func damage(_ path: String, behind name: String, _ distance: Int) throws -> Int {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    // While they are open the views' file is as long as their address space.
    let data = try file.read(upToCount: 8 << 20) ?? Data()
    var (from, places) = (data.startIndex, 0)
    while let found = data.range(of: Data(name.utf8), in: from..<data.endIndex) {
      let at = found.upperBound + distance
      try file.seek(toOffset: UInt64(at))
      try file.write(contentsOf: Data([data[at] ^ 4]))
      places += 1
      from = found.upperBound
    }
    return places
  }

  private func refusal<Q: Message, A: Message>(
    _ client: RegistryClient, _ method: Method, _ question: Q, _ answer: A.Type
  ) async throws -> CallStatus? {
    let status = await #expect(throws: CallStatus.self) {
      _ = try await client.ask(method, question, answer, .init(timeoutMs: 60_000))
    }
    // Where the server keeps it is nobody's business.
    #expect(status?.message.contains(NSTemporaryDirectory()) != true, "\(status as Any)")
    return status
  }

  private func pages<Q: Message, P: Message>(
    _ client: RegistryClient, _ method: Method, _ question: Q, _ page: P.Type
  ) async throws -> (pages: [P], failure: CallStatus?) {
    var pages: [P] = []
    do {
      let stream = client.stream(
        method.rawValue, Codec.encode(question), .init(timeoutMs: 60_000))
      for try await bytes in stream { pages.append(try Codec.decode(P.self, from: bytes)) }
      return (pages, nil)
    } catch let status as CallStatus {
      return (pages, status)
    }
  }

  @Test func `Despite damage every question is answered, or refused by the event's name`()
    async throws
  {
    let program = try await filled()
    #expect(program.terminate() == 0)
    let log = program.folder + "/data/log/data.mdb"
    #expect(try damage(log, behind: "officer/p3", 0) > 0)
    let refused = try program.run([
      "serve", "--data", program.folder + "/data", "--listen", "127.0.0.1:0",
    ])
    #expect(refused.status == 2 && refused.error.contains("--despite-damage"), "\(refused)")
    try program.serve(["--despite-damage"])
    let client = try await program.connect()
    func isNamed(_ status: CallStatus?) -> Bool {
      status?.code == .dataLoss && status?.message.contains("position 4") == true
    }
    // The log is given as far as it goes, and what follows is not passed over in silence.
    let all = try await pages(client, .readLog, ReadLogRequest(), ReadLogPage.self)
    #expect(isNamed(all.failure), "\(all.failure as Any)")
    let later = try await pages(client, .readLog, ReadLogRequest(from: 5), ReadLogPage.self)
    #expect(later.failure == nil && later.pages.flatMap(\.events).count == 4)
    for officer in 0..<Self.count {
      let key = Identifier("p\(officer)")!
      // What is asked of its state, the views know.
      let profile = try await client.getProfile(GetProfileRequest(who: .officer(key)))
      #expect(profile.officer == key)
      let history = try await pages(
        client, .streamHistory, StreamHistoryRequest(stream: StreamID(.officer, key)),
        StreamHistoryPage.self)
      if officer == 3 {
        #expect(isNamed(history.failure), "\(history.failure as Any)")
      } else {
        #expect(history.failure == nil && history.pages.flatMap(\.lines).count == 1)
      }
      let number = SchemeValue(scheme: Identifier("pn")!, value: "\(officer + 1)")
      let question = ResolveOfficerRequest(identifier: number)
      if officer == 3 {
        #expect(
          isNamed(try await refusal(client, .findPerson, question, FindPersonReply.self)))
      } else {
        let person = try await client.findPerson(question)
        #expect(person.personal?.name == "Example \(officer)")
      }
    }
    for (method, failure) in [
      (
        Method.exceptions,
        try await pages(client, .exceptions, ExceptionsRequest(), ExceptionsPage.self).failure
      ),
      (
        .diff, try await pages(client, .diff, DiffRequest(from: 0), DiffPage.self).failure
      ),
      (
        .watch,
        try await pages(
          client, .watch, WatchRequest(begin: .from(0), what: .kinds(WatchedKinds())),
          WatchPage.self
        ).failure
      ),
    ] { #expect(isNamed(failure), "\(method.name): \(failure as Any)") }
    // Nothing is recorded, and it is said why.
    let item = RecordItem(proposal: Codec.encode(ProgramTests.officer(99)))
    let closed = try await refusal(
      client, .record, RecordRequest(items: [item]), RecordReply.self)
    #expect(closed?.message.contains("damaged") == true, "\(closed as Any)")
    #expect(try await client.check(HealthRequest()).asOf == 9)
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `A damaged row of the views is refused by its name, and the others are answered`()
    async throws
  {
    let program = try await filled()
    #expect(program.terminate() == 0)
    // After a clean stop nothing is read again; damage meanwhile is met by who asks.
    try program.serve()
    let current = try String(
      contentsOfFile: program.folder + "/data/views.current", encoding: .utf8)
    let views = "\(program.folder)/data/views/\(current)/data.mdb"
    #expect(try damage(views, behind: "officer/p3", 1) > 0)
    let client = try await program.connect()
    for officer in 0..<Self.count {
      let stream = GetStreamRequest(stream: StreamID(.officer, Identifier("p\(officer)")!))
      guard officer == 3 else {
        let reply = try await client.getStream(stream)
        #expect(reply.events == 1)
        continue
      }
      let status = try await refusal(client, .getStream, stream, GetStreamReply.self)
      #expect(status?.code == .dataLoss, "\(status as Any)")
      #expect(status?.message.contains("table heads") == true, "\(status as Any)")
      #expect(status?.message.contains("officer/p3") == true, "\(status as Any)")
    }
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }
}
