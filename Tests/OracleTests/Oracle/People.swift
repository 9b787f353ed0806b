import Registry

/// An officer's record on a day: each of the things that may be so of an officer, by itself.
struct Record {
  var posting: Posting?
  var actingAs: Identifier?
  var secondedTo: Identifier?
  var isOnLeave = false
  var isSuspended = false
  var isSeparated = false
  var isDead = false
  var mergedInto: Identifier?

  var status: OfficerStatus {
    if mergedInto != nil { return .merged }
    if isDead { return .deceased }
    if isSeparated { return .separated }
    if isSuspended { return .suspended }
    if isOnLeave { return .onLeave }
    if secondedTo != nil { return .seconded }
    return actingAs != nil ? .acting : .active
  }

  var serves: Bool { mergedInto == nil && !isDead && !isSeparated }
}

extension Ledger {
  func record(_ officer: Identifier, _ day: Day) -> Record? {
    once("record", officer.text, day) {
      var record: Record?
      for fact in history(StreamID(.officer, officer), day) {
        guard case .officer(let event) = fact.body else { continue }
        if case .registered(let given) = event {
          record = record ?? Record(posting: given.posting)
          continue
        }
        guard var next = record else { continue }
        switch event {
        case .registered, .identifierAdded, .identifierEnded: break
        case .posted(let given):
          next.posting = given.posting
          next.actingAs = nil
          next.secondedTo = nil
        case .promoted(let given):
          next.posting?.grade = given.grade
          if let position = given.position { next.posting?.position = position }
          if let cadre = given.cadre { next.posting?.cadre = cadre }
        case .actingStarted(let given): next.actingAs = given.position
        case .actingEnded: next.actingAs = nil
        case .seconded(let given):
          next.secondedTo = given.organisation
          next.actingAs = nil
        case .secondmentEnded: next.secondedTo = nil
        case .leaveStarted: next.isOnLeave = true
        case .leaveEnded: next.isOnLeave = false
        case .suspended: next.isSuspended = true
        case .reinstated: next.isSuspended = false
        case .separated:
          next = Record(
            posting: next.posting, isSeparated: true, isDead: next.isDead,
            mergedInto: next.mergedInto)
        case .returned(let given):
          next.isSeparated = false
          next.posting = given.posting ?? next.posting
        case .died: next.isDead = true
        case .mergedInto(let given): next.mergedInto = next.mergedInto ?? given.officer
        case .mergeReversed: next.mergedInto = nil
        }
        record = next
      }
      return record
    }
  }

  var officers: [Identifier] {
    once("officers", "", .distantFuture) {
      Array(Set(facts.map(\.stream).filter { $0.kind == .officer }.map(\.key)))
        .sorted { $0.text < $1.text }
    }
  }

  /// In whose record a person is found: *a merged officer is followed to the survivor*.
  func survivor(_ officer: Identifier, _ day: Day) -> Identifier {
    var (current, seen) = (officer, Set([officer]))
    while let next = record(current, day)?.mergedInto, seen.insert(next).inserted { current = next }
    return current
  }

  /// The other records that are found under an officer's.
  func merged(into officer: Identifier, _ day: Day) -> [Identifier] {
    officers.filter { $0 != officer && survivor($0, day) == officer }
  }

  /// Whose a stream is that names an officer: *the event lists which later events stay with whom*.
  func owner(_ stream: StreamID, _ named: Identifier, _ day: Day) -> Identifier {
    once("owner", stream.text + " " + named.text, day) {
      var owner = named
      for officer in officers {
        var other: Identifier?
        for fact in history(StreamID(.officer, officer), day) {
          switch fact.body {
          case .officer(.mergedInto(let given)): other = given.officer
          case .officer(.mergeReversed(let given)):
            if officer == named, let other, given.toSurvivor.contains(stream) { owner = other }
            if other == named, given.toThis.contains(stream) { owner = officer }
            // What an earlier reversal of the same merge gave away, this one does not: it comes back.
            if officer == named, owner == other, !given.toSurvivor.contains(stream) {
              owner = named
            }
            if other == named, owner == officer, !given.toThis.contains(stream) { owner = named }
          default: break
          }
        }
      }
      return survivor(owner, day)
    }
  }

  /// Everybody's id who is a person of their own on a day.
  func people(_ day: Day) -> [Identifier] {
    officers.filter { record($0, day).map { $0.mergedInto == nil } ?? false }
  }
}
