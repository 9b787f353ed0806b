import Foundation
import Messages
import Projections
import Registry
import RegistryStorage

/// What of the log is asked for, told from a field or two of each event.
struct LogFilter {
  private let kind: StreamKind?
  private let actor: [UInt8]?
  private let lateDays: Int?
  private let timeZone: TimeZone
  /// The offset from Greenwich within an hour of the clock, in seconds: zones change on the hour or
  /// at a quarter of it, and events come in the order of their times.
  private var offset: (quarter: UInt64, seconds: Int)?

  /// The end of the year 9999.
  private static let lastMs: UInt64 = 253_402_300_799_999

  init(_ question: ReadLogRequest, _ sharedStreams: SharedStreams) {
    // A kind that there is not was refused before.
    kind = question.streamKind.flatMap { StreamKind(rawValue: $0.text) }
    actor = question.actor.isEmpty ? nil : question.actor
    lateDays = question.recordedLaterThanDays == 0 ? nil : Int(question.recordedLaterThanDays)
    timeZone = RegistryStore.timeZone(in: sharedStreams)
  }

  mutating func takes(_ event: RawSpan) -> Bool {
    if let kind, EventFields.kind(of: event) != kind { return false }
    if let actor, !EventFields.isBy(actor, event) { return false }
    if let lateDays {
      guard let effective = EventFields.effective(of: event),
        recordedOn(EventFields.recordedAt(event)) - effective.ordinal > lateDays
      else { return false }
    }
    return true
  }

  /// The day in the registry's time zone, counted from 1970-01-01.
  private mutating func recordedOn(_ recordedAtMs: UInt64) -> Int {
    // A calendar ends somewhere: what is said to be recorded later was then.
    let ms = min(recordedAtMs, Self.lastMs)
    let quarter = ms / 900_000
    let seconds: Int
    if let offset, offset.quarter == quarter {
      seconds = offset.seconds
    } else {
      seconds = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(ms) / 1000))
      offset = (quarter, seconds)
    }
    return (Int(ms / 1000) + seconds) / 86_400
  }
}
