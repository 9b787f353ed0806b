import Messages
import Registry
import Server
import Testing
import UjuziClient
import Wire

/// Whose each method is, until principals have grants of their own.
///
/// The table is the domain's: a registrar records and corrects, so that all that a correction rests
/// on is a registrar's to read; an agency asks about credentials and officers that it names; an
/// auditor reads whatever explains an answer, and no name.
struct RoleTests {
  private static let roles = ["registrar", "agency", "auditor"]

  /// For each method a letter in the order of the roles: y where it may be called.
  private static let table: [(method: String, registrarAgencyAuditor: String)] = [
    ("Health.Check", "yyy"),
    ("Health.Describe", "yyy"),
    ("Registrar.Record", "y--"),
    ("Registrar.Preview", "y--"),
    ("Registrar.FindPerson", "y--"),
    ("Registrar.CohortRoll", "y--"),
    ("Registrar.Duplicates", "y--"),
    ("Registrar.OfficerRecord", "y--"),
    ("Registrar.RecordMany", "y--"),
    ("Registry.VerifyCredential", "yyy"),
    ("Registry.VerifyCredentials", "yyy"),
    ("Registry.GetProfile", "yyy"),
    ("Registry.HasSkill", "yy-"),
    ("Registry.ResolveOfficer", "yyy"),
    ("Registry.FindOfficers", "yy-"),
    ("Registry.ListCredentials", "yy-"),
    ("Registry.GetAgreement", "yyy"),
    ("Registry.GetStream", "y-y"),
    ("Registry.Compliance", "y-y"),
    ("Registry.ComplianceOfficers", "y-y"),
    ("Registry.Gap", "yy-"),
    // An agency names what it asks about: see below.
    ("Registry.Expiring", "y--"),
    ("Registry.Authorisations", "yyy"),
    ("Registry.Aligned", "yyy"),
    ("Registry.Watch", "yyy"),
    ("Audit.ReadLog", "y-y"),
    ("Audit.StreamHistory", "y-y"),
    ("Audit.ViewDigest", "--y"),
    ("Audit.Status", "y-y"),
    ("Audit.FindEvent", "y-y"),
    ("Audit.Explain", "y-y"),
    ("Audit.Exceptions", "y-y"),
    ("Audit.CitedBy", "y-y"),
    ("Audit.Diff", "--y"),
    ("Audit.Connections", "y-y"),
  ]

  @Test func `The table has a row for every method that there is`() {
    #expect(Set(Self.table.map(\.method)) == Set(Method.allCases.map(\.name)))
    #expect(Self.table.count == Method.allCases.count)
  }

  /// How the call ended, once its first answer is there.
  private static func status(
    of method: Method, _ request: [UInt8], on client: Connection
  ) async throws -> CallStatus? {
    do {
      switch method.shape {
      case .onLoop, .deferred: _ = try await client.answer(method.rawValue, request)
      case .stream: for try await _ in client.stream(method.rawValue, request) { return nil }
      case .exchange:
        let exchange = client.exchange(method.rawValue)
        defer { exchange.cancel() }
        try await exchange.send(request)
        for try await _ in exchange.replies { return nil }
      }
      return nil
    } catch let status as CallStatus {
      return status
    }
  }

  private func withRoles(
    _ body: (UjuziServer, Authority) async throws -> Void
  ) async throws {
    let authority = try Authority()
    let files = try authority.server()
    let registrar = authority.client("registrar")
    try await WatchTests().withRegistry(tls: (files, registrar)) { server, _ in
      try await MethodTests.recordGround(server, registrar)
      try await body(server, authority)
    }
  }

  @Test func `Every role may call the methods of its column, and no other`() async throws {
    try await withRoles { server, authority in
      for (column, role) in Self.roles.enumerated() {
        let client = try await TLSTests.connect(server, authority.client(role))
        for (name, letters) in Self.table {
          let method = try #require(Method.allCases.first { $0.name == name })
          let status = try await Self.status(
            of: method, MethodTests.request(of: method), on: client)
          let isRefused = status?.code == .permissionDenied
          #expect(isRefused == (Array(letters)[column] == "-"), "\(name) by \(role)")
          if isRefused {
            #expect(status?.rule == "role" && status?.notProcessed == true, "\(name) by \(role)")
          }
        }
        await client.close()
      }
    }
  }

  @Test func `An agency asks what runs out of the credentials and the officers that it names`()
    async throws
  {
    try await withRoles { server, authority in
      let agency = try await TLSTests.connect(server, authority.client("agency"))
      let id = Identifier("a")!
      func ask(_ credentials: [Identifier], _ officers: [Identifier]) async throws -> CallStatus? {
        try await Self.status(
          of: .expiring,
          Codec.encode(
            ExpiringRequest(withinDays: 30, credentials: credentials, officers: officers)),
          on: agency)
      }
      #expect(try await ask([], [id]) == nil)
      let none = try await ask([], [])
      #expect(none?.code == .permissionDenied && none?.rule == "role" && none?.notProcessed == true)
      #expect(
        none?.message
          == "This of Registry.Expiring is for registrar; urn:test:agency is agency. Name the "
          + "credentials or the officers that are meant, and an agency may ask it.")
      // There is no such credential, and that is no "nothing runs out".
      let unknown = try await ask([id], [id])
      #expect(unknown?.code == .notFound && unknown?.field == "credentials[0]")
      await agency.close()
    }
  }

  @Test func `A profile has no name, number or contact of its officer`() async throws {
    try await withRoles { server, authority in
      let registrar = try await TLSTests.connect(server, authority.client("registrar"))
      let officer = Identifier("b7")!
      var proposal = Proposal(
        eventID: EventID(high: 9, low: 1), stream: StreamID(.officer, officer),
        effective: Day("2022-01-01")!, body: .officer(.registered(OfficerRegistered())))
      proposal.personal = Personal(
        name: "Zawadi Mfano", contacts: ["zawadi@example.org"], note: "prefers mornings")
      let reply = try await registrar.record(
        RecordRequest(items: [RecordItem(proposal: Codec.encode(proposal))]))
      if case .rejected(let why)? = reply.outcomes.first { Issue.record("\(why.sentence)") }
      let auditor = try await TLSTests.connect(server, authority.client("auditor"))
      let answer = try await auditor.answer(
        Method.getProfile.rawValue, Codec.encode(GetProfileRequest(who: .officer(officer))))
      let profile = try Codec.decode(GetProfileReply.self, from: answer.message)
      #expect(profile.officer == officer && profile.standing != nil)
      let text = String(decoding: answer.message, as: UTF8.self)
      for said in ["Zawadi", "Mfano", "example.org", "mornings"] {
        #expect(!text.contains(said), "\(said)")
      }
      for client in [registrar, auditor] { await client.close() }
    }
  }
}
