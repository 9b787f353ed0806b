import LMDB
import Messages
import Registry

/// Joins credentials with what they rest on, by two sorts.
///
/// ```
/// first:   event id (16), 0                          → what it is worth, see `worth`
///          event id (16), 1, credential, 0, at (u16) → nothing: the credential asks for it
/// second:  credential, 0, at (u16)                   → as the first, behind a byte: 1 where the
///                                                      evidence stands
/// ```
struct EvidenceJoin {
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

  /// ```
  /// 0          4          8         9
  /// since u32  day u32    n (u8)    officer, cohort
  /// ```
  /// The day and the cohort are of a completion; of other evidence the day is 0 and there is none.
  static func worth(_ evidence: Evidence, _ state: StreamState) -> [UInt8] {
    let completed = state.enrolment
    var row: [UInt8] = []
    row.reserveCapacity(80)
    row.append(bigEndian: state.evidenceSince.number)
    row.append(bigEndian: completed?.completion?.day.number ?? 0)
    row.append(UInt8(evidence.officer.byteCount))
    evidence.officer.append(to: &row)
    completed?.seat.cohort.append(to: &row)
    return row
  }

  static func key(_ id: EventID, asked credential: Identifier, _ at: Int) -> [UInt8] {
    var key = id.bytes + [1]
    credential.append(to: &key)
    key.append(0)
    key.append(bigEndian: UInt16(clamping: at))
    return key
  }

  /// The rows of `credentials` for those that asked.
  ///
  /// - Parameter evidence: the runs of the first sort. The heads are committed.
  func rows(_ evidence: [SortedRun]) throws -> [SortedRun] {
    let second = ExternalSorter(folder: folder, memoryMax: limits.runMax)
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
    return try spelled(try RowMerge(second.finish()))
  }

  private func spelled(_ second: RowMerge) throws -> [SortedRun] {
    let rows = ExternalSorter(folder: folder, memoryMax: limits.runMax)
    let reader = try views.environment.makeReader()
    defer { reader.end() }
    try reader.read { snapshot in
      var asking: (key: Identifier, state: Credential, last: Day)?
      var worth = EvidenceState()
      func finish() throws {
        guard let asking else { return }
        try rows.add(
          ViewKey.of(asking.key),
          VerifyRow.encoded(
            asking.state, asking.key, last: asking.last, evidence: worth, arena: arena))
      }
      func begin(_ credential: Identifier) throws {
        let stream = StreamID(.credential, credential)
        guard let head = try views.headRow(stream, snapshot, arena: arena)?.head,
          let state = head.state?.credential, let last = head.last?.effective
        else { throw DecodeFailure(damaged: "the head of \(stream.text)") }
        (asking, worth) = ((credential, state, last), EvidenceState())
      }
      var failure: (any Error)?
      while failure == nil,
        try second.next({ key, value in
          do {
            let named = Identifier(key.extracting(first: key.byteCount - 3))
            if let named, named != asking?.key {
              try finish()
              try begin(named)
            }
            if let asking { worth.add(value, holder: asking.state.terms.holder) }
          } catch { failure = error }
        })
      {}
      if let failure { throw failure }
      try finish()
    }
    return rows.finish()
  }
}

extension EvidenceState {
  /// Takes in a row of the second sort.
  fileprivate mutating func add(_ row: RawSpan, holder: Identifier) {
    guard row.byteCount > 10, row[0] == 1, row.has(Int(row[9]), at: 10),
      Identifier(row.extracting(10..<(10 + Int(row[9])))) == holder,
      let since = Day(yyyymmdd: UInt32(row.bigEndian(at: 1, bytes: 4)))
    else {
      isWithdrawn = true
      exactFrom = .distantFuture
      return
    }
    exactFrom = max(exactFrom, since)
    let day = Day(yyyymmdd: UInt32(row.bigEndian(at: 5, bytes: 4)))
    let cohort = Identifier(row.extracting(droppingFirst: 10 + Int(row[9])))
    if let day, let cohort { trainings.append(Training(cohort: cohort, completedOn: day)) }
  }
}
