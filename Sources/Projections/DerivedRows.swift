import Messages
import Registry

/// An enrolment as its cohort's roll has it: what counting needs without reading its stream.
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
      let enrolment = Identifier(String(decoding: row.bytes(12..<row.byteCount), as: UTF8.self))
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
    row.append(contentsOf: enrolment.text.utf8)
    return row
  }
}

/// The rows that follow from one stream's head alone.
public enum DerivedRows {
  public static func of(_ stream: StreamID, _ head: StreamHead?) -> [ViewRow] {
    guard let head, let state = head.state, let last = head.last?.effective else { return [] }
    switch state {
    case .enrolment(let state):
      var rows = [
        ViewRow(
          .rolls, key: ViewKey.parts(state.seat.cohort.text, state.seat.officer.text),
          value: RollRow(state, stream.key, last: last).encoded)
      ]
      if let counted = state.attributedTo {
        rows.append(ViewRow(.attributed, key: ViewKey.parts(counted.text, stream.key.text)))
      }
      return rows
    case .credential(let state):
      let terms = state.terms
      var rows = [
        ViewRow(
          .certificates, key: ViewKey.parts(terms.issuer.text, terms.number),
          value: ViewKey.of(stream.key)),
        ViewRow(.held, key: ViewKey.parts(terms.holder.text, stream.key.text)),
      ]
      for course in terms.courses {
        rows.append(attained(ViewKey.course(course), terms.holder, stream))
      }
      for level in terms.skills {
        rows.append(attained(ViewKey.skill(level.framework, level.skill), terms.holder, stream))
      }
      return rows
    case .submission(let state):
      guard state.status == .verified else { return [] }
      return state.paper.skills.map {
        attained(ViewKey.skill($0.framework, $0.skill), state.paper.officer, stream)
      }
    default: return []
    }
  }

  private static func attained(
    _ what: String, _ officer: Identifier, _ stream: StreamID
  ) -> ViewRow {
    ViewRow(.attained, key: ViewKey.parts(what, officer.text, stream.text))
  }
}
