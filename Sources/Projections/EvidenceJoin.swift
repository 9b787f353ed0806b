import LMDB
import Messages
import Registry

/// Joins credentials with what they rest on, by two sorts.
///
/// ```
/// first:   event id (16), 0                          → what it is worth: since which day (u32), whose
///                                                      (length u8, id), and of a completion its
///                                                      day (u32) and cohort
///          event id (16), 1, credential, 0, at (u16) → nothing: the credential asks for it
/// second:  credential, 0, at (u16)                   → as the first, behind a byte: 1 where the
///                                                      evidence stands
/// ```
/// A credential that only its holder's merges concern asks in the first sort under 16 bytes of
/// 0xFF, with 0xFFFF for `at`.
struct EvidenceJoin {
  private static let nothing: UInt16 = 0xFFFF

  private let views: Views
  private let folder: String
  private let limits: Rebuild.Limits
  private let arena = Arena()

  init(_ views: Views, folder: String, limits: Rebuild.Limits) {
    self.views = views
    self.folder = folder
    self.limits = limits
  }

  static func key(_ id: EventID) -> [UInt8] { id.bytes + [0] }

  /// Nil where the stream holds no evidence.
  static func worth(_ state: StreamState) -> [UInt8]? {
    guard let officer = state.evidence?.officer else { return nil }
    var row: [UInt8] = []
    row.append(bigEndian: state.evidenceSince.number)
    let place = row.count
    row.append(0)
    officer.append(to: &row)
    row[place] = UInt8(row.count - place - 1)
    if let enrolment = state.enrolment, let completion = enrolment.completion {
      row.append(bigEndian: completion.day.number)
      enrolment.seat.cohort.append(to: &row)
    }
    return row
  }

  static func key(_ id: EventID, asked credential: Identifier, _ at: Int) -> [UInt8] {
    asked(id.bytes, credential, UInt16(at))
  }

  static func keyWithoutEvidence(_ credential: Identifier) -> [UInt8] {
    asked(Array(repeating: 0xFF, count: 16), credential, nothing)
  }

  private static func asked(_ id: [UInt8], _ credential: Identifier, _ at: UInt16) -> [UInt8] {
    var key = id + [1]
    credential.append(to: &key)
    key.append(0)
    key.append(bigEndian: at)
    return key
  }

  /// The rows of `credentials` for those that asked.
  ///
  /// - Parameter evidence: the runs of the first sort. The heads are committed.
  func rows(_ evidence: [RowRun], _ merges: Merges) throws -> [RowRun] {
    let second = RowRuns(folder: folder, memoryMax: limits.runMax)
    let first = try RowMerge(evidence)
    var known: [UInt8] = []
    var worth: [UInt8] = []
    var failure: (any Error)?
    while try first.next({ key, value in
      if key[16] == 0 {
        known = key.bytes(0..<16)
        worth = [1] + value.bytes(0..<value.byteCount)
      } else {
        let stands = key.extracting(first: 16).equals(known)
        do {
          try second.add(key.bytes(17..<key.byteCount), stands ? worth : [0])
        } catch { failure = failure ?? error }
      }
    }) {}
    if let failure { throw failure }
    return try spelled(try RowMerge(second.finish()), merges)
  }

  private func spelled(_ second: RowMerge, _ merges: Merges) throws -> [RowRun] {
    let rows = RowRuns(folder: folder, memoryMax: limits.runMax)
    let reader = try views.environment.makeReader()
    defer { reader.end() }
    try reader.read { snapshot in
      var credential: Identifier?
      var worth: [[UInt8]] = []
      func finish() throws {
        guard let credential else { return }
        let stream = StreamID(.credential, credential)
        guard let head = try views.headRow(stream, snapshot, arena: arena)?.head,
          let state = head.state?.credential, let last = head.last?.effective
        else { preconditionFailure("only credentials that stand ask for evidence") }
        var evidence = EvidenceState()
        for row in worth { evidence.add(unsafe row.span.bytes, of: state.terms.holder) }
        try rows.add(
          ViewKey.of(credential),
          VerifyRow.encoded(
            state, credential, last: last, evidence: evidence,
            holder: merges.owner(of: stream, naming: state.terms.holder, on: .distantFuture),
            arena: arena))
      }
      var failure: (any Error)?
      while failure == nil,
        try second.next({ key, value in
          let named = Identifier(key.extracting(first: key.byteCount - 3))
          if named != credential {
            do { try finish() } catch { failure = error }
            (credential, worth) = (named, [])
          }
          let at = key.bigEndian(at: key.byteCount - 2, bytes: 2)
          if at != UInt64(Self.nothing) { worth.append(ViewKey.copy(value)) }
        })
      {}
      if let failure { throw failure }
      try finish()
    }
    return rows.finish()
  }
}

extension EvidenceState {
  /// Takes in a row of the second sort, for a credential of a holder.
  fileprivate mutating func add(_ row: RawSpan, of holder: Identifier) {
    guard row[0] == 1, row.byteCount > 6,
      let since = Day(yyyymmdd: UInt32(row.bigEndian(at: 1, bytes: 4))),
      case let end = 6 + Int(row[5]), end <= row.byteCount,
      Identifier(row.extracting(6..<end)) == holder
    else {
      isWithdrawn = true
      exactFrom = .distantFuture
      return
    }
    exactFrom = max(exactFrom, since)
    guard row.byteCount > end + 4,
      let day = Day(yyyymmdd: UInt32(row.bigEndian(at: end, bytes: 4))),
      let cohort = Identifier(row.extracting(droppingFirst: end + 4))
    else { return }
    trainings.append(Training(cohort: cohort, completedOn: day))
  }
}
