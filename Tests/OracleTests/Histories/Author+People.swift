import Registry

extension Author {
  mutating func posting() -> Posting {
    Posting(
      organisation: id(random.one(of: Ground.organisations)),
      position: random.isLucky(2, in: 3) ? id("clerk") : nil,
      cadre: random.isLucky(1, in: 2) ? id("ict") : nil,
      grade: id(random.one(of: ["j", "k"])),
      county: random.isLucky(1, in: 2) ? id(random.one(of: ["001", "047"])) : nil)
  }

  mutating func officer(_ day: Day) -> Proposal {
    let key = random.one(of: Ground.officers)
    let other = random.one(of: Ground.officers)
    let name = "officer/" + key
    guard let record = ledger.record(id(key), day) else {
      return proposal(
        name, random.isLucky(3, in: 4) ? OracleTests.day("2021-03-01") : day,
        .officer(
          .registered(OfficerRegistered(posting: random.isLucky(5, in: 6) ? posting() : nil))),
        personal: Personal(
          name: "Example \(key)",
          identifiers: [SchemeValue(scheme: id("pn"), value: "1" + String(key.dropFirst()))]))
    }
    if record.mergedInto != nil {
      let streams = facts.map(\.stream).filter {
        [.enrolment, .credential, .submission, .skillClaim, .duty].contains($0.kind)
      }
      var (here, there): ([StreamID], [StreamID]) = ([], [])
      if !streams.isEmpty, random.isLucky(1, in: 2) {
        if random.isLucky(1, in: 2) {
          here = [random.one(of: streams)]
        } else {
          there = [random.one(of: streams)]
        }
      }
      return proposal(
        name, day, .officer(.mergeReversed(OfficerMergeReversed(toThis: here, toSurvivor: there))))
    }
    if random.isLucky(1, in: 5) { return number(name, day) }
    let event: OfficerEvent =
      switch record.status {
      case .separated:
        random.isLucky(5, in: 6)
          ? .returned(OfficerReturned(posting: random.isLucky(1, in: 2) ? posting() : nil))
          : .died(OfficerDied())
      case .suspended where random.isLucky(1, in: 2): .reinstated(OfficerReinstated())
      case .onLeave where random.isLucky(1, in: 2): .leaveEnded(OfficerLeaveEnded())
      case .acting where random.isLucky(1, in: 3): .actingEnded(OfficerActingEnded())
      case .seconded where random.isLucky(1, in: 3): .secondmentEnded(OfficerSecondmentEnded())
      case .deceased: .mergedInto(OfficerMergedInto(officer: id(other)))
      case .active, .acting, .seconded, .suspended, .onLeave, .merged:
        switch random.number(0...13) {
        case 0..<4: .posted(OfficerPosted(posting: posting()))
        case 4: .promoted(OfficerPromoted(grade: id(random.one(of: ["j", "k"]))))
        case 5: .actingStarted(OfficerActingStarted(position: id("head")))
        case 6: .seconded(OfficerSeconded(organisation: id(random.one(of: Ground.organisations))))
        case 7: .leaveStarted(OfficerLeaveStarted(leave: id("study")))
        case 8: .suspended(OfficerSuspended())
        case 9: .separated(OfficerSeparated(separation: id("retirement")))
        case 10: random.isLucky(1, in: 4) ? .died(OfficerDied()) : .leaveEnded(OfficerLeaveEnded())
        default: .mergedInto(OfficerMergedInto(officer: id(other)))
        }
      }
    return proposal(name, day, .officer(event))
  }

  private mutating func number(_ name: String, _ day: Day) -> Proposal {
    let scheme = id("pn")
    let value = Personal(
      identifiers: [SchemeValue(scheme: scheme, value: random.one(of: Ground.numbers))])
    switch random.number(0...4) {
    case 0..<3:
      return proposal(
        name, day, .officer(.identifierAdded(OfficerIdentifierAdded(scheme: scheme))),
        personal: value)
    case 3:
      return proposal(
        name, day,
        .officer(.identifierEnded(OfficerIdentifierEnded(scheme: scheme, valueOnly: true))),
        personal: value)
    default:
      return proposal(
        name, day, .officer(.identifierEnded(OfficerIdentifierEnded(scheme: scheme))))
    }
  }

  mutating func duty(_ day: Day) -> Proposal {
    let (officer, mandate) = (random.one(of: Ground.officers), random.one(of: Ground.mandates))
    let holder = DutyHolder(officer: id(officer), mandate: id(mandate))
    let event: DutyEvent =
      switch random.number(0...5) {
      case 0...2:
        .exemptionGranted(
          DutyExemptionGranted(
            duty: holder, until: random.isLucky(1, in: 2) ? day.adding(days: 60) : nil))
      case 3: .exemptionEnded(DutyExemptionEnded())
      case 4: .nonComplianceRecorded(DutyNonComplianceRecorded(duty: holder))
      default: .nonComplianceCleared(DutyNonComplianceCleared())
      }
    let late = OracleTests.day("2022-09-15")
    return proposal(
      "duty/\(officer)-\(mandate)", event.name.hasPrefix("non") ? max(day, late) : day, .duty(event)
    )
  }
}
