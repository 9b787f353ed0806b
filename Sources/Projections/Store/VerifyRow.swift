import LMDB
import Messages
import Registry

/// What a credential's evidence is worth.
public struct EvidenceState: Hashable, Sendable {
  public struct Training: Hashable, Sendable {
    public var cohort: Identifier
    public var completedOn: Day

    public init(cohort: Identifier, completedOn: Day) {
      self.cohort = cohort
      self.completedOn = completedOn
    }
  }

  /// Some of it does not stand.
  public var isWithdrawn = false
  public var trainings: [Training] = []
  /// The first day of those for which this holds, where it is told from the streams' heads; what
  /// was withdrawn may have stood on any day before.
  public var exactFrom = Day.distantPast

  public init() {}

  /// - Parameters:
  ///   - isHolders: whether what stands in a stream that names an officer is the holder's own.
  ///   - place: gives the stream that an event stands in, and its state.
  public init(
    _ evidence: [EventID], isHolders: (StreamID, Identifier) -> Bool,
    place: (EventID) -> (stream: StreamID, state: StreamState)?
  ) {
    for id in evidence {
      guard let (stream, state) = place(id), let standing = state.evidence,
        standing.isCited(by: id), isHolders(stream, standing.officer)
      else {
        isWithdrawn = true
        exactFrom = .distantFuture
        continue
      }
      exactFrom = max(exactFrom, state.evidenceSince)
      if let enrolment = state.enrolment, let completion = enrolment.completion {
        trainings.append(Training(cohort: enrolment.seat.cohort, completedOn: completion.day))
      }
    }
  }
}

/// The answer about one credential as it is stored: the days for which it is exact, the trainings
/// whose recognition is joined at read, and a packed `VerifyCredentialReply` that lacks only
/// `as_of`, `unrecognised` and what is said of the holder.
///
/// ```
/// 0         4          8           9
/// from u32  until u32  n (u8)      n × (day u32, length u8, cohort)      packed reply
/// ```
/// `until` is the last exact day; 99991231 for ever.
public enum VerifyRow {
  public static func reply(
    _ credential: Credential, _ key: Identifier, on day: Day, evidence: EvidenceState,
    holder: Identifier
  ) -> VerifyCredentialReply {
    let (standing, since) = credential.standing(on: day)
    let terms = credential.terms
    return VerifyCredentialReply(
      status: standing.status, credential: key, holder: holder, issuer: terms.issuer,
      number: terms.number, courses: terms.courses, skills: terms.skills,
      awardedOn: terms.awardedOn, validFrom: terms.validFrom, validUntil: terms.validUntil,
      since: since.day, reason: since.reason, position: since.position,
      evidenceWithdrawn: evidence.isWithdrawn, recognisedBy: credential.recognisedBy,
      supersededBy: credential.supersededBy)
  }

  /// The days for which a row is exact; only that of a valid credential with an end ends itself.
  public static func span(_ row: RawSpan) -> (from: Day, until: Day) {
    let from = Day(yyyymmdd: UInt32(row.bigEndian(at: 0, bytes: 4)))
    let until = Day(yyyymmdd: UInt32(row.bigEndian(at: 4, bytes: 4)))
    return (from ?? .distantFuture, until ?? .distantFuture)
  }

  /// The row, which depends on nothing but the heads of the credential and of its evidence: it is
  /// exact from the last event's day on, for the open-ended span that the last day lies in, or for
  /// the span of validity where that comes later, and not before its evidence stood. Where the
  /// holder's record was ever merged it is not used.
  static func encoded(
    _ credential: Credential, _ key: Identifier, last: Day, evidence: EvidenceState, arena: Arena
  ) -> [UInt8] {
    let day = max(last, credential.terms.validFrom)
    let span = credential.span(around: day, stateHoldsFrom: last)
    var row: [UInt8] = []
    row.reserveCapacity(320)
    // What may contradict something is held against it when it is asked for.
    let from = credential.mayContradict(evidence) ? .distantFuture : span.from
    row.append(bigEndian: max(from, evidence.exactFrom).number)
    row.append(bigEndian: (span.until ?? .distantFuture).number)
    row.append(UInt8(min(evidence.trainings.count, 255)))
    for training in evidence.trainings.prefix(255) {
      row.append(bigEndian: training.completedOn.number)
      row.append(UInt8(training.cohort.byteCount))
      training.cohort.append(to: &row)
    }
    Codec.encode(
      reply(credential, key, on: day, evidence: evidence, holder: credential.terms.holder),
      into: &row, arena: arena
    )
    return row
  }
}

