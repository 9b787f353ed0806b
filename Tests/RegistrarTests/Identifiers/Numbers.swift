import Messages
import Projections
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Short ways to say who has which number from when.
enum Numbers {
  static func pn(_ value: String) -> SchemeValue { SchemeValue(scheme: id("pn"), value: value) }

  static func registered(
    _ officer: String, _ numbers: [String], _ on: String, corrects: Proposal? = nil
  ) -> Proposal {
    Fixture.proposal(
      "officer/" + officer, on, .officer(.registered(OfficerRegistered())),
      corrects: corrects?.eventID,
      personal: Personal(name: "Example \(officer)", identifiers: numbers.map(pn)))
  }

  static func added(
    _ officer: String, _ number: String, _ on: String, corrects: Proposal? = nil
  ) -> Proposal {
    Fixture.proposal(
      "officer/" + officer, on,
      .officer(.identifierAdded(OfficerIdentifierAdded(scheme: id("pn")))),
      corrects: corrects?.eventID, personal: Personal(identifiers: [pn(number)]))
  }

  /// The end of one number, or of all of the scheme.
  static func ended(
    _ officer: String, _ number: String?, _ on: String, corrects: Proposal? = nil
  ) -> Proposal {
    Fixture.proposal(
      "officer/" + officer, on,
      .officer(
        .identifierEnded(OfficerIdentifierEnded(scheme: id("pn"), valueOnly: number != nil))),
      corrects: corrects?.eventID, personal: number.map { Personal(identifiers: [pn($0)]) })
  }

  /// An officer's training, with the certificate that came of it: by these the doors are told apart
  /// through which a number may be asked.
  static func trained(_ officer: String) -> [Proposal] {
    let completed = Fixture.completed("e-" + officer, on: "2022-03-31")
    return [
      Fixture.enrolled("e-" + officer, officer), completed,
      Fixture.issued(
        "k-" + officer, to: officer, number: "K-" + officer, evidence: [completed.eventID]),
    ]
  }

  /// Everything but the officers.
  static var ground: [Proposal] { Fixture.ground.filter { $0.stream.kind != .officer } }
}

extension TestRegistry {
  func whose(
    _ number: String, on date: String? = nil, at position: UInt64? = nil
  ) throws -> String? {
    try onLoop(
      .resolveOfficer,
      ResolveOfficerRequest(
        identifier: Numbers.pn(number), on: date.map(day), atPosition: position),
      ResolveOfficerReply.self
    ).officer?.text
  }

  func person(
    _ number: String, on date: String? = nil, at position: UInt64? = nil
  ) throws -> FindPersonReply {
    try deferred(
      .findPerson,
      ResolveOfficerRequest(
        identifier: Numbers.pn(number), on: date.map(day), atPosition: position),
      FindPersonReply.self)
  }

  /// Asks whose a number is through every door that takes one, about the officers who were trained.
  func expect(
    _ number: String, on date: String, at position: UInt64? = nil, is officer: String?,
    of trained: [String], _ because: String
  ) throws {
    let what = "\(number) on \(date) at \(position.map(String.init) ?? "the end"): \(because)"
    let identifier = Numbers.pn(number)
    #expect(try whose(number, on: date, at: position) == officer, "resolve \(what)")
    let person = try person(number, on: date, at: position)
    #expect((person.officer == nil) == (officer == nil), "person \(what)")
    let profile = try onLoop(
      .getProfile,
      GetProfileRequest(who: .identifier(identifier), on: day(date), atPosition: position),
      GetProfileReply.self)
    #expect(profile.officer?.text == officer, "profile \(what)")
    // Nil where there is no such thing, which is no "no".
    func hasSkill(_ who: HasSkillRequest.Who) throws -> HasSkillReply? {
      do {
        return try onLoop(
          .hasSkill,
          HasSkillRequest(
            who: who, skill: Fixture.claimed, on: day(date), atPosition: position),
          HasSkillReply.self)
      } catch let status as CallStatus where status.code == .notFound {
        return nil
      }
    }
    let skill = try hasSkill(.identifier(identifier))
    let own = try officer.flatMap { try hasSkill(.officer(id($0))) }
    #expect(skill?.has == own?.has, "has-skill \(what)")
    #expect(skill?.evidence == own?.evidence, "has-skill \(what)")
    for holder in trained {
      let reply = try onLoop(
        .verifyCredential,
        VerifyCredentialRequest(
          which: .credential(id("k-" + holder)), holder: identifier, on: day(date),
          atPosition: position), VerifyCredentialReply.self)
      // Of what there is not yet, nobody says whose it is.
      guard let found = reply.holder?.text else { continue }
      #expect(reply.holderMatches == (found == officer ? .yes : .no), "verify \(what)")
    }
  }
}
