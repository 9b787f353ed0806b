import Foundation
import Messages
import Registry

/// One history, recorded and asked about: live, from what is stored, remembered and rebuilt.
struct Comparison {
  let seed: UInt64
  let registry: OracleRegistry
  var author: Author
  var differences: [String] = []
  var compared = 0
  private var seconds = 0.0
  private var outcomes: [String: Int] = [:]
  private var size: UInt64 = 0

  init(seed: UInt64) throws {
    self.seed = seed
    registry = try OracleRegistry()
    author = Author(seed: seed)
  }

  func end() throws { try registry.end() }

  var summary: String {
    let perMinute = seconds > 0 ? Int(Double(compared) / seconds * 60) : 0
    let told = outcomes.sorted { $0.value > $1.value }.prefix(8)
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return "oracle seed \(seed): \(compared) answers compared in \(Int(seconds)) s, \(perMinute) a "
      + "minute; \(author.facts.count) events (\(told))"
  }

  /// The history, a line an event, for whoever looks for the smallest one that differs.
  var history: String {
    author.facts.map { fact in
      let corrects = fact.said.corrects.flatMap(author.ledger.fact).map { " of \($0.position)" }
      return "\(fact.position) \(fact.day.text) \(fact.stream.text)\(corrects ?? "") "
        + "\(fact.id.text.prefix(8)) \(fact.body)"
        .replacingOccurrences(of: "Registry.", with: "")
    }.joined(separator: "\n")
  }

  // MARK: recording

  mutating func record(rounds: Int) throws {
    for proposal in author.ground() {
      try submit(proposal)
      guard author.facts.last?.id == proposal.eventID else {
        throw Refused(text: "\(proposal.stream.text): \(outcomes)")
      }
    }
    for _ in 0..<rounds {
      try submit(author.next(), previewed: author.random.isLucky(1, in: 3))
    }
  }

  struct Refused: Error { var text: String }

  private mutating func submit(_ proposal: Proposal, previewed: Bool = false) throws {
    let preview = previewed ? try registry.submit([proposal], purpose: .preview) : nil
    let before = author.ledger
    // sure: one outcome for one proposal
    let outcome = try registry.submit([proposal]).outcomes[0]
    defer {
      if let preview { holdPreview(of: proposal, preview, outcome, before: before) }
    }
    switch outcome {
    case .recorded(let at):
      outcomes["recorded", default: 0] += 1
      guard !at.already else { return }
      size = at.position + 1
      author.took(proposal, at: at.position)
    case .unchanged: outcomes["unchanged", default: 0] += 1
    case .rejected(let rejected): outcomes[rejected.code, default: 0] += 1
    case .notRecorded: outcomes["not_recorded", default: 0] += 1
    }
  }

  // MARK: comparing

  mutating func compareAll() throws {
    let began = Date()
    defer { seconds += Date().timeIntervalSince(began) }
    try compare("live", remembering: false, positions: [nil, size - 20, size * 3 / 4])
    try compare("remembered", remembering: true, positions: [nil, nil])
    try compareWatch(positions: 8)
    try registry.reopen(rebuild: false)
    try compare("stored", remembering: false, positions: [nil])
    try registry.reopen(rebuild: true)
    try compare("rebuilt", remembering: false, positions: [nil, size / 2])
  }

  /// Days on which something changes, the ones before them, and one that is far off.
  mutating func someDays(_ count: Int) -> [Day] {
    let turns = author.facts.map(\.day).filter { $0 > OracleTests.day("2021-12-01") }
    var days = (1..<count).map { _ in
      author.random.one(of: turns).adding(days: author.random.number(-1...1))
    }
    days.append(OracleTests.day("2024-01-01"))
    return days
  }

  private mutating func compare(_ how: String, remembering: Bool, positions: [UInt64?]) throws {
    let asker = try Asker(registry, remembering: remembering)
    defer { asker.end() }
    var days = someDays(3)
    for position in positions {
      if !remembering { days = someDays(3) }
      let ledger = position.map(author.ledger.before) ?? author.ledger
      for day in days {
        let moment = Moment(day: day, position: position)
        let place = "\(how), on \(day.text) at \(position.map(String.init) ?? "the end of \(size)")"
        try ask(ledger, asker, moment, place)
      }
    }
  }

  mutating func hold(
    _ what: String, _ place: String, _ expected: [String], _ answer: () throws -> [String]
  ) {
    compared += 1
    let given: [String]
    do { given = try answer() } catch { given = ["failed: \(error)"] }
    guard given.sorted() != expected.sorted() else { return }
    let missing = expected.filter { !given.contains($0) }
    let extra = given.filter { !expected.contains($0) }
    differences.append(
      "\(what), \(place)\n   expected: \(missing.joined(separator: "\n             "))"
        + "\n   answered: \(extra.joined(separator: "\n             "))")
  }