extension Credential {
  /// Whether its own terms, its evidence or its successor may contradict each other. What became of
  /// the holder is joined at read.
  fileprivate func mayContradict(_ evidence: EvidenceState) -> Bool {
    supersededBy != nil || terms.validFrom < terms.awardedOn
      || evidence.trainings.contains { $0.completedOn > terms.awardedOn }
      || evidence.trainings.count < terms.evidence.count && evidence.exactFrom > terms.awardedOn
  }
}

extension CredentialStanding {
  public var status: CredentialStatus {
    switch self {
    case .valid: .valid
    case .notYetValid: .notYetValid
    case .suspended: .suspended
    case .revoked: .revoked
    case .expired: .expired
    case .superseded: .superseded
    }
  }
}

extension Views {
  /// Copies the stored answer about a credential, where it is exact on the day.
  ///
  /// - Parameters:
  ///   - day: YYYYMMDD.
  ///   - isRecognised: whether a training of a cohort, completed on a day, was.
  /// - Returns: false when there is no row, or none that is exact that day; nothing is then added.
  public func copyVerifyRow(
    _ key: RawSpan, on day: UInt32, _ snapshot: Snapshot, into reply: inout [UInt8],
    isRecognised: (_ cohort: RawSpan, _ day: UInt32) -> Bool
  ) throws(StoreFailure) -> Bool {
    try snapshot.get(self[.credentials], key) { row -> Bool in
      guard row.byteCount >= 9, day >= row.day(at: 0), day <= row.day(at: 4) else { return false }
      var at = 9
      var unrecognised = false
      for _ in 0..<row[8] {
        // A row that is cut is computed anew, as one that is not exact.
        guard row.has(5, at: at), row.has(Int(row[at + 4]), at: at + 5) else { return false }
        let cohort = (at + 5)..<(at + 5 + Int(row[at + 4]))
        if !isRecognised(row.extracting(cohort), row.day(at: at)) { unrecognised = true }
        at = cohort.upperBound
      }
      RawFields.append(row.extracting(droppingFirst: at), to: &reply)
      if unrecognised { VerifyCredentialReply.append(.unrecognised, 1, to: &reply) }
      return true
    } ?? false
  }

  /// Whether somebody's registration was voided.
  public func hasUnregistered(_ snapshot: Snapshot) throws(StoreFailure) -> Bool {
    try snapshot.count(self[.unregistered]) > 0
  }

  /// Whether no event of an officer's record stands any more.
  ///
  /// - Parameter officer: as bytes.
  public func isUnregistered(_ officer: RawSpan, _ snapshot: Snapshot) throws(StoreFailure) -> Bool
  {
    try snapshot.get(self[.unregistered], officer) { _ in true } ?? false
  }

  /// Whether an officer was ever out of the service: what was given to them is looked at closer.
  public func everLeft(_ officer: RawSpan, _ snapshot: Snapshot) throws(StoreFailure) -> Bool {
    try snapshot.get(self[.roster], officer) { row in
      RosterRow.spans(row).contains { !$0.status.serves }
    } ?? false
  }

  /// The position of the last event that touched an officer.
  public func lastTouch(
    of officer: Identifier, _ snapshot: Snapshot
  ) throws(StoreFailure) -> LogPosition {
    var last: LogPosition = 0
    var end = ViewKey.prefix(officer)
    end.append(contentsOf: repeatElement(0xFF, count: 9))
    try snapshot.scan(
      self[.subjects], from: .key(end), prefix: ViewKey.prefix(officer), backwards: true
    ) { key, _ in
      last = key.bigEndian(at: key.byteCount - 8, bytes: 8).saturatingAdding(1)
      return false
    }
    return last
  }
}

extension RawSpan {
  /// YYYYMMDD.
  fileprivate func day(at offset: Int) -> UInt32 {
    unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
