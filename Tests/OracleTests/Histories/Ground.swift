import Registry

func id(_ text: String) -> Identifier {
  guard let id = Identifier(text) else { fatalError("no identifier: \(text)") }
  return id
}

func day(_ text: String) -> Day {
  guard let day = Day(text) else { fatalError("no day: \(text)") }
  return day
}

func stream(_ text: String) -> StreamID {
  guard let stream = StreamID(text) else { fatalError("no stream: \(text)") }
  return stream
}

func skill(_ framework: String, _ code: String, _ level: Int) -> SkillLevel {
  SkillLevel(framework: id(framework), skill: id(code), level: UInt32(level))
}

/// What the histories are about: a small service in which all that random events name exists.
enum Ground {
  static let officers = ["o1", "o2", "o3", "o4", "o5"]
  static let organisations = ["gov", "ministry", "unit", "agency"]
  static let centres = ["centre", "school"]
  static let courses = ["k1", "k2", "k3"]
  static let cohorts = ["c1", "c2", "c3", "c4"]
  static let programmes = ["p1", "p2"]
  static let agreements = ["a1", "a2"]
  static let mandates = ["m1", "m2", "m3"]
  static let instruments = ["i1"]
  static let skills = [
    ("f", "a"), ("f", "b"), ("f", "c"), ("g", "x"), ("g", "y"),
  ]
  static let numbers = ["11", "12", "13"]

  static func terms(_ course: String, _ centre: String, _ programme: String?) -> CohortTerms {
    CohortTerms(
      course: id(course), edition: 1, organisation: id(centre), programme: programme.map(id),
      starts: day("2022-01-05"), ends: day("2022-03-31"))
  }

  static func duties(
    _ steps: [RuleStep], _ courses: [String], posted: String?, joiners: UInt32?, any: Bool,
    deadline: String = "2022-08-31"
  ) -> MandateTerms {
    MandateTerms(
      title: "Example", population: PopulationRule(postedOn: posted.map(day), steps: steps),
      courses: courses.map(id), anyCourse: any, deadline: day(deadline), joinerDays: joiners)
  }

  static func agreed(_ key: String, until: String?) -> AgreementTerms {
    AgreementTerms(
      agreementKind: .mou, title: "Example \(key)", parties: [id("ministry"), id("centre")],
      obligations: [Obligation(code: id("report"), party: id("centre"))],
      validUntil: until.map(day))
  }

  /// In the order in which it is recorded.
  static func events(_ proposal: (String, String, Proposal.Body) -> Proposal) -> [Proposal] {
    var all: [Proposal] = [
      proposal(
        "registry/ke", "2020-01-01",
        .registry(
          .established(
            RegistryEstablished(
              jurisdiction: id("ke"), timeZone: "Africa/Nairobi", identifierSchemes: [id("pn")]))))
    ]
    for (key, parent) in [
      ("gov", nil), ("ministry", "gov"), ("unit", "ministry"), ("agency", "gov"),
      ("centre", nil), ("school", "gov"),
    ] {
      all.append(
        proposal(
          "organisation/" + key, "2020-01-01",
          .organisation(
            .registered(
              OrganisationRegistered(
                name: key, roles: [.ministry, .employer, .school], parent: parent.map(id))))))
    }
    for (key, codes) in [("f", ["a", "b", "c"]), ("g", ["x", "y"])] {
      all.append(
        proposal(
          "framework/" + key, "2020-01-01",
          .framework(
            .published(
              FrameworkPublished(
                title: key, version: "1",
                skills: codes.map { Skill(code: id($0), title: $0, levels: 3) })))))
    }
    for (key, passMark, track, outcomes) in [
      ("k1", 5000, .technical, [skill("f", "a", 1)]),
      ("k2", 0, .technical, [skill("f", "a", 2), skill("f", "b", 1)]),
      ("k3", 6000, .nonTechnical, [skill("g", "x", 2), skill("f", "c", 1)]),
    ] as [(String, UInt32, Track, [SkillLevel])] {
      all.append(
        proposal(
          "course/" + key, "2020-01-01",
          .course(
            .published(
              CoursePublished(
                edition: 1, title: key, track: track, level: 1, outcomes: outcomes,
                passMark: passMark)))))
    }
    all.append(
      proposal(
        "authorisation/first", "2020-01-01",
        .authorisation(
          .granted(
            AuthorisationGranted(
              organisation: id("centre"), scope: Scope(tracks: [.technical]),
              validFrom: day("2020-01-01"), validUntil: day("2022-10-31"))))))
    for key in programmes {
      all.append(
        proposal(
          "programme/" + key, "2021-01-01",
          .programme(
            .opened(
              ProgrammeOpened(
                terms: ProgrammeTerms(title: "Example \(key)", organisation: id("centre")))))))
    }
    for (key, course, centre, programme) in [
      ("c1", "k1", "centre", nil), ("c2", "k2", "centre", "p1"), ("c3", "k3", "school", "p2"),
      ("c4", "k1", "school", nil),
    ] {
      all.append(
        proposal(
          "cohort/" + key, "2022-01-01",
          .cohort(.planned(CohortPlanned(terms: terms(course, centre, programme))))))
    }
    all.append(
      proposal(
        "instrument/i1", "2021-01-01",
        .instrument(.issued(InstrumentIssued(instrumentKind: .directive, title: "Example i1")))))
    for (key, until) in [("a1", "2022-11-30"), ("a2", nil)] {
      all.append(
        proposal(
          "agreement/" + key, "2021-06-01",
          .agreement(.signed(AgreementSigned(terms: agreed(key, until: until))))))
    }
    for (key, terms) in [
      (
        "m1",
        duties(
          [.organisation(id("ministry"))], ["k1"], posted: "2022-02-01", joiners: 30, any: false)
      ),
      (
        "m2",
        duties([.everybody(true)], ["k1", "k2"], posted: nil, joiners: nil, any: true)
      ),
      (
        "m3",
        duties(
          [.organisation(id("gov")), .grade(id("j")), .negated(true), .allOf(2)], ["k1", "k3"],
          posted: "2022-02-01", joiners: nil, any: false)
      ),
    ] {
      all.append(
        proposal(
          "mandate/" + key, "2022-01-01",
          .mandate(.enteredIntoForce(MandateEnteredIntoForce(terms: terms)))))
    }
    return all
  }
}
