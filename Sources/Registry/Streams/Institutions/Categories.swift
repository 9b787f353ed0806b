/// The registry's code list of categories of people, and which of them are parts of which.
public struct Categories: Sendable {
  private let known: KeyedList<CategoryDefined>

  public init(_ establishment: Establishment?) {
    known = establishment?.categories ?? []
  }

  /// A category and all that it is a part of, the nearest first.
  public func wider(_ code: Identifier) -> [Identifier] {
    var found: [Identifier] = []
    var next: Identifier? = code
    // Corrections may have made a ring of them.
    while let current = next, !found.contains(current) {
      found.append(current)
      next = known[current]?.parent
    }
    return found
  }

  /// Whether a category is another, or has it as a part.
  public func includes(_ wide: Identifier, _ code: Identifier) -> Bool {
    wider(code).contains(wide)
  }

  /// Whether nobody is of both: of the service everybody has one category at a time, while a young
  /// woman is counted among the women and among the young.
  public func areApart(_ one: Identifier, _ other: Identifier) -> Bool {
    guard let first = ofService(one), let second = ofService(other) else { return false }
    return !includes(first, second) && !includes(second, first)
  }

  /// How wide a category is: all people, then those of the service from the widest on, which tell
  /// nobody twice, then those of the person.
  public struct Rank: Comparable, Sendable {
    private let isPersonal: Bool
    private let parts: Int

    fileprivate init(isPersonal: Bool, parts: Int) {
      (self.isPersonal, self.parts) = (isPersonal, parts)
    }

    public static func < (a: Rank, b: Rank) -> Bool {
      a.isPersonal == b.isPersonal ? a.parts < b.parts : b.isPersonal
    }
  }

  public func rank(of code: Identifier?) -> Rank {
    guard let code else { return Rank(isPersonal: false, parts: 0) }
    return Rank(isPersonal: known[code]?.personal ?? false, parts: wider(code).count)
  }

  /// The nearest category of the service that one is, or is a part of.
  private func ofService(_ code: Identifier) -> Identifier? {
    wider(code).first { known[$0]?.personal == false }
  }
}

extension Establishment {
  static func check(
    _ given: CategoryDefined, in state: Establishment
  ) throws(Rejection) -> Verdict {
    let field = "registry.category_defined"
    if let known = state.categories[given.code] {
      if known == given { return .unchanged(since: state.since.position) }
      throw Rejection(
        .alreadyTaken,
        "The registry has another category \(given.code.text), \"\(known.title)\": give this one a "
          + "code of its own, or correct the event that defined that one.", field: "\(field).code")
    }
    if let parent = given.parent {
      guard let wide = state.categories[parent] else {
        throw Rejection(
          .notInStream, "The registry has no category \(parent.text): define it first.",
          field: "\(field).parent")
      }
      guard !Categories(state).includes(given.code, parent) else {
        throw Rejection(
          .inconsistent, "The category \(given.code.text) would be a part of itself.",
          field: "\(field).parent")
      }
      guard given.personal || !wide.personal else {
        throw Rejection(
          .personalData,
          "The category \(parent.text) says something of the person, so each part of it does: give "
            + "`personal` true.", field: "\(field).personal")
      }
    }
    guard given.personal || !given.namesTrait else {
      throw Rejection(
        .personalData,
        "\"\(given.title)\" says something of the person and not of the service: give `personal` "
          + "true, so that people may be counted by it and no posting says it of anybody.",
        field: "\(field).personal")
    }
    return .record
  }
}

extension CategoryDefined {
  /// Words by which categories of the person are mostly named, in the languages of the registries
  /// that there are. It is no list of all: it catches what is plainly meant so.
  private static let traits: Set<Substring> = [
    "women", "woman", "female", "females", "male", "males", "girls", "boys", "gender", "sex",
    "youth", "youths", "young", "elderly", "age", "aged", "disability", "disabilities", "disabled",
    "pwd", "pwds", "plwd", "ethnic", "ethnicity", "tribe", "religion", "religious", "pregnant",
    "married", "widows", "widowers", "orphans", "wanawake", "wanaume", "vijana", "wazee",
    "walemavu", "femmes", "hommes", "jeunes", "handicap", "abagore", "abagabo", "urubyiruko",
  ]

  fileprivate var namesTrait: Bool {
    (code.text + " " + title).lowercased().split { !$0.isLetter }
      .contains { Self.traits.contains($0) }
  }
}

extension DecisionContext {
  /// The registry as known by the latest day.
  var establishment: Establishment? {
    registryStream.flatMap { state(of: $0, on: .distantFuture) }?.establishment
  }

  /// Rejects a category that the registry has not defined.
  func needCategory(_ code: Identifier?, _ field: String) throws(Rejection) {
    guard checksReferences, let code else { return }
    let known = establishment?.categories ?? []
    guard known[code] == nil else { return }
    let near = NearestNames.of(code.text, among: known.map(\.code.text))
    throw Rejection(
      .noSuchReference,
      "The registry has no category \(code.text)"
        + (near.isEmpty ? "" : " (did you mean \(near.joined(separator: ", "))?)")
        + ": define it first by `registry.category_defined`.", field: field)
  }

  /// The same of a posting, which stands in the clear for ever: nothing of a person is said there.
  func needCategory(of posting: Posting?, _ field: String) throws(Rejection) {
    guard checksReferences, let code = posting?.category else { return }
    try needCategory(code, "\(field).category")
    guard establishment?.categories[code]?.personal == true else { return }
    throw Rejection(
      .personalData,
      "The category \(code.text) says something of the person and not of the service: no posting "
        + "may say it, since postings stand in the clear. Leave it out; how many there are is told "
        + "by `agreement.aggregate_reported`.", field: "\(field).category")
  }
}
