import Messages
import Registry

/// What an enrolment or a paper says of the completion of a course.
///
/// ```
/// 0               4                8         9                      17       19
/// last effective  completed on     strength  4 × score (u16)        score    evidence (16 bytes)
/// u32             u32, 0: not now  u8        by mode, 0xFFFF: none  (u16)
/// ```
/// The row is exact on the days from `last effective` on. `strength` is that of the passed
/// assessments that name a pass mark or no score; the scores are of the others, since the marks of a
/// course and of a policy may change. The last score is that of the whole where no assessment names
/// a mark for it; where one does and it is below that, nothing but attendance is left.
public struct CompletedRow: Hashable, Sendable {
  public var lastEffective: Day
  public var completedOn: Day?
  public var evidence: EventID?
  private var firm: Strength
  private var scores: [UInt16]
  private var whole: UInt16 = 0xFFFF

  package static let byteCount = 35

  public init(_ state: Enrolment, last: Day) {
    lastEffective = last
    let completion = state.status == .completed ? state.completion : nil
    completedOn = completion?.day
    evidence = completion?.eventID
    firm = .attended
    scores = Array(repeating: 0xFFFF, count: 4)
    if let score = state.completion?.score {
      let own = state.passMark(ofCompletion: 0)
      guard score >= own else { return }
      if own == 0 { whole = UInt16(min(score, 10_000)) }
    }
    for assessment in state.assessments where assessment.status == .standing {
      guard let score = assessment.score, assessment.passMark == 0 else {
        if (assessment.score ?? .max) >= assessment.passMark {
          firm = max(firm, assessment.mode.strength)
        }
        continue
      }
      let at = Int(assessment.mode.rawValue) - 1
      let known = scores[at] == 0xFFFF ? 0 : scores[at]
      scores[at] = max(known, UInt16(min(score, 10_000)))
    }
  }

  public init(_ state: Submission, last: Day) {
    lastEffective = last
    completedOn = state.status == .verified ? state.paper.awardedOn ?? state.since.day : nil
    evidence = state.verifiedByEvent
    firm = state.paper.assessment?.strength ?? .portfolio
    scores = Array(repeating: 0xFFFF, count: 4)
  }

  public init?(_ row: RawSpan) {
    guard row.byteCount == Self.byteCount,
      let last = Day(yyyymmdd: UInt32(row.bigEndian(at: 0, bytes: 4))),
      let firm = Strength(rawValue: UInt32(row[8]))
    else { return nil }
    lastEffective = last
    completedOn = Day(yyyymmdd: UInt32(row.bigEndian(at: 4, bytes: 4)))
    self.firm = firm
    scores = (0..<4).map { UInt16(row.bigEndian(at: 9 + 2 * $0, bytes: 2)) }
    whole = UInt16(row.bigEndian(at: 17, bytes: 2))
    evidence =
      completedOn == nil
      ? nil
      : EventID(high: row.bigEndian(at: 19, bytes: 8), low: row.bigEndian(at: 27, bytes: 8))
  }

  /// What a row says, as numbers, for those who read millions.
  ///
  /// - Parameters:
  ///   - policy: the policy's pass marks, by mode.
  ///   - editions: the pass marks that the course's editions have; the row does not know which was
  ///     taught.
  /// - Returns: the strength nil where it depends on the edition.
  static func numbers(
    _ row: RawSpan, policy: [UInt32], editions: [UInt32]
  ) -> (lastEffective: UInt32, completedOn: UInt32, strength: UInt32?, evidence: EventID) {
    var known: UInt32?
    var isOne = true
    for mark in editions {
      let strength = strength(row, policy, edition: mark)
      isOne = isOne && known ?? strength == strength
      known = strength
    }
    return (
      UInt32(row.bigEndian(at: 0, bytes: 4)), UInt32(row.bigEndian(at: 4, bytes: 4)),
      isOne ? known : nil,
      EventID(high: row.bigEndian(at: 19, bytes: 8), low: row.bigEndian(at: 27, bytes: 8))
    )
  }

