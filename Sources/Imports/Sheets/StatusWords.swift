import Registry

/// What a row of completions says became of somebody's training.
enum TrainingOutcome: Hashable {
  case completed(CompletionResult)
  /// Completed, as a platform says it: with what result follows from the score, as it does for
  /// statements.
  case bare
  case notCompleted, enrolled, withdrawn, dismissed

  /// In English, French and Swahili.
  ///
  /// - Throws: `Rejection` for a word that says none of these.
  init(_ text: String) throws(Rejection) {
    let key = ColumnNames.squeezed(text)
    guard let outcome = Self.words[key] else {
      throw Rejection(
        .malformed,
        Self.elsewhere[key].map { "\"\(text)\" is no result of a training: \($0)" }
          ?? "\"\(text.prefix(40))\" is no result: passed, merit, distinction, attended, completed, "
          + "failed, incomplete, enrolled, in progress, dropped or dismissed.",
        field: "result")
    }
    self = outcome
  }

  /// Whether it says that something ended, on a day.
  var needsDay: Bool { self != .enrolled }

  /// What "completed" comes to: as for statements, it is passed where the score reaches the course's
  /// mark or an assessment is named, and otherwise may rest on having been there alone.
  func settled(score: UInt32?, passMark: UInt32, isAssessed: Bool) -> TrainingOutcome {
    guard self == .bare else { return self }
    if passMark > 0, let score { return score >= passMark ? .completed(.passed) : .notCompleted }
    return .completed(isAssessed ? .passed : .attended)
  }

  private static let words: [String: TrainingOutcome] = {
    var table: [String: TrainingOutcome] = [:]
    for (outcome, words) in spelled {
      for word in words.split(separator: " ") { table[String(word)] = outcome }
    }
    return table
  }()

  private static let spelled: [(TrainingOutcome, String)] = [
    (.completed(.passed), "passed pass competent successful reussi reussie admis admise amefaulu"),
    (.completed(.merit), "merit credit"),
    (.completed(.distinction), "distinction"),
    (.completed(.attended), "attended attendance participated present amehudhuria alihudhuria"),
    (.bare, "completed complete finished done termine terminee acheve amekamilisha amemaliza"),
    (
      .notCompleted,
      "failed fail notcompleted incomplete absent notpassed notyetcompetent didnotfinish dnf "
        + "didnotcomplete echoue echec nontermine ameshindwa hajamaliza hakuhudhuria"
    ),
    (
      .enrolled,
      "enrolled inprogress notstarted registered started ongoing active pending encours inscrit "
        + "inscrite noncommence anaendelea amesajiliwa hajaanza"
    ),
    (.withdrawn, "withdrawn withdrew dropped droppedout dropout abandoned abandon amejitoa"),
    (.dismissed, "dismissed expelled exclu exclue amefukuzwa"),
  ]

  private static let elsewhere: [String: String] = {
    let credential =
      "it is said of a certificate, in a sheet of credentials (`ujuzi template credentials`) with "
      + "the columns status and revoked_on."
    let event = "record it as an event (`ujuzi record`), with the day from which it is so."
    return [
      "revoked": credential, "expired": credential, "cancelled": credential, "canceled": credential,
      "deferred": event, "postponed": event, "transferred": event, "suspended": event,
    ]
  }()
}

/// What a row of credentials says of a certificate today.
enum CredentialStanding {
  case issued, expired, suspended, revoked

  /// - Throws: `Rejection` for a word that says none of these.
  init(_ text: String) throws(Rejection) {
    switch ColumnNames.squeezed(text) {
    case "valid", "active", "issued", "current", "ok", "good", "valide", "valable", "halali":
      self = .issued
    case "expired", "lapsed", "expire", "perime", "umeisha": self = .expired
    case "suspended", "onhold", "suspendu", "kimesitishwa": self = .suspended
    case "revoked", "withdrawn", "cancelled", "canceled", "invalidated", "void", "revoque",
      "annule",
      "kimefutwa", "kimebatilishwa":
      self = .revoked
    default:
      throw Rejection(
        .malformed,
        "\"\(text.prefix(40))\" is no status of a certificate: valid, expired, suspended or revoked.",
        field: "status")
    }
  }
}
