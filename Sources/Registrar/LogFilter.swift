import Foundation
import Messages
import Projections
import Registry

/// What of the log is asked for, told from a field or two of each event.
struct LogFilter {
  private let kind: String?
  private let actor: [UInt8]?
  private let lateDays: Int?
  private let timeZone: TimeZone
  /// The offset from Greenwich within an hour of the clock, in seconds: zones change on the hour or
  /// at a quarter of it, and events come in the order of their times.
  private var offset: (quarter: UInt64, seconds: Int)?

  init(_ question: ReadLogRequest, _ catalogue: Catalogue) {
    kind = question.streamKind?.text
    actor = question.actor.isEmpty ? nil : question.actor
    lateDays = question.recordedLaterThanDays == 0 ? nil : Int(question.recordedLaterThanDays)
    timeZone = RegistryStore.timeZone(in: catalogue)
  }

  mutating func takes(_ event: RawSpan) -> Bool {
    if let kind, !EventGlance.isOfKind(kind, event) { return false }
    if let actor, !EventGlance.isBy(actor, event) { return false }
    if let lateDays {
      guard let effective = EventGlance.effective(of: event),
        recordedOn(EventGlance.recordedAt(event)) - effective.ordinal > lateDays
      else { return false }
    }
    return true
  }

  /// The day in the registry's time zone, counted from 1970-01-01.
  private mutating func recordedOn(_ ms: UInt64) -> Int {
    let quarter = ms / 900_000
    if offset?.quarter != quarter {
      let date = Date(timeIntervalSince1970: Double(ms) / 1000)
      offset = (quarter, timeZone.secondsFromGMT(for: date))
    }
    return (Int(ms / 1000) + offset!.seconds) / 86_400
  }
}
