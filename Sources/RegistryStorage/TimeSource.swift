import Failures
import Foundation
import Registry

/// Where the time of day comes from, so that a test can set it.
package struct TimeSource: Sendable {
  /// Milliseconds since 1970, by the machine's clock: it may stand still, jump ahead and jump back.
  package var nowMs: @Sendable () -> Int64

  package init(nowMs: @escaping @Sendable () -> Int64) { self.nowMs = nowMs }

  package static let system = TimeSource {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    // More seconds than a calendar has, and far fewer than would overflow.
    let seconds = min(max(Int64(time.tv_sec), -(1 << 40)), 1 << 40)
    return seconds * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// The last millisecond of the year 9999, beyond which there are no days.
  package static let lastMs: Int64 = 253_402_300_799_999

  /// Now, as events carry it: neither before 1970 nor after the year 9999.
  package var recordedAtMs: UInt64 { UInt64(clamping: min(nowMs(), Self.lastMs)) }

  /// The day in a time zone; the first or the last day there is where the clock is outside.
  package func today(in zone: TimeZone) -> Day { Self.day(of: nowMs(), in: zone) }

  package static func day(of ms: Int64, in zone: TimeZone) -> Day {
    // Years of fewer than four digits, and of more, have no day here.
    guard ms >= firstMs else { return .distantPast }
    guard ms <= lastMs + 86_400_000 else { return .distantFuture }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let parts = calendar.dateComponents(
      [.year, .month, .day], from: Date(timeIntervalSince1970: Double(ms) / 1000))
    guard let year = parts.year, let month = parts.month, let day = parts.day else {
      return .distantPast
    }
    return Day(year: year, month: month, day: day) ?? (year > 9999 ? .distantFuture : .distantPast)
  }

  /// 1600-01-01: what a clock says before is no day that anything was recorded on.
  private static let firstMs: Int64 = -11_676_096_000_000
}

/// Why a server does not start with the clock as it is.
package struct ClockFailure: ExplainedError, Hashable, Sendable {
  package var sentence: String
}

extension TimeSource {
  /// A clock that is further ahead of the last event is more likely wrong than the registry idle.
  package static let aheadMaxMs: UInt64 = 366 * 86_400_000

  /// Refuses a clock that is more than a year ahead of the last event: what is recorded would carry
  /// its time for ever.
  ///
  /// - Parameter last: 0 where there is no event yet.
  package func check(lastRecordedAtMs last: UInt64) throws(ClockFailure) {
    let now = recordedAtMs
    guard last > 0, now > last, now - last > Self.aheadMaxMs else { return }
    throw ClockFailure(
      sentence:
        "The clock says \(Self.text(now)), more than a year after the last event, which was recorded "
        + "at \(Self.text(last)): set the clock, or give --clock-is-right.")
  }

  /// What to say of a clock that was set back; nil where it was not by more than a minute.
  package func setBack(lastRecordedAtMs last: UInt64) -> String? {
    let now = recordedAtMs
    guard last > now, last - now > 60_000 else { return nil }
    return "the clock says \(Self.text(now)), before the last event, which was recorded at "
      + "\(Self.text(last)): events carry that time until the clock has passed it"
  }

  package static func text(_ ms: UInt64) -> String {
    Date(timeIntervalSince1970: Double(min(ms, UInt64(lastMs))) / 1000).ISO8601Format()
  }
}
