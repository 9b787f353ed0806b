import Registry

/// What is odd about a row that can be recorded all the same.
package struct RowDoubt: Hashable, Sendable {
  package var code: String
  package var sentence: String
}

extension SheetKind {
  /// What is odd about a row.
  ///
  /// - Parameter registered: the name that the personnel number is registered to; nil: not known.
  package func doubts(
    about row: SheetRow, registered: String?, passMark: UInt32 = 0
  ) -> [RowDoubt] {
    var doubts: [RowDoubt] = []
    if let name = row["name"], let registered, !NameComparison.mayBeSame(name, registered) {
      doubts.append(
        RowDoubt(
          code: "other_name",
          sentence:
            "The personnel number \(row["personnel_no"] ?? "") is registered to another name "
            + "than \(name): is the number another's? `ujuzi person` shows whose it is."))
    }
    guard self == .completions, let result = row["result"],
      let said = try? TrainingOutcome(result)
    else { return doubts }
    let score = (try? row.score("score")) ?? nil
    let isAssessed = row["assessment"] != nil
    let settled = said.settled(score: score, passMark: passMark, isAssessed: isAssessed)
    if case .completed = settled {
    } else if let number = row["certificate_no"] {
      doubts.append(
        RowDoubt(
          code: "certificate_not_issued",
          sentence:
            "\(result), and the certificate \(number): it was not issued, since nothing was "
            + "completed. Mend the one or the other."))
    }
    if let score, score <= 100, case .completed = said {
      doubts.append(
        RowDoubt(
          code: "score_doubtful",
          sentence:
            "\(result) with a score of \(row["score"] ?? "") of 100: is it a fraction of one? "
            + "Then write it times 100."))
    }
    return doubts
  }
}
