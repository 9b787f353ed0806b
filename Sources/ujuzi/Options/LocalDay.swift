import Foundation
import Registry

extension Day {
  /// Today where the command runs: give --on where the registry's day is another.
  static var localToday: Day {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day], from: Date())
    // sure: asked for, and a clock shows a year of the calendar
    return Day(year: parts.year!, month: parts.month!, day: parts.day!)!
  }
}
