import Messages
import Projections
import Registry
import Wire

/// An answer over many subjects that is computed a bounded piece at a time, each piece a page.
protocol PagedAnswer: PageJob {
  var moment: Moment { get set }
  var weight: JobWeight { get }
  /// The next message, packed; nil after the last.
  mutating func next(from desk: ReadDesk) throws -> [UInt8]?
}

extension PagedAnswer {
  mutating func begin(_ desk: ReadDesk) throws -> JobWeight {
    _ = try moment.fix(desk)
    return weight
  }

  mutating func work(_ desk: ReadDesk, _ slice: Slice) throws -> JobPage {
    guard let message = try next(from: desk) else { return .last(nil) }
    return .page(message)
  }
}

/// The two times of a question whose answer comes in pages: what the first page took holds for
/// all of them, whatever is recorded meanwhile.
struct Moment: Sendable {
  let on: Day?
  let atPosition: LogPosition?
  let atLeast: LogPosition
  private var fixed: (day: Day, position: LogPosition)?

  init(on: Day?, atPosition: LogPosition?, atLeast: LogPosition) {
    self.on = on
    self.atPosition = atPosition
    self.atLeast = atLeast
  }

  mutating func fix(_ desk: ReadDesk) throws -> (day: Day, position: LogPosition) {
    if let fixed { return fixed }
    try desk.check(atLeast: atLeast, at: atPosition)
    let moment = (on ?? desk.today, atPosition ?? desk.records.asOf)
    fixed = moment
    return moment
  }
}

extension Standing.Fate {
  /// As answers have it: a void or a restoration itself stands.
  var standing: (standing: EventStanding, by: LogPosition?) {
    switch self {
    case .stands, .act: (.stands, nil)
    case .voided(let by): (.voided, by)
    case .corrected(let by): (.corrected, by)
    }
  }
}

extension StoredEvent {
  /// Who recorded it, where that is known.
  var actor: String { String(decoding: recorded.actor, as: UTF8.self) }

  /// By whom and why, for a sentence.
  var byWhom: String {
    "at position \(recorded.position) by \(actor)"
      + (proposal.reason.map { ", reason \($0.text)" } ?? "")
  }
}
