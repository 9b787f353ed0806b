import Testing

@testable import Registry

/// Categories of people: which may be said of whom in the clear, and which are parts of which.
@Suite struct CategoryTests {
  private static let established = Establishment.evolve(
    nil, by: .established(.own), .at(0, .registry, "KE"))

  private func decide(_ given: CategoryDefined, in state: Establishment?) throws -> Verdict {
    try Establishment.decide(
      .categoryDefined(given), .at(100, .registry, "KE"), in: state, given: TestContext.furnished)
  }

  /// Public servants, of whom civil servants and county staff, and women among all.
  private static let list = [
    CategoryDefined(code: "public", title: "Public servants"),
    CategoryDefined(code: "civil", title: "Civil servants", parent: "public"),
    CategoryDefined(code: "county", title: "County staff", parent: "public"),
    CategoryDefined(code: "women", title: "Women", personal: true),
    CategoryDefined(code: "youth", title: "Youth", personal: true),
    CategoryDefined(code: "civil-women", title: "Women", parent: "civil", personal: true),
  ]

  private func defined() throws -> Establishment {
    var state = Self.established
    for given in Self.list {
      #expect(try decide(given, in: state) == .record, "\(given.code)")
      state = Establishment.evolve(state, by: .categoryDefined(given), .at(9, .registry, "KE"))
    }
    return try #require(state)
  }

  private func context() throws -> TestContext {
    var context = TestContext.furnished
    context.put(.registry, "KE", .registry(try defined()))
    return context
  }

  @Test func `A code is one category, and what it is a part of is known`() throws {
    let state = try defined()
    #expect(try decide(Self.list[1], in: state) == .unchanged(since: 0))
    let changes: [(String, Rejection.Code, CategoryDefined)] = [
      ("code", .alreadyTaken, CategoryDefined(code: "civil", title: "Civilians")),
      ("parent", .notInStream, CategoryDefined(code: "x", title: "Interns", parent: "nowhere")),
      ("personal", .personalData, CategoryDefined(code: "x", title: "Interns", parent: "women")),
    ]
    for (field, code, given) in changes {
      let said = try rejection { try decide(given, in: state) }
      #expect((said.code, said.field) == (code, "registry.category_defined." + field))
    }
  }

  @Test(arguments: [
    ("women", "Beneficiaries"), ("x", "Women in service"), ("pwd", "Staff"), ("x", "Vijana"),
    ("youth-2024", "Interns"), ("x", "Persons with disabilities"),
  ])
  func `What plainly says something of a person is no category of the service`(
    code: String, title: String
  ) throws {
    var given = CategoryDefined(code: try #require(Identifier(code)), title: title)
    let said = try rejection { try decide(given, in: Self.established) }
    #expect((said.code, said.field) == (.personalData, "registry.category_defined.personal"))
    given.personal = true
    #expect(try decide(given, in: Self.established) == .record)
  }

  @Test func `A posting names a category of the service that there is, and none of the person`()
    throws
  {
    let context = try context()
    func decide(_ category: Identifier, _ event: (Posting) -> OfficerEvent) throws -> Verdict {
      let event = event(Posting(organisation: "ministry", category: category))
      let state =
        event.name == "registered"
        ? nil : Officer(status: event.name == "posted" ? .active : .separated, since: .test)
      return try Officer.decide(
        event, .at(100, .officer, "amina", on: 2024_06_01), in: state, given: context)
    }
    let events: [(Posting) -> OfficerEvent] = [
      { .registered(.init(posting: $0)) }, { .posted(.init(posting: $0)) },
      { .returned(.init(posting: $0)) },
    ]
    for event in events {
      #expect(try decide("civil", event) == .record)
      let missing = try rejection { try decide("civl", event) }
      #expect(missing.code == .noSuchReference)
      #expect(missing.sentence.contains("did you mean civil?"))
      let personal = try rejection { try decide("civil-women", event) }
      #expect(personal.code == .personalData)
      #expect(personal.field?.hasSuffix(".posting.category") == true)
    }
  }

  @Test func `A target's category is a part of the category of the target that it is a part of`()
    throws
  {
    let context = try context()
    var state = Agreement(status: .signed, since: .test, terms: .own, signedOn: 2023_01_01)
    state.targets = [
      TargetSet(
        target: "all", population: .publicEmployees, count: .exactly(20_000), category: "civil")
    ]
    func decide(_ category: Identifier) throws -> Verdict {
      try Agreement.decide(
        .targetSet(
          TargetSet(
            target: "part", population: .publicEmployees, count: .exactly(12_500), parent: "all",
            category: category)), .at(100, .agreement, on: 2024_06_01), in: state, given: context)
    }
    #expect(try decide("civil-women") == .record)
    let other = try rejection { try decide("county") }
    #expect((other.code, other.field) == (.inconsistent, "agreement.target_set.category"))
    #expect(try rejection { try decide("nowhere") }.code == .noSuchReference)
  }

  @Test
  func `Nobody is of two categories of the service, and somebody may be of two of the person`()
    throws
  {
    let categories = Categories(try defined())
    #expect(categories.wider("civil-women") == ["civil-women", "civil", "public"])
    #expect(categories.areApart("civil", "county"))
    #expect(categories.areApart("civil-women", "county"))
    for (one, other) in [
      ("civil", "public"), ("women", "youth"), ("women", "county"), ("civil-women", "civil"),
    ] as [(Identifier, Identifier)] {
      #expect(!categories.areApart(one, other), "\(one) \(other)")
      #expect(!categories.areApart(other, one), "\(other) \(one)")
    }
  }

  @Test func `A ring of categories that corrections made comes to an end`() throws {
    var state = try defined()
    state.categories.put(CategoryDefined(code: "public", title: "Public servants", parent: "civil"))
    #expect(Categories(state).wider("civil") == ["civil", "public"])
  }
}
