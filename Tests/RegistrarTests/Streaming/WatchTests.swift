import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What a watcher is told, and why.
struct WatchTests {
  /// A registry with a completed training and a credential that rests on it.
  func ready() throws -> (TestRegistry, completed: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    return (registry, completed)
  }

  @Test func `Kinds are told event by event, with whose they are`() throws {
    let (registry, _) = try ready()
    var watcher = Watcher(registry, .kinds("credential", "enrolment"), from: .from(0))
    try watcher.read()
    #expect(
      watcher.lines == [
        "enrolment/e1 enrolled own a", "enrolment/e1 completed own a",
        "credential/k1 issued own a k1",
      ])
    #expect(watcher.cursors == ["9.0", "10.0", "11.0"])
    #expect(try registry.watched(.kinds()).count == 12)
    try registry.end()
  }

  @Test func `An officer's watcher is told of every stream that names the officer, and no other`()
    throws
  {
    let (registry, completed) = try ready()
    #expect(
      try registry.lines(.officers("a")) {
        try registry.given(
          Fixture.enrolled("e2", "b"), Fixture.organisation("mps"), Fixture.voided(completed),
          Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())))
      } == ["enrolment/e1 voided own a", "credential/k1 suspended own a k1"])
    #expect(
      try registry.lines(.officers("b", "a", "b")) {
        try registry.given(Fixture.restored(completed), Fixture.completed("e2", on: "2022-04-30"))
      } == ["enrolment/e1 restored own a", "enrolment/e2 completed own b"])
    try registry.end()
  }

  @Test func `A stream that passes to somebody else is told to both, each with an ordinal`() throws
  {
    let (registry, _) = try ready()
    let first = Fixture.enrolled("e7", "a", "c7")
    try registry.given(Fixture.cohort("c7"), first)
    var watcher = Watcher(registry, .officers("b", "a"), from: nil)
    try watcher.read()
    let at = try registry.size
    try registry.given(
      Fixture.proposal(
        "enrolment/e7", "2022-01-10",
        .enrolment(.enrolled(EnrolmentEnrolled(seat: Fixture.seat("b", "c7")))),
        corrects: first.eventID))
    try watcher.read()
    #expect(watcher.cursors == ["\(at).0", "\(at).1"])
    #expect(watcher.changes.map(\.officer) == [id("a"), id("b")])
    #expect(watcher.changes.map(\.corrects) == [first.eventID, first.eventID])
    // Between the two.
    var again = Watcher(
      registry, .officers("b", "a"), from: .after(ChangeCursor(position: at, ordinal: 0)))
    try again.read()
    #expect(again.cursors == ["\(at).1"])
    try registry.end()
  }

  @Test func `What a credential rests on is told to its watcher`() throws {
    let (registry, completed) = try ready()
    #expect(
      try registry.lines(.credentials("k1", "none")) {
        try registry.given(
          Fixture.voided(completed), Fixture.restored(completed),
          Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())))
      } == [
        "enrolment/e1 voided evidence a k1", "enrolment/e1 restored evidence a k1",
        "credential/k1 suspended own a k1",
      ])
    try registry.end()
  }

  @Test func `A centre's authorisation touches those who were trained there`() throws {
    let (registry, _) = try ready()
    let revoked = Fixture.proposal(
      "authorisation/heta", "2022-02-01", .authorisation(.revoked(AuthorisationRevoked())),
      source: true)
    let before = try registry.size
    try registry.given(revoked)
    #expect(
      try registry.lines(.officers("a", "b")) { try registry.given(Fixture.voided(revoked)) }
        == ["authorisation/heta voided authorisation a"])
    var credential = Watcher(registry, .credentials("k1"), from: .from(before))
    try credential.read()
    #expect(
      credential.lines == [
        "authorisation/heta revoked authorisation a k1",
        "authorisation/heta voided authorisation a k1",
      ])
    try registry.end()
  }

  @Test func `A watcher far behind gets pages of a bounded size, found by index or by a scan`()
    throws
  {
    let (registry, _) = try ready()
    let sessions = (0..<1200).map { at in
      Fixture.proposal(
        "enrolment/e1", "2022-02-10",
        .enrolment(.attended(EnrolmentAttended(session: id("s\(at)"), minutes: 60))))
    }
    let from = try registry.size
    #expect(try registry.record(sessions).allSatisfy { $0.position != nil })
    let others = (0..<998).map { id("o\($0)") } + [id("b"), id("a")]
    for what in [
      .officers("a"), .kinds("enrolment"), .credentials("k1"), .officers(WatchedIds(ids: others)),
    ] as [WatchRequest.What] {
      var watcher = Watcher(registry, what, from: .from(from))
      let pages = try watcher.read()
      #expect(pages.allSatisfy { $0.changes.count <= WatchQuery.pageChangesMax })
      #expect(watcher.changes.map(\.position) == (from..<from + 1200).map { $0 })
      #expect(watcher.changes.allSatisfy { $0.ordinal == 0 })
    }
    // Each of a thousand is looked at for what may touch anybody.
    #expect(
      try registry.lines(.officers(WatchedIds(ids: others))) {
        try registry.given(
          Fixture.proposal(
            "authorisation/heta", "2022-02-01", .authorisation(.revoked(AuthorisationRevoked())),
            source: true))
      } == ["authorisation/heta revoked authorisation a"])
    try registry.end()
  }

  @Test func `Policies and mandates are told once, of nobody in particular`() throws {
    let (registry, _) = try ready()
    let policy = Fixture.proposal(
      "registry/ke", "2023-01-01", .registry(.policyAdopted(PolicyAdopted(version: 2))),
      source: true)
    #expect(
      try registry.lines(.officers("a", "b")) {
        try registry.given(
          policy, Fixture.mandate("m1", course: "cloud-1"), Fixture.organisation("mps"))
      } == ["registry/ke policy_adopted policy", "mandate/m1 entered_into_force mandate"])
    #expect(
      try registry.lines(.credentials("k1")) { try registry.given(Fixture.voided(policy)) } == [])
    try registry.end()
  }

  @Test func `A merge is told to both, and then what is of the one is the other's too`() throws {
    let (registry, completed) = try ready()
    let merged = Fixture.merged("a", into: "b", on: "2022-09-01")
    #expect(
      try registry.lines(.officers("b")) {
        try registry.given(
          Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())), merged,
          Fixture.credential("k1", "2022-10-01", .reinstated(CredentialReinstated())),
          Fixture.voided(completed))
      } == [
        "officer/a merged_into merge b", "credential/k1 reinstated merged_record b k1",
        "enrolment/e1 voided merged_record b",
      ])
    #expect(
      try registry.lines(.credentials("k1")) {
        try registry.given(Fixture.unmerged("a", on: "2022-11-01"))
      } == ["officer/a merge_reversed merge a k1"])
    // Parted again: of what took effect since, nothing is told; what lies before may be of both.
    #expect(
      try registry.lines(.officers("b")) {
        try registry.given(
          Fixture.credential("k1", "2022-12-01", .suspended(CredentialSuspended())),
          Fixture.restored(completed))
      } == ["enrolment/e1 restored merged_record b"])
    try registry.end()
  }

  @Test func `A merge that was voided is none`() throws {
    let (registry, _) = try ready()
    let merged = Fixture.merged("a", into: "b", on: "2022-09-01")
    try registry.given(merged)
    #expect(
      try registry.lines(.officers("b")) {
        try registry.given(
          Fixture.voided(merged),
          Fixture.credential("k1", "2022-12-01", .suspended(CredentialSuspended())))
      } == ["officer/a voided merge b"])
    try registry.end()
  }

  @Test func `Nothing but ids, kinds and days is told`() throws {
    let (registry, _) = try ready()
    for change in try registry.watched(.kinds()) {
      #expect(!String(decoding: Codec.encode(change), as: UTF8.self).contains("Example"))
    }
    try registry.end()
  }

  @Test func `A filter over its limits, without anybody, or of an unknown kind is refused`() throws
  {
    let registry = try TestRegistry()
    func refusal(
      _ what: WatchRequest.What, from begin: WatchRequest.Begin? = nil
    ) -> CallStatus? {
      var watcher = Watcher(registry, what, from: begin)
      do {
        try watcher.read()
        return nil
      } catch {
        return CallStatus(of: error)
      }
    }
    let many = WatchedIds(ids: (0...1000).map { id("o\($0)") })
    for (status, field, rule) in [
      (refusal(.officers(many)), "officers.ids", "too_many"),
      (refusal(.credentials(many)), "credentials.ids", "too_many"),
      (refusal(.officers(WatchedIds())), "officers.ids", "missing"),
      (refusal(.kinds("officer", "person")), "kinds.kinds[1]", "stream_kind"),
    ] {
      #expect(status?.code == .invalidArgument && status?.field == field, "\(status as Any)")
      #expect(status?.rule == rule)
    }
    let ahead = refusal(.kinds(), from: .from(1))
    #expect(ahead?.code == .outOfRange && ahead?.rule == "log_end")
    #expect(refusal(.kinds(), from: .from(0)) == nil)
    try registry.end()
  }

  @Test func `The first page says where now is, and an empty one moves the cursor on`() throws {
    let (registry, _) = try ready()
    var watcher = Watcher(registry, .officers("b"), from: nil)
    let pages = try watcher.read()
    #expect(pages.map(\.readTo) == [12] && pages[0].changes.isEmpty)
    try registry.given(Fixture.organisation("mps"))
    #expect(try watcher.read().map(\.readTo) == [13])
    #expect(watcher.changes.isEmpty)
    try registry.end()
  }
}
