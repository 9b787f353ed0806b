import Registry

/// Which organisation stands below which, on one day as known at one position.
public final class Hierarchy {
  private let sharedStreams: SharedStreams
  private let day: Day
  private let position: LogPosition
  /// Parents that were looked up; nil: none, or no such organisation that day.
  private var parents: [Identifier: Identifier?] = [:]

  public init(_ sharedStreams: SharedStreams, on day: Day, knownAt position: LogPosition) {
    self.sharedStreams = sharedStreams
    self.day = day
    self.position = position
  }

  /// Whether an organisation is another or stands below it.
  public func isBelow(_ organisation: Identifier, _ above: Identifier) -> Bool {
    var current = organisation
    for _ in 0...Organisation.depthMax {
      if current == above { return true }
      guard let parent = parent(of: current) else { return false }
      current = parent
    }
    return false
  }

  /// An organisation and all below it, in order.
  public func all(below above: Identifier) -> [Identifier] {
    let known = sharedStreams.streams(of: .organisation).map(\.key).filter { isBelow($0, above) }
    return known.contains(above) ? known : [above] + known
  }

  private func parent(of organisation: Identifier) -> Identifier? {
    if let known = parents[organisation] { return known }
    let state = sharedStreams.state(
      of: StreamID(.organisation, organisation), on: day, knownAt: position)
    let parent = state?.organisation?.parent
    parents[organisation] = .some(parent)
    return parent
  }
}
