import Messages
import Registry

/// One enrolment on a cohort's roll.
///
/// ```
/// 0       1      2               6              10      12
/// status  seat?  last effective  completion     awards  enrolment (text)
/// u8      u8     u32             u32, 0: none   u16
/// ```
public struct RollRow: Hashable, Sendable {
  public var status: EnrolmentStatus
  public var lastEffective: Day
  public var completedOn: Day?
  public var awards: Int
  public var enrolment: Identifier

  public init(_ state: Enrolment, _ enrolment: Identifier, last: Day) {
    status = state.status
    lastEffective = last
    completedOn = state.status == .completed ? state.completion?.day : nil
    awards = state.awards.count
    self.enrolment = enrolment
  }

  public init?(_ row: RawSpan) {
    guard row.byteCount > 12, let status = EnrolmentStatus(rawValue: UInt32(row[0])),
      let last = Day(yyyymmdd: UInt32(row.bigEndian(at: 2, bytes: 4))),
      let enrolment = Identifier(row.extracting(12..<row.byteCount))
    else { return nil }
    self.status = status
    lastEffective = last
    completedOn = Day(yyyymmdd: UInt32(row.bigEndian(at: 6, bytes: 4)))
    awards = Int(row.bigEndian(at: 10, bytes: 2))
    self.enrolment = enrolment
  }

  var encoded: [UInt8] {
    var row: [UInt8] = [UInt8(status.rawValue), status.takesSeat ? 1 : 0]
    row.append(bigEndian: lastEffective.number)
    row.append(bigEndian: completedOn?.number ?? 0)
    row.append(bigEndian: UInt16(min(awards, 0xFFFF)))
    enrolment.append(to: &row)
    return row
  }
}
