import Imports
import Messages
import Registry

/// CSV for a spreadsheet (RFC 4180).
///
/// A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return would be read as a
/// formula by a spreadsheet: it gets an apostrophe in front, as spreadsheets themselves write such
/// text. The numbers here are never negative. A program that needs every byte as it is asks for
/// `--json`.
enum CSVOutput {
  static func line(_ cells: [String?]) -> String {
    CSV.line(
      cells.map { cell in
        guard let cell, let first = cell.unicodeScalars.first else { return "" }
        return "=+-@\t\r".unicodeScalars.contains(first) ? "'" + cell : cell
      })
  }
}

/// A profile as lines of one table: a kind of line and what such a line has.
enum ProfileCSV {
  static let heads = [
    "line", "id", "name", "title", "status", "level", "strength", "since", "until", "organisation",
    "flags", "evidence", "policy_version", "officer", "as_of",
  ]

  private static func flags(_ flags: String?...) -> String {
    flags.compactMap(\.self).joined(separator: " ")
  }

  static func text(_ reply: GetProfileReply) -> String {
    var rows = [CSVOutput.line(heads)]
    func add(_ cells: [String?]) {
      rows.append(CSVOutput.line(cells + [reply.officer?.text, "\(reply.asOf)"]))
    }
    for line in reply.skills {
      add([
        "skill", "\(line.framework.text)/\(line.skill.text)", nil, line.title, line.holding.name,
        "\(line.level)", line.strength.name, line.since?.text, line.lapsedOn?.text, nil,
        flags(
          line.unrecognised ? "unrecognised" : nil, line.deprecated ? "deprecated" : nil,
          line.replacedBy.map { "replaced_by:\($0.text)" }),
        line.evidence.map(\.text).joined(separator: " "),
        "\(line.policyVersion)",
      ])
    }
    for line in reply.trainings {
      add([
        "training", line.enrolment.text, line.course?.text, line.title, line.status.name, nil, nil,
        (line.completion?.day ?? line.since)?.text, nil, line.organisation?.text,
        flags(
          line.unrecognised ? "unrecognised" : nil, line.belowPassMark ? "below_pass_mark" : nil),
        line.completion?.eventID.text, nil,
      ])
    }
    for line in reply.credentials {
      add([
        "credential", line.credential.text, line.number,
        line.courses.map(\.text).joined(separator: " "), line.status.name, nil, nil,
        line.awardedOn?.text, line.validUntil?.text, line.issuer?.text,
        line.evidenceWithdrawn ? "evidence_withdrawn" : nil, nil, nil,
      ])
    }
    for line in reply.submissions {
      add([
        "paper", line.submission.text, nil, line.title, line.status.name, nil, nil,
        line.since?.text, nil, line.issuer, nil, nil, nil,
      ])
    }
    for line in reply.claims {
      add([
        "claim", line.claim.text,
        line.skill.map { "\($0.framework.text)/\($0.skill.text)" }, nil, line.status.name,
        line.skill.map { "\($0.level)" }, nil, line.since?.text, nil, nil, nil, nil, nil,
      ])
    }
    return rows.joined(separator: "\n")
  }
}
