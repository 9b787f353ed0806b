import Access
import Messages
import Registry
import Server
import Testing
import UjuziClient
import Wire

/// The methods of the schema: each in the table, with a role, and called over a real socket.
struct MethodTests {
  private static let id = Identifier("a")!
  private static let skill = SkillLevel(framework: id, skill: id, level: 1)
  private static let registry = StreamID("registry/ke")!

  /// What the requests name: else most are answered that there is no such thing.
  static func recordGround(_ server: UjuziServer, _ tls: ClientTLS? = nil) async throws {
    let day = Day("2022-01-01")!
    let terms = CohortTerms(
      course: id, edition: 1, organisation: id, starts: Day("2022-02-01")!,
      ends: Day("2022-03-01")!)
    let ground: [(StreamKind, Proposal.Body)] = [
      (.organisation, .organisation(.registered(OrganisationRegistered(name: "Example")))),
      (
        .framework,
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1", skills: [Skill(code: id, title: "a", levels: 3)])))
      ),
      (.officer, .officer(.registered(OfficerRegistered()))),
      (
        .course,
        .course(.published(CoursePublished(edition: 1, title: "Example", track: .technical)))
      ),
      (.cohort, .cohort(.planned(CohortPlanned(terms: terms)))),
    ]
    let items = ground.enumerated().map { at, event in
      var proposal = Proposal(
        eventID: EventID(high: 8, low: UInt64(at)), stream: StreamID(event.0, id), effective: day,
        body: event.1)
      if event.0 == .officer { proposal.personal = Personal(name: "Example") }
      return RecordItem(proposal: Codec.encode(proposal))
    }
    let client = try await TLSTests.connect(server, tls)
    let reply = try await client.record(RecordRequest(items: items))
    for case .rejected(let why) in reply.outcomes { Issue.record("\(why.sentence)") }
    await client.close()
  }

  /// A request of each method that means something where little but a registry was established. A
  /// method that is added to the schema does not compile until it has one.
  static func request(of method: Method) -> [UInt8] {
    switch method {
    case .check: Codec.encode(HealthRequest())
    case .describe: Codec.encode(DescribeRequest())
    case .record, .preview, .recordMany:
      Codec.encode(
        RecordRequest(items: [RecordItem(proposal: Codec.encode(WatchTests.organisation(1)))]))
    case .findPerson, .resolveOfficer:
      Codec.encode(ResolveOfficerRequest(identifier: SchemeValue(scheme: id, value: "1")))
    case .cohortRoll: Codec.encode(CohortRollRequest(cohort: id))
    case .duplicates: Codec.encode(DuplicatesRequest())
    case .officerRecord: Codec.encode(OfficerRecordRequest(who: .officer(id)))
    case .verifyCredential: Codec.encode(VerifyCredentialRequest(which: .credential(id)))
    case .verifyCredentials:
      Codec.encode(
        VerifyCredentialsRequest(items: [VerifyCredentialRequest(which: .credential(id))]))
    case .getProfile: Codec.encode(GetProfileRequest(who: .officer(id)))
    case .hasSkill: Codec.encode(HasSkillRequest(who: .officer(id), skill: skill))
    case .findOfficers: Codec.encode(FindOfficersRequest(skills: [skill]))
    case .listCredentials: Codec.encode(ListCredentialsRequest(whose: .officer(id)))
    case .getAgreement: Codec.encode(GetAgreementRequest(agreement: id))
    case .getStream: Codec.encode(GetStreamRequest(stream: registry))
    case .compliance: Codec.encode(ComplianceRequest(mandate: id))
    case .complianceOfficers: Codec.encode(ComplianceOfficersRequest(mandate: id))
    case .gap: Codec.encode(GapRequest(whose: .officer(id)))
    case .expiring: Codec.encode(ExpiringRequest(withinDays: 30))
    case .aligned: Codec.encode(AlignedRequest(instrument: id))
    case .authorisations: Codec.encode(AuthorisationsRequest(organisation: id))
    case .watch: Codec.encode(WatchRequest(begin: .from(0), what: .kinds(WatchedKinds())))
    case .readLog: Codec.encode(ReadLogRequest())
    case .streamHistory: Codec.encode(StreamHistoryRequest(stream: registry))
    case .viewDigest: Codec.encode(ViewDigestRequest())
    case .status: Codec.encode(StatusRequest())
    case .explain: Codec.encode(ExplainRequest(what: .stream(registry)))
    case .exceptions: Codec.encode(ExceptionsRequest())
    case .citedBy: Codec.encode(CitedByRequest(document: [UInt8](repeating: 1, count: 32)))
    case .diff: Codec.encode(DiffRequest())
    case .connections: Codec.encode(ConnectionsRequest())
    case .findEvent: Codec.encode(FindEventRequest(eventID: WatchTests.established.eventID))
    }
  }

  /// A call's frames, once it is answered: of a stream the first message or the end.
  private func answers(
    _ number: UInt32, _ request: [UInt8], isExchange: Bool, revision: UInt32, _ client: RawClient
  ) async throws -> [RawFrame] {
    let head: [UInt8] = [0, 0, 0, UInt8(number), 0, 0, 0, UInt8(revision)]
    if isExchange {
      try await client.send(
        RawClient.frame(.call, head, call: 1)
          + RawClient.frame(.data, request, flags: FrameHeader.end, call: 1))
    } else {
      try await client.send(
        RawClient.frame(.call, head + request, flags: FrameHeader.end, call: 1))
    }
    func isAnswer(_ frame: RawFrame) -> Bool {
      frame.header.call == 1 && [.result, .status, .data].contains(frame.header.type)
    }
    _ = try await client.frame(where: isAnswer)
    return client.frames.filter(isAnswer)
  }

  @Test func `Every method of the schema is answered, with the reply that the schema names`()
    async throws
  {
    try await WatchTests().withRegistry { server, _ in
      try await Self.recordGround(server)
      for method in Method.allCases {
        let client = try await RawClient.connect(server)
        let answers = try await answers(
          method.rawValue, Self.request(of: method), isExchange: method.shape == .exchange,
          revision: method.revision, client)
        await client.close()
        for frame in answers {
          guard frame.header.type != .status else {
            let status = try #require(frame.status)
            // There is no mandate, agreement or instrument here, and that is said.
            let isUnknown =
              status.code == StatusCode.notFound.rawValue
              && ["mandate", "agreement", "instrument"].contains(status.detail?.field)
            #expect(
              status.code == StatusCode.ok.rawValue || isUnknown, "\(method.name): \(status)")
            continue
          }
          // What is no field of the reply would be left out.
          let reply = method.messages.reply
          let text = try JSONMapping.text(of: reply, frame.payload)
          let again = try JSONMapping.bytes(of: reply, text)
          #expect(again == frame.payload, "\(method.name) is answered with another message")
        }
      }
      let stranger = try await RawClient.connect(server)
      let refused = try await answers(250, [], isExchange: false, revision: 1, stranger)
      #expect(refused.first?.status?.code == StatusCode.unimplemented.rawValue)
      await stranger.close()
    }
  }

  @Test(arguments: Method.allCases)
  func `Each method has a role, and is executed as its shape says`(method: Method) {
    #expect(Roles(words: method.roles)?.isEmpty == false)
    let mode = method.handler.mode
    switch method.shape {
    case .onLoop: #expect(mode == .onLoop)
    case .deferred: #expect([.deferred, .sliced, .queued].contains(mode))
    case .stream: #expect(mode == .stream)
    case .exchange: #expect(mode == .exchange)
    }
  }
}
