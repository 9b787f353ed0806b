import Messages
import Registry

/// An agreement's dashboard in words.
extension TextOutput {
  static func agreement(_ reply: GetAgreementReply) -> String? {
    guard let state = reply.state else { return nil }
    let terms = state.terms
    var lines = ["\(Output.plain(terms.title)) (\(reply.agreement?.text ?? "?"))"]
    lines.append(
      "kind     \(terms.agreementKind?.name ?? "?"), \(state.status.name) since "
        + state.since.day.text + (state.supersededBy.map { ", superseded by \($0.text)" } ?? ""))
    lines.append("valid    \(validity(terms, isExpired: reply.expired))")
    lines.append("parties  " + terms.parties.map(\.text).joined(separator: ", "))
    if state.signedOn != nil || !state.signatories.isEmpty {
      lines.append(
        "signed   " + (state.signedOn.map { "on \($0.text)" } ?? "on a day that is not known")
          + (state.signatories.isEmpty
            ? "" : " by " + state.signatories.map(Output.plain).joined(separator: "; ")))
    }
    if !terms.scope.isEmpty { lines.append("scope    \(Output.plain(terms.scope))") }
    if !terms.instruments.isEmpty {
      lines.append("aligned  " + terms.instruments.map(\.text).joined(separator: ", "))
    }
    let why = reply.whyNot.isEmpty ? "" : ": it \(reply.whyNot)"
    lines.append(
      "relied   " + (reply.mayBeReliedOn ? "on by others: yes" : "on by others: no\(why)"))
    if !terms.obligations.isEmpty { lines.append("obligations") }
    lines += terms.obligations.map { obligation($0, state) }
    lines.append("people   \(reply.people), completions \(reply.completions)")
    for line in reply.programmes {
      lines.append(
        "  \(line.programme.text)\(line.pilot ? " (pilot)" : ""): \(line.cohorts) cohorts, "
          + "\(line.enrolled) enrolled, \(line.people) people, \(line.completions) completions "
          + "(\(line.technical) technical, \(line.nonTechnical) non-technical), "
          + "\(line.awards) awards, \(line.organisations) organisations")
    }
    if !state.targets.isEmpty { lines.append("targets") }
    lines += reply.targets.map(target)
    if !state.targetClaims.isEmpty { lines.append("targets as claimed, side by side") }
    for claim in state.targetClaims {
      lines.append(
        said(
          claim.claim, claim.count, claim.population, claim.parent, claim.claimedBy, claim.scope,
          asOf: claim.asOf, state))
    }
    if !state.resultClaims.isEmpty { lines.append("results as claimed, side by side") }
    for claim in state.resultClaims {
      lines.append(
        said(
          claim.claim, claim.count, claim.population, claim.parent, claim.claimedBy, claim.scope,
          period: (claim.periodFrom, claim.periodUntil), asOf: claim.asOf, state))
    }
    for (at, finding) in state.reconciliations.enumerated() {
      lines.append(
        "finding \(at + 1), on \(finding.claims.map(\.text).joined(separator: ", ")): "
          + Output.plain(finding.finding))
    }
    for report in state.aggregates {
      lines.append(
        "also     \(count(report.people)) \(report.population.name), not registered ("
          + [
            report.report.text, report.category?.text,
            report.programme.map { "under \($0.text)" },
            report.asOf.map { "as of \($0.text)" },
            report.periodFrom.map { "from \($0.text)" },
            report.periodUntil.map { "until \($0.text)" },
          ].compactMap { $0 }.joined(separator: ", ") + ")")
    }
    return lines.joined(separator: "\n") + "\nas of \(reply.asOf) events"
  }

  private static func validity(_ terms: AgreementTerms, isExpired: Bool) -> String {
    let from = terms.validFrom.map { "from \($0.text)" } ?? "from its signature"
    guard let until = terms.validUntil else { return "\(from), without an end" }
    return "\(from) until \(until.text)"
      + (isExpired ? ", EXPIRED on \(until.adding(days: 1).text)" : "")
  }

  private static func obligation(_ given: Obligation, _ state: Agreement) -> String {
    var text = "  \(given.code.text)"
    if let party = given.party { text += " (\(party.text))" }
    if !given.text.isEmpty { text += ": \(Output.plain(given.text))" }
    if let due = given.due { text += ", due \(due.text)" }
    let isMissed = state.obligationsMissed.contains(given.code)
    return text
      + (state.obligationsMet.contains(given.code) ? ", met" : isMissed ? ", MISSED" : ", open")
  }

  private static func target(_ line: TargetLine) -> String {
    var text = "  \(line.target.target.text): \(count(line.target.count)) "
    text += line.target.population.name
    if let category = line.target.category { text += ", \(category.text)" }
    if let programme = line.target.programme { text += ", under \(programme.text)" }
    if let by = line.target.by { text += " by \(by.text)" }
    if let parent = line.target.parent { text += " (of \(parent.text))" }
    text += ": \(line.actual) so far"
    if line.reported > 0 {
      text += " and \(line.reported) as reported"
      if !line.otherReports.isEmpty {
        text +=
          " (\(line.countedReports.map(\.text).joined(separator: ", ")); not added: "
          + "\(line.otherReports.map(\.text).joined(separator: ", ")))"
      }
    }
    if let reached = line.reached { text += ", " + percent(UInt64(reached)) }
    return text
  }

  /// What a source says, of what scope and when, and which findings are about it.
  private static func said(
    _ claim: Identifier, _ number: Count, _ population: Population, _ parent: Identifier?,
    _ by: String, _ scope: String, period: (from: Day?, until: Day?) = (nil, nil), asOf: Day?,
    _ state: Agreement
  ) -> String {
    var text = "  \(claim.text): \(count(number)) \(population.name)"
    if let parent { text += " (of \(parent.text))" }
    text += ", says \(Output.plain(by))"
    if !scope.isEmpty { text += ": \(Output.plain(scope))" }
    switch (period.from, period.until) {
    case (let from?, let until?): text += ", \(from.text) to \(until.text)"
    case (let from?, nil): text += ", from \(from.text)"
    case (nil, let until?): text += ", until \(until.text)"
    case (nil, nil): break
    }
    if let asOf { text += ", as of \(asOf.text)" }
    let findings = state.reconciliations.indices.filter {
      state.reconciliations[$0].claims.contains(claim)
    }
    if !findings.isEmpty {
      text += " [finding " + findings.map { "\($0 + 1)" }.joined(separator: ", ") + "]"
    }
    return text
  }
}
