import Registry

/// Which organisation stands below which, on one day as known at one position.
public final class Hierarchy {
  private let sharedStreams: SharedStreams
  private let day: Day
  private let order: OrganisationTimes

  public init(_ sharedStreams: SharedStreams, on day: Day, knownAt position: LogPosition) {
    self.sharedStreams = sharedStreams
    self.day = day
    order = OrganisationTimes(sharedStreams, knownAt: position)
  }

  /// Whether an organisation is another or stands below it.
  public func isBelow(_ organisation: Identifier, _ above: Identifier) -> Bool {
    organisation == above || order.place(of: organisation, on: day).superiors.contains(above)
  }

  /// An organisation and all that it stands below, the nearest first.
  public func superiors(of organisation: Identifier) -> [Identifier] {
    order.place(of: organisation, on: day).superiors
  }

  /// An organisation and all below it, in order.
  public func all(below above: Identifier) -> [Identifier] {
    let known = sharedStreams.streams(of: .organisation).map(\.key).filter { isBelow($0, above) }
    return known.contains(above) ? known : [above] + known
  }
}

/// Where organisations stand through time, as known at one position; what was looked up is kept.
public final class OrganisationTimes {
  /// Where an organisation stands on some days.
  public struct Place {
    /// Itself and all that it stands below, the nearest first.
    public var superiors: [Identifier]
    /// A day from which on that was so.
    public var since: Day
    fileprivate var until: Day

    /// Below which of some organisations it stands, a bit each.
    func above(_ organisations: [Identifier]) -> UInt64 {
      var bits: UInt64 = 0
      for (bit, organisation) in organisations.enumerated() where superiors.contains(organisation) {
        bits |= 1 << UInt64(bit)
      }
      return bits
    }
  }

  private let sharedStreams: SharedStreams
  private let position: LogPosition
  private var places: [Identifier: [Place]] = [:]
  private var turns: [Identifier: [Day]] = [:]

  public init(_ sharedStreams: SharedStreams, knownAt position: LogPosition) {
    self.sharedStreams = sharedStreams
    self.position = position
  }

  public func place(of organisation: Identifier, on day: Day) -> Place {
    if let known = places[organisation]?.first(where: { $0.since <= day && day <= $0.until }) {
      return known
    }
    var place = Place(superiors: [], since: .distantPast, until: day)
    place.superiors = Organisation.superiors(of: organisation) { id in
      place.since = max(place.since, turns(of: id).last { $0 <= day } ?? .distantPast)
      let stream = StreamID(.organisation, id)
      return sharedStreams.state(of: stream, on: day, knownAt: position)?.organisation
    }
    places[organisation, default: []].append(place)
    return place
  }

  private func turns(of organisation: Identifier) -> [Day] {
    if let known = turns[organisation] { return known }
    let history = sharedStreams.history(of: StreamID(.organisation, organisation))
    let found = EffectiveHistory(history.known(before: position)).turns
    turns[organisation] = found
    return found
  }
}
