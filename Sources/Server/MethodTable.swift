import Access
import Messages
import Queries

/// The one table of the protocol's methods: how each is executed, and who answers it. A method that
/// is added to the schema does not compile until it is named here, and does not pass `MethodTests`
/// until it is answered as the schema says.
extension Method {
  package var handler: MethodHandler {
    switch self {
    // Health
    case .check: .onLoop { try $0.health($1, into: &$2) }
    case .describe: .question { _ in { (_: DescribeRequest) in Method.all } }

    // Registrar
    case .record: .recording(isPreview: false)
    case .preview: .recording(isPreview: true)
    case .recordMany: .bulkRecording
    case .findPerson: .question(ReadSession.person)
    case .cohortRoll: .query(RollQuery.init)
    case .duplicates: .query(DuplicatesQuery.init)
    case .officerRecord: .query(OfficerRecordQuery.init)

    // Registry
    case .verifyCredential: .onLoop { try $0.verify($1, into: &$2) }
    case .getProfile: .onLoop { try $0.profile($1, into: &$2) }
    case .hasSkill: .onLoop { try $0.hasSkill($1, into: &$2) }
    case .resolveOfficer: .onLoop { try $0.resolve($1, into: &$2) }
    case .verifyCredentials: .question(ReadSession.verifyAll)
    case .getAgreement: .sliced(AgreementQuery.init)
    case .getStream: .inParts(ReadSession.stream)
    case .authorisations: .question(ReadSession.authorisations)
    case .findOfficers: .query(FindQuery.init)
    case .listCredentials: .query(CredentialsQuery.init)
    case .compliance: .query(ComplianceQuery.init)
    case .complianceOfficers: .query(ComplianceOfficersQuery.init)
    case .gap: .query(GapQuery.init)
    case .expiring: .query(ExpiringQuery.init)
    case .watch: .query(WatchQuery.init)
    case .aligned: .query(AlignedQuery.init)

    // Audit
    case .findEvent: .question(ReadSession.event)
    case .viewDigest:
      .question { session in { (_: ViewDigestRequest) in try session.viewDigest() } }
    case .status:
      .aboutServer { (_: StatusRequest, service, session, lines) in
        try service.status(session, lines)
      }
    case .connections:
      .aboutServer { (_: ConnectionsRequest, _, session, lines) in
        ConnectionsReply(connections: lines, asOf: session.asOf)
      }
    case .readLog: .query(LogQuery.init)
    case .streamHistory: .query(HistoryQuery.init)
    case .explain: .query(ExplainQuery.init)
    case .exceptions: .query(ExceptionsQuery.init)
    case .citedBy: .query(CitedByQuery.init)
    case .diff: .query(DiffQuery.init)
    }
  }

  /// What only some of the method's roles may ask by it; nil where all of them may, and where the
  /// request cannot be read, which is said by whoever answers it.
  func narrowedRoles(_ request: [UInt8]) -> NarrowedRoles? {
    guard self == .expiring, let asked: ExpiringRequest = try? MethodHandler.question(request),
      !asked.namesSome
    else { return nil }
    return NarrowedRoles(
      opens: Roles(.registrar),
      advice: "Name the credentials or the officers that are meant, and an agency may ask it.")
  }

  /// The schema, and each method as it is served.
  private static let all = DescribeReply(
    descriptorSet: Schema.descriptorSet,
    methods: Method.allCases.map {
      MethodLine(
        number: $0.rawValue, name: $0.name, request: $0.messages.request,
        reply: $0.messages.reply, shape: $0.shape.rawValue, revision: $0.revision,
        roles: $0.roles)
    }, schemaRevision: Schema.revision)
}