  /// As `Enrolment.strength(by:passMark:)` has it.
  private static func strength(_ row: RawSpan, _ policy: [UInt32], edition: UInt32) -> UInt32 {
    let whole = UInt32(row.bigEndian(at: 17, bytes: 2))
    guard whole >= edition else { return Strength.attended.rawValue }
    var best = UInt32(row[8])
    for at in 0..<4 {
      let score = UInt32(row.bigEndian(at: 9 + 2 * at, bytes: 2))
      let mark = edition > 0 ? edition : policy[at]
      if score != 0xFFFF, score >= mark { best = max(best, Self.strengths[at]) }
    }
    return best
  }

  private static let strengths = AssessmentMode.allCases.map(\.strength.rawValue)

  var encoded: [UInt8] {
    var row: [UInt8] = []
    row.reserveCapacity(Self.byteCount)
    row.append(bigEndian: lastEffective.number)
    row.append(bigEndian: completedOn?.number ?? 0)
    row.append(UInt8(firm.rawValue))
    for score in scores { row.append(bigEndian: score) }
    row.append(bigEndian: whole)
    row.append(bigEndian: evidence?.high ?? 0)
    row.append(bigEndian: evidence?.low ?? 0)
    return row
  }
}

/// An exemption or a recorded non-compliance of an officer under a mandate.
///
/// ```
/// 0       1               5                9
/// status  last effective  exempted until   since
/// u8      u32             u32, 0: no end   u32
/// ```
public struct DutyRow: Hashable, Sendable {
  public var status: DutyStatus
  public var lastEffective: Day
  public var exemptedUntil: Day?
  public var since: Day

  public init(_ state: Duty, last: Day) {
    status = state.status
    lastEffective = last
    exemptedUntil = state.exemptedUntil
    since = state.since.day
  }

  public init?(_ row: RawSpan) {
    guard row.byteCount == 13, let status = DutyStatus(rawValue: UInt32(row[0])),
      let last = Day(yyyymmdd: UInt32(row.bigEndian(at: 1, bytes: 4))),
      let since = Day(yyyymmdd: UInt32(row.bigEndian(at: 9, bytes: 4)))
    else { return nil }
    self.status = status
    lastEffective = last
    exemptedUntil = Day(yyyymmdd: UInt32(row.bigEndian(at: 5, bytes: 4)))
    self.since = since
  }

  var encoded: [UInt8] {
    var row: [UInt8] = [UInt8(status.rawValue)]
    row.append(bigEndian: lastEffective.number)
    row.append(bigEndian: exemptedUntil?.number ?? 0)
    row.append(bigEndian: since.number)
    return row
  }
}

/// Where an officer served as what, span by span, oldest first: exact on every day.
///
/// ```
/// n × (from u32, status u8, length u8 and text of organisation, position, cadre, grade, county,
///      category)
/// ```
/// An empty organisation: no posting.
public enum RosterRow {
  static func encoded(_ spans: [PostingSpan]) -> [UInt8] {
    var row: [UInt8] = []
    row.reserveCapacity(spans.count * 40)
    for span in spans {
      row.append(bigEndian: span.from.number)
      row.append(UInt8(span.status.rawValue))
      let posting = span.posting
      for part in [
        posting?.organisation, posting?.position, posting?.cadre, posting?.grade, posting?.county,
        posting?.category,
      ] {
        row.append(UInt8(part?.byteCount ?? 0))
        part?.append(to: &row)
      }
    }
    return row
  }

  public static func spans(_ row: RawSpan) -> [PostingSpan] {
    var spans: [PostingSpan] = []
    var at = 0
    func part() -> Identifier? {
      // Of a row that is cut, what is not there is empty.
      guard row.has(1, at: at) else { return nil }
      let length = Int(row[at])
      defer { at += 1 + length }
      guard length > 0, row.has(length, at: at + 1) else { return nil }
      return Identifier(row.extracting((at + 1)..<(at + 1 + length)))
    }
    while at + 11 <= row.byteCount {
      guard let from = Day(yyyymmdd: UInt32(row.bigEndian(at: at, bytes: 4))),
        let status = OfficerStatus(rawValue: UInt32(row[at + 4]))
      else { return spans }
      at += 5
      let (organisation, position, cadre, grade, county, category) =
        (part(), part(), part(), part(), part(), part())
      spans.append(
        PostingSpan(
          from: from, status: status,
          posting: organisation.map {
            Posting(
              organisation: $0, position: position, cadre: cadre, grade: grade, county: county,
              category: category)
          }))
    }
    return spans
  }
}