  private mutating func ask(
    _ ledger: Ledger, _ asker: Asker, _ moment: Moment, _ place: String
  ) throws {
    let day = moment.day
    for key in Ground.officers.map(OracleTests.id) {
      hold("profile of \(key.text)", place, ledger.profile(key, day)) {
        try asker.profile(key, moment)
      }
      for (framework, code) in Ground.skills {
        let wanted = skill(framework, code, author.random.number(1...3))
        hold("has \(key.text) \(Words.skill(wanted))", place, ledger.has(key, wanted, day)) {
          try asker.has(key, wanted, moment)
        }
      }
    }
    try askCredentials(ledger, asker, moment, place)
    askLists(ledger, asker, moment, place)
    askShared(ledger, asker, moment, place)
  }

  private mutating func askCredentials(
    _ ledger: Ledger, _ asker: Asker, _ moment: Moment, _ place: String
  ) throws {
    let day = moment.day
    let numbers = Ground.numbers.map { SchemeValue(scheme: OracleTests.id("pn"), value: $0) }
    for number in numbers {
      hold("whose \(number.value)", place, ledger.whose(number, day)) {
        try asker.whose(number, moment)
      }
    }
    for number in 0...6 {
      let key = stream("credential/r\(number)")
      hold("verify \(key.text)", place, ledger.verified(key, day)) {
        try asker.verified(.credential(key.key), moment)
      }
      let presented = author.random.one(of: numbers)
      let certificate = CertificateNumber(issuer: OracleTests.id("centre"), number: "N\(number)")
      var expected = ["status unknown"]
      if let named = ledger.credential(certificate.issuer, certificate.number, day) {
        expected = ledger.verified(named, day)
        if expected != ["status unknown"] {
          let matches = ledger.isHolders(named, presented, day)
          expected.append("holder matches \(matches ? "yes" : "no")")
        }
      }
      hold("verify N\(number) by \(presented.value)", place, expected) {
        try asker.verified(.certificate(certificate), holder: presented, moment)
      }
    }
  }

  private mutating func askLists(
    _ ledger: Ledger, _ asker: Asker, _ moment: Moment, _ place: String
  ) {
    let day = moment.day
    for (framework, code) in Ground.skills {
      let wanted = [skill(framework, code, author.random.number(1...2))]
      let organisation =
        author.random.isLucky(1, in: 2)
        ? OracleTests.id(author.random.one(of: Ground.organisations)) : nil
      let below = organisation != nil && author.random.isLucky(1, in: 2)
      let county = author.random.isLucky(1, in: 5) ? OracleTests.id("047") : nil
      let strength = author.random.isLucky(1, in: 3) ? Strength.unproctored : nil
      let expected = ledger.found(
        wanted, in: organisation, below: below, county: county, atLeast: strength, day)
      hold("find \(Words.list(wanted)) in \(organisation?.text ?? "all")", place, expected) {
        try asker.found(
          wanted, in: organisation, below: below, county: county, atLeast: strength, moment)
      }
    }
    let (ministry, clerk) = (OracleTests.id("ministry"), OracleTests.id("clerk"))
    hold("gap of ministry", place, ledger.gap(in: ministry, day)) {
      try asker.gap(.organisation(ministry), position: nil, moment)
    }
    for key in Ground.officers.map(OracleTests.id) {
      let person = ledger.survivor(key, day)
      let isKnown = ledger.facts.contains { $0.stream == StreamID(.officer, key) }
      guard isKnown else { continue }
      hold("gap of \(key.text)", place, ledger.gap(of: person, position: clerk, day)) {
        try asker.gap(.officer(key), position: clerk, moment)
      }
    }
    for key in Ground.cohorts.map(OracleTests.id) {
      hold("roll of \(key.text)", place, ledger.roll(key, day)) {
        try asker.roll(key, moment)
      }
    }
  }

  private mutating func askShared(
    _ ledger: Ledger, _ asker: Asker, _ moment: Moment, _ place: String
  ) {
    let day = moment.day
    for key in Ground.mandates.map(OracleTests.id) {
      hold("officers under \(key.text)", place, ledger.meant(key, day)) {
        try asker.meant(key, moment)
      }
      let below =
        author.random.isLucky(1, in: 2)
        ? OracleTests.id(author.random.one(of: Ground.organisations)) : nil
      let expected = ledger.compliance(key, below: below, day)
      hold("compliance with \(key.text) in \(below?.text ?? "all")", place, expected) {
        try asker.compliance(key, below: below, moment)
      }
    }
    for key in Ground.agreements.map(OracleTests.id) {
      hold("agreement \(key.text)", place, ledger.dashboard(key, day)) {
        try asker.dashboard(key, moment)
      }
    }
    let days = author.random.number(0...120)
    hold("expiring within \(days)", place, ledger.expiring(within: days, day)) {
      try asker.expiring(within: days, moment)
    }
    hold("exceptions", place, ledger.exceptions(day)) { try asker.exceptions(moment) }
  }
}
